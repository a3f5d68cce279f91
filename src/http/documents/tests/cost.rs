//! What a document costs, and that it is bounded.

use super::*;

#[test]
fn an_ordinary_page_of_a_hundred_holders_with_alias_accounts_is_allowed() {
    let holder = "id organizationId externalId type name document documentMasked metadata version createdAt updatedAt deletedAt";
    let alias = "id organizationId ledgerId accountId document type metadata version createdAt updatedAt link { status }";
    let page = format!(
        "{{ holders(first: 100) {{ nodes {{ {holder} aliasAccounts(first: 20) {{ nodes {{ {alias} }} }} }} }} }}"
    );
    assert_eq!(cost(&page, json!({})), Ok(30_551));
    assert!(include_str!("../../../../docs/limits.md").contains("costs 30,551"));
}

#[test]
fn the_work_that_a_document_asks_for_is_bounded() {
    let nested = |first: &str| {
        let declared = if first == "$f" { "query($f: Int)" } else { "" };
        let page = |nodes: &str| format!("aliasAccounts(first: {first}) {{ nodes {{ {nodes} }} }}");
        let inner = page("id link { status }");
        format!("{declared} {{ holder(id: 1) {{ {} }} }}", page(&format!("holder {{ {inner} }}")))
    };
    let mutation =
        "createHolder(input: {type: LEGAL_PERSON, name: \"n\", document: \"1\"}) { userErrors { code } }";
    let mutations = |n: usize| {
        format!("mutation {{ {} }}", (0..n).map(|i| format!("m{i}: {mutation} ")).collect::<String>())
    };
    let spreads: String = (0..80).map(|i| format!("fragment g{i} on Holder {{ ...g{} }} ", i + 1)).collect();
    for (text, refused) in [
        (nested("50"), false),
        (nested("100"), true),
        (nested("100").replace("id link { status }", "id"), false),
        (mutations(20), false),
        (mutations(21), true),
        (format!("{{ holder(id: 1) {{ ...g0 }} }} {spreads} fragment g80 on Holder {{ id }}"), true),
        (format!("{{ holder(id: 1) {{ {} id {} }} }}", "... {".repeat(40), "}".repeat(40)), false),
    ] {
        let expected = if refused { vec!["QUERY_TOO_COMPLEX"] } else { Vec::new() };
        assert_eq!(codes(&text), expected, "{text}");
    }
}

#[test]
fn the_length_of_a_page_may_stand_in_a_variable() {
    let text = "query($f: Int) { holder(id: 1) { aliasAccounts(first: $f) { nodes { holder {
        aliasAccounts(first: $f) { nodes { id link { status } } } } } } } }";
    // A call and the holder; a call and `nodes`; each alias account, its `holder` and that holder; a call and
    // `nodes`; each alias account again, its `id`, `link` and `status`.
    let expected = |n: u64| (5 + 2) + (10 + 1) + n * (2 + 1 + 2 + (10 + 1) + n * (2 + 3));
    for n in [1, 10, 50] {
        assert_eq!(cost(text, json!({"f": n})), Ok(expected(n)));
    }
    assert_eq!(cost(text, json!({})), Ok(expected(20)));
    assert_eq!(cost(text, json!({"f": 100})), Err("QUERY_TOO_COMPLEX"));
    let ids = "query($i: [ID!]!) { nodes(ids: $i) { id } }";
    assert_eq!(cost(ids, json!({"i": [ID, ID]})), Ok(5 + 2 * (2 + 1)));
    assert_eq!(cost(ids, json!({"i": ID})), Ok(5 + (2 + 1)));
}

#[test]
fn the_worked_example_of_the_documentation_costs_what_it_says() {
    let page = include_str!("../../../../docs/limits.md");
    let (_, rest) = page.split_once("```graphql\n").unwrap();
    let (example, rest) = rest.split_once("```").unwrap();
    assert_eq!(cost(example, json!({"n": 10})), Ok(501));
    assert!(rest.contains("**501**"));
    let limits = Limits::default();
    for limit in [limits.depth, limits.aliases, limits.root_fields, limits.mutations, limits.directives] {
        assert!(page.contains(&format!("_MAX` | {limit} |")), "{limit}");
    }
}

#[test]
fn entities_cost_what_the_same_records_cost_as_nodes() {
    let documents = of_a_subgraph();
    let cost = |text: &str, values: Value| {
        let document = documents.prepare(text).map_err(|errors| format!("{errors:?}")).unwrap();
        let operation = document.operation(None).unwrap();
        documents.cost(&document, operation, values.as_object().unwrap()).unwrap().requested
    };
    let nodes = "query($i: [ID!]!) { nodes(ids: $i) { ... on Holder { id } } }";
    let entities = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Holder { id } } }";
    for count in [1, 100] {
        let nodes = cost(nodes, json!({"i": vec![ID; count]}));
        assert_eq!(nodes, 5 + count as u64 * (2 + 1));
        let representation = json!({"__typename": "Holder", "id": ID});
        assert_eq!(cost(entities, json!({"r": vec![representation; count]})), nodes);
    }
}

#[test]
fn a_document_is_weighed_by_what_it_holds() {
    let documents = documents();
    let weight = |text: &str| documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap().weight;
    let text = "a".repeat(3_000);
    let (long, wide) = (
        format!("{{ holder(id: \"{text}\") {{ id }} }}"),
        "{ holder(id: 1) { ".to_owned() + &"id ".repeat(1_000) + "} }",
    );
    assert!(weight(&wide) > 90 * wide.len() && weight(&long) < 10 * long.len());
}

#[test]
fn a_long_document_that_is_refused_is_not_remembered() {
    let documents = documents();
    for (spaces, remembered) in [(4_000, 1), (5_000, 0)] {
        let text = format!("{{ nothing{} }}", " ".repeat(spaces));
        assert!(documents.prepare(&text).is_err());
        documents.remembered.run_pending_tasks();
        assert_eq!(documents.remembered.iter().filter(|(known, _)| **known == text).count(), remembered);
    }
}
