use super::*;
use serde_json::json;

const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

fn documents() -> Documents {
    within(Limits::default())
}

fn within(limits: Limits) -> Documents {
    Documents::new(&crate::graphql::sdl(), limits).unwrap().with_introspection(true)
}

/// What one operation costs.
fn cost(text: &str, values: Value) -> Result<u64, &'static str> {
    let documents = documents();
    let document = documents.prepare(text).map_err(|errors| errors[0].code)?;
    let operation = document.operation(None).unwrap();
    let cost = documents.cost(&document, operation, values.as_object().unwrap());
    cost.map(|cost| cost.requested).map_err(|errors| errors[0].code)
}

fn codes(text: &str) -> Vec<&'static str> {
    match documents().prepare(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.code).collect(),
    }
}

fn variables(text: &str, values: Value) -> Vec<String> {
    let documents = documents();
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    let operation = document.operation(None).unwrap();
    let errors = documents
        .check_variables(&document, operation, values.as_object().unwrap(), 1_000)
        .err()
        .unwrap_or_default();
    errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn documents_are_validated_before_anything_runs() {
    let too_deep = format!("{{ holder(id: 1) {}", "{ aliasAccounts { nodes { holder ".repeat(8));
    let too_deep = format!("{too_deep} {{ id }} {}", "}".repeat(25));
    let fragments: String =
        (0..20).map(|i| format!("fragment f{i} on Holder {{ ...f{j} x: id ...f{j} }} ", j = i + 1)).collect();
    let laughs = format!("{{ holder(id: 1) {{ ...f0 }} }} {fragments} fragment f20 on Holder {{ id }}");
    for (text, expected) in [
        ("{ holder(id: \"x\") { id } }".to_owned(), None),
        ("{".to_owned(), Some("GRAPHQL_PARSE_FAILED")),
        (String::new(), Some("GRAPHQL_PARSE_FAILED")),
        ("{ nothing }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("{ holder { id } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("{ holder(id: 1) { a: id a: name } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("query($a: Int!) { holder(id: 1) { aliasAccounts(after: $a) { nodes { id } } } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        (
            format!("{{ aliasAccountByLedgerAccount(ledgerId: \"x\", accountId: \"{ID}\") {{ id }} }}"),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            format!("query($l: UUID! = 7) {{ aliasAccountByLedgerAccount(ledgerId: $l, accountId: \"{ID}\") {{ id }} }}"),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"a\", document: \"1\", naturalPerson: {birthDate: \"2023-02-29\"}}) { holder { id } } }".to_owned(),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"a\", document: \"1\", metadata: [1]}) { holder { id } } }".to_owned(),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (too_deep, Some("QUERY_TOO_COMPLEX")),
        (laughs, Some("QUERY_TOO_COMPLEX")),
    ] {
        assert_eq!(codes(&text).first().copied(), expected, "{text}");
    }
}

#[test]
fn the_introspection_query_of_graphiql_is_no_query_too_complex() {
    let text = "query { __schema { types { fields { args { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } }";
    assert_eq!(codes(text), Vec::<&str>::new());
    let documents = documents();
    let document = documents
        .prepare("{ __typename ...f } fragment f on Query { __schema { __typename } }")
        .ok()
        .unwrap();
    assert!(document.is_introspection(document.operation(None).unwrap()));
    let document = documents.prepare("{ __typename holder(id: 1) { id } }").ok().unwrap();
    assert!(!document.is_introspection(document.operation(None).unwrap()));
}

#[test]
fn every_fault_of_the_variables_is_told_with_its_place_and_without_its_value() {
    let text = "mutation($input: CreateHolderInput!, $alias: CreateAliasAccountInput!) {
        createHolder(input: $input) { holder { id } }
        createAliasAccount(input: $alias) { userErrors { field } }
    }";
    let told = variables(
        text,
        json!({
            "input": {
                "type": "CANARY", "name": 4711, "nickname": "CANARY", "metadata": "CANARY", "CANARY value": 1,
                "naturalPerson": {"birthDate": "CANARY"}, "addresses": "CANARY"
            },
            "alias": {"holderId": true, "ledgerId": "CANARY", "relatedParties": {"name": "a"}}
        }),
    );
    assert_eq!(
        told,
        [
            "$input has a field whose name is not shown, which CreateHolderInput has not",
            "$input has a field whose name is not shown, which CreateHolderInput has not",
            "$input.type must be one of NATURAL_PERSON, LEGAL_PERSON",
            "$input.name does not fit: a String is text",
            "$input.document is required: give a value of type String!",
            "$input.addresses must be an object of type AddressesInput",
            "$input.naturalPerson.birthDate does not fit: a Date is a day that exists, written as 2026-11-23",
            "$input.metadata does not fit: Metadata is a JSON object",
            "$2.holderId does not fit: an ID is text ($2: variable 2 of the operation)",
            "$2.ledgerId does not fit: a UUID is 36 characters with dashes ($2: variable 2 of the operation)",
            "$2.accountId is required: give a value of type UUID! ($2: variable 2 of the operation)",
            "$2.relatedParties.document is required: give a value of type String! ($2: variable 2 of the operation)",
            "$2.relatedParties.role is required: give a value of type RelatedPartyRole! ($2: variable 2 of the operation)",
            "$2.relatedParties.startDate is required: give a value of type Date! ($2: variable 2 of the operation)",
        ]
    );
}

#[test]
fn no_message_repeats_a_literal() {
    for text in [
        "{ holder(id: 1) { aliasAccounts(first: 91315026015) { nodes { id } } } }",
        "{ holder(id: 1) { aliasAccounts(first: \"91315026015\") { nodes { id } } } }",
        "{ holder(id: \"91315026015\" }",
        "{ holder(id: \"91315026015) }",
        "{ holderByDocument(document: 91315026015) { id } }",
        "{ aliasAccountByLedgerAccount(ledgerId: \"91315026015\", accountId: \"91315026015\") { id } }",
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert!(!format!("{errors:?}").contains("91315026015"), "{errors:?}");
    }
}

#[test]
fn no_message_repeats_a_name_that_the_schema_does_not_have() {
    for text in [
        "mutation { createHolder(input: {JohnSmith: \"x\"}) { holder { id } } }",
        "{ holder(id: \"x\", JohnSmith: 1) { id } }",
        "{ holder(id: \"x\") { JohnSmith } }",
        "{ holder(id: \"x\") { JohnSmith: id JohnSmith: name } }",
        "{ holder(id: $JohnSmith) { id } }",
        "query($JohnSmith: ID!) { holder(id: \"x\") { id } }",
        "query($JohnSmith: JohnSmith) { holder(id: $JohnSmith) { id } }",
        "query($JohnSmith: Int!) { holder(id: $JohnSmith) { id } }",
        "query($id: ID!, $JohnSmith: Int!, $JohnSmith: Int!) { holder(id: $id) { id @include(if: $JohnSmith) } }",
        "query JohnSmith { holder(id: 1) { id } } query JohnSmith { holder(id: 1) { id } }",
        "{ ...JohnSmith }",
        "{ holder(id: 1) { id } } fragment JohnSmith on Holder { id }",
        "{ holder(id: 1) { ...JohnSmith } } fragment JohnSmith on Holder { ...JohnSmith }",
        "{ holder(id: 1) { ...JohnSmith } } fragment JohnSmith on AliasAccount { id }",
        "{ holder(id: 1) { ...f } } fragment f on JohnSmith { id }",
        "{ holder(id: 1) @JohnSmith { id } }",
        "{ holders(sort: JohnSmith) { nodes { id } } }",
        "{ holder(id: JohnSmith) { id } }",
        "mutation { createHolder(input: JohnSmith) { holder { id } } }",
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert!(!errors.is_empty() && !format!("{errors:?}").contains("JohnSmith"), "{text}: {errors:?}");
        assert!(errors.iter().all(|error| error.location.is_some()), "{text}: {errors:?}");
    }
    let told = |text| documents().prepare(text).err().unwrap()[0].message.clone();
    assert_eq!(
        told("{ holder(id: \"x\", JohnSmith: 1) { id } }"),
        "the argument (a name that is not shown) is not supported by `Query.holder`"
    );
    let near = told("{ holder(id: 1) { nam } }");
    assert!(near.contains("`Holder`") && near.ends_with("did you mean `name`?"), "{near}");
    let text = "query($JohnSmith: ID!) { holder(id: $JohnSmith) { id } }";
    assert_eq!(
        variables(text, json!({})),
        ["$1 is required: give a value of type ID! ($1: variable 1 of the operation)"]
    );
    let text = "mutation($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } } }";
    let told = variables(text, json!({"input": {"JohnSmith": 1, "ledgerId": 1}}));
    assert!(!told.concat().contains("JohnSmith"));
    // Another type has it, so it is no value.
    assert!(
        told.contains(&"$input has a field ledgerId, which CreateHolderInput has not".to_owned()),
        "{told:?}"
    );
}

#[test]
fn an_ordinary_page_of_a_hundred_holders_with_alias_accounts_is_allowed() {
    let holder = "id organizationId externalId type name document documentMasked metadata version createdAt updatedAt deletedAt";
    let alias = "id organizationId ledgerId accountId document type metadata version createdAt updatedAt link { status }";
    let page = format!(
        "{{ holders(first: 100) {{ nodes {{ {holder} aliasAccounts(first: 20) {{ nodes {{ {alias} }} }} }} }} }}"
    );
    assert_eq!(cost(&page, json!({})), Ok(30_551));
    assert!(include_str!("../../../docs/limits.md").contains("costs 30,551"));
}

#[test]
fn what_would_fail_while_a_mutation_runs_is_found_before() {
    let holder = |more: &str| {
        format!(
            "createHolder(input: {{type: LEGAL_PERSON, name: \"n\", document: \"1\" {more}}}) {{ userErrors {{ code }} }}"
        )
    };
    for metadata in ["{k: $nope}", "{k: FOO}", "{k: 1, k: 2}", "{k: [{l: 1, l: 2}]}"] {
        let text = format!("mutation {{ {} }}", holder(&format!("metadata: {metadata}")));
        assert_eq!(codes(&text).first(), Some(&"GRAPHQL_VALIDATION_FAILED"), "{text}");
    }
    assert_eq!(codes(&format!("mutation {{ {} }}", holder("metadata: {k: 1, l: \"x\", m: true}"))), [""; 0]);
    assert_eq!(codes("{ holder(id: 123456789012345678901234567890) { id } }"), ["GRAPHQL_VALIDATION_FAILED"]);
    let told = variables("query($i: ID!) { holder(id: $i) { id } }", json!({"i": 18446744073709551615_u64}));
    assert_eq!(told, ["$1 does not fit: an ID is text ($1: variable 1 of the operation)"]);
    // A default makes a nullable variable fit a place that takes no null; a null given all the same does not.
    let text = "mutation($n: String = \"x\") { createHolder(input: {type: LEGAL_PERSON, name: $n, document: \"1\"}) { userErrors { code } } }";
    assert_eq!(
        variables(text, json!({"n": null})),
        ["$1 is null: give a value, or leave it out for its default ($1: variable 1 of the operation)"]
    );
    assert_eq!(variables(text, json!({})), [""; 0]);
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
fn variables_are_not_copied_into_thousands_of_arguments() {
    let documents = within(Limits { aliases: 500, root_fields: 500, ..Limits::default() });
    let fields: String =
        (0..500).map(|i| format!("a{i}: holderByDocument(document: $d) {{ id }} ")).collect();
    let document = documents.prepare(&format!("query($d: String!) {{ {fields} }}")).ok().unwrap();
    let operation = document.operation(None).unwrap();
    let values = json!({"d": "1"});
    let check = |bytes| documents.check_variables(&document, operation, values.as_object().unwrap(), bytes);
    assert_eq!(check(60_000), Ok(()));
    assert_eq!(check(900_000).unwrap_err()[0].code, "QUERY_TOO_COMPLEX");
}

/// Whether copying its arguments is refused, of the only operation of a document and without any variable's value.
fn copies_too_much(text: &str, request_bytes: usize) -> bool {
    let documents = documents();
    let document = documents.prepare(text).map_err(|errors| format!("{errors:?}")).unwrap();
    let checked =
        documents.check_variables(&document, document.operation(None).unwrap(), &Map::new(), request_bytes);
    checked.is_err_and(|errors| errors[0].code == "QUERY_TOO_COMPLEX" && errors[0].message.contains("copies"))
}

#[test]
fn a_long_literal_is_not_copied_for_each_record() {
    let of_each = |first: u32, arguments: &str| {
        format!(
            "{{ holders(first: {first}) {{ nodes {{ aliasAccounts(first: 1, {arguments}) {{ nodes {{ id }} }} }} }} }}"
        )
    };
    let (long, many) = ("x".repeat(900_000), "\"a\",".repeat(12_000));
    for arguments in [
        format!("after: \"{long}\""),
        format!("filter: {{bankingDetailsBranch: \"{long}\"}}"),
        format!("filter: {{metadata: {{key: \"k\", string: \"{long}\"}}}}"),
        format!("filter: {{ids: [{many}]}}"),
    ] {
        // A request that names its document by a hash is short.
        assert!(copies_too_much(&of_each(100, &arguments), 200), "{}", &arguments[..40]);
        assert!(!copies_too_much(&of_each(1, &arguments), 200), "{}", &arguments[..40]);
    }
    let usual =
        format!("after: \"{}\", filter: {{ids: [{}]}}", "x".repeat(55), format!("\"{ID}\"").repeat(100));
    assert!(!copies_too_much(&of_each(100, &usual), 200));
    let text = of_each(100, &format!("after: \"{long}\""));
    let spread = text.replace("aliasAccounts", "...f } } } fragment f on Holder { aliasAccounts");
    let spread = spread.strip_suffix("} }").unwrap();
    assert!(copies_too_much(spread, 200));
}

#[test]
fn a_long_alias_is_not_written_for_each_record() {
    let text = |length: usize| {
        let alias = "x".repeat(length);
        format!("{{ holders(first: 100) {{ nodes {{ ...f }} }} }} fragment f on Holder {{ {alias}: id }}")
    };
    assert_eq!(codes(&text(255)), [""; 0]);
    let errors = documents().prepare(&text(256)).err().unwrap();
    assert_eq!(errors[0].code, "QUERY_TOO_COMPLEX");
    assert!(errors[0].message.contains("an alias of 256 characters"), "{errors:?}");
}

#[test]
fn a_long_default_of_a_variable_is_not_copied_for_each_record() {
    let text = |first: u32, length: usize| {
        format!(
            "query($a: String = \"{}\") {{ holders(first: {first}) {{ nodes {{ aliasAccounts(first: 1, after: $a) {{
                nodes {{ id }} }} }} }} }}",
            "x".repeat(length)
        )
    };
    assert!(copies_too_much(&text(100, 900_000), 200));
    assert!(!copies_too_much(&text(1, 900_000), 200) && !copies_too_much(&text(100, 55), 200));
}

#[test]
fn a_variable_counts_wherever_it_stands_in_one_argument() {
    let text = format!("query($i: ID! = \"1\") {{ nodes(ids: [{}]) {{ id }} }}", "$i ".repeat(5_000));
    assert!(copies_too_much(&text, 900_000));
    assert!(!copies_too_much(&text, 10_000));
}

#[test]
fn no_more_faults_are_told_than_help_and_none_is_longer_than_a_line() {
    let text =
        "mutation($i: CreateAliasAccountInput!) { createAliasAccount(input: $i) { userErrors { code } } }";
    let told = variables(text, json!({"i": {"relatedParties": vec![json!({}); 50_000]}}));
    assert_eq!(told.len(), 20);
    let long = format!("{{ {} }}", "x".repeat(50_000));
    let errors = documents().prepare(&long).err().unwrap();
    assert!(errors.iter().all(|error| error.message.len() <= 300), "{}", errors[0].message.len());
}

/// What graphql-js asks, with every option on.
const QUESTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind }
        subscriptionType { name kind } types { ...FullType }
        directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
      fragment FullType on __Type { kind name description specifiedByURL
        fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
        inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
      fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
      fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[test]
fn what_is_answered_of_the_schema_costs_one_for_each_hundred() {
    let types = Schema::parse_and_validate(crate::graphql::sdl(), "schema").unwrap().types.len() as u64;
    // The field at the root, and `types` with the names of all.
    assert_eq!(cost("{ __schema { types { name } } }", json!({})), Ok(1 + (1 + types).div_ceil(100)));
    assert_eq!(cost("{ __schema { __typename } }", json!({})), Ok(1 + 1));
    assert_eq!(cost("{ __typename }", json!({})), Ok(1));
    let aliased: String =
        (0..3).map(|i| format!("a{i}: __schema {{ types {{ name description }} }} ")).collect();
    let text = format!("{{ ...f }} fragment f on Query {{ {aliased} }}");
    assert_eq!(cost(&text, json!({})), Ok(3 + (3 * (1 + 2 * types)).div_ceil(100)));
}

#[test]
fn the_usual_question_for_the_schema_fits_well_and_a_batch_of_many_does_not() {
    let limit = Limits::default().cost;
    let cost = cost(QUESTION, json!({})).unwrap();
    assert!(cost < limit / 2, "{cost}");
    // Of a batch, the sum is held against the same limit.
    assert!(10 * cost > limit, "{cost}");
}

#[test]
fn the_schema_is_not_asked_for_a_million_times() {
    let leaves: String = (0..400).map(|i| format!("a{i}: description ")).collect();
    let circle = "interfaces { possibleTypes { ".repeat(7);
    let bomb = format!(
        "{{ __type(name: \"Node\") {{ possibleTypes {{ {circle} fields {{ {leaves} }} {} }} }} }}",
        "} } ".repeat(7)
    );
    let errors =
        within(Limits { aliases: 5_000, depth: 60, ..Limits::default() }).prepare(&bomb).err().unwrap();
    assert!(errors[0].message.contains("the schema many times over"), "{errors:?}");
    let many: String =
        (0..600).map(|i| format!("a{i}: __schema {{ types {{ fields {{ name }} }} }} ")).collect();
    let errors = within(Limits { aliases: 5_000, root_fields: 5_000, ..Limits::default() })
        .prepare(&format!("{{ {many} }}"))
        .err()
        .unwrap();
    assert!(errors[0].message.contains("the schema many times over"), "{errors:?}");
    assert_eq!(codes(QUESTION), [""; 0]);
}

#[test]
fn a_field_given_twice_in_an_input_object_is_refused() {
    let text = "mutation { createHolder(input: {type: LEGAL_PERSON, name: \"a\", name: \"b\", document: \"1\"}) { userErrors { code } } }";
    assert_eq!(codes(text), ["GRAPHQL_VALIDATION_FAILED"]);
}

#[test]
fn what_does_not_parse_is_told_once_and_by_its_reason() {
    let message = |text: &str| {
        documents().prepare(text).err().unwrap().iter().map(|e| e.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(message(" \n"), ["the document is empty: write a query or a mutation"]);
    assert_eq!(message("{ holder(id: \"1) { id } }"), ["syntax error here"]);
    for (large, expected) in [
        (format!("{{ {} }}", "a ".repeat(20_000)), "more than 30000 tokens"),
        ("{ a ".repeat(100), "deeper than 64 levels"),
    ] {
        let told = message(&large);
        assert!(told.len() == 1 && told[0].contains(expected), "{told:?}");
    }
}

#[test]
fn a_variable_that_stands_in_a_filter_has_a_value() {
    let told = "$1 stands in a filter and has no value: give one, or leave the condition out ($1: variable 1 of the operation)";
    for document in [
        "query($d: String) { holders(filter: {document: $d}) { nodes { id } } }",
        "query($d: HolderFilter) { holders(filter: $d) { nodes { id } } }",
        "query($d: String!, $e: DateTime) { holders(filter: {createdAt: {from: $e}}, after: $d) { nodes { id } } }",
        "query($d: String) { holders { nodes { aliasAccounts(filter: {relatedParty: {document: $d}}) { nodes { id } } } } }",
        "query($d: [ID!]) { ...f } fragment f on Query { holders(filter: {ids: $d}) { nodes { id } } }",
    ] {
        let left_out = if document.contains("$e") { "2" } else { "1" };
        let told = told.replace('1', left_out);
        assert_eq!(
            variables(document, json!({"d": "x"}).clone()).contains(&told),
            left_out == "2",
            "{document}"
        );
        assert!(
            variables(document, json!({}))
                .iter()
                .any(|message| message.starts_with(&format!("${left_out} "))),
            "{document}"
        );
    }
    let defaulted = "query($d: String = \"1\") { holders(filter: {document: $d}) { nodes { id } } }";
    assert!(variables(defaulted, json!({})).is_empty());
    let elsewhere = "query($d: String) { holders(after: $d) { nodes { id } } }";
    assert!(variables(elsewhere, json!({})).is_empty());
}

#[test]
fn a_variable_left_out_gives_way_to_its_arguments_default() {
    let documents = documents();
    let text = "query($s: RecordState, $d: SortDirection, $o: HolderSort = UPDATED_AT, $n: Int) {
        holder(id: 1, state: $s) { id } holders(direction: $d, sort: $o, first: $n) { nodes { id } } }";
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    let operation = document.operation(None).unwrap();
    let complete = |values: Value| {
        let mut values = values.as_object().unwrap().clone();
        document.complete(operation, &mut values);
        Value::Object(values)
    };
    assert_eq!(complete(json!({})), json!({"s": "LIVE", "d": "ASC"}));
    assert_eq!(complete(json!({"s": "ANY"})), json!({"s": "ANY", "d": "ASC"}));
}

#[test]
fn two_operations_of_a_document_know_nothing_of_each_others_variables() {
    let documents = documents();
    let text = "query A($x: HolderSort) { holders(sort: $x) { nodes { id } } }
        query B($x: SortDirection, $d: String) { holders(direction: $x, after: $d) { nodes { id } } ...f }
        query C($d: String) { holders(filter: {document: $d}) { nodes { id } } ...f }
        fragment f on Query { __typename }";
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    for (name, completed, told) in
        [("A", json!({"x": "CREATED_AT"}), 0), ("B", json!({"x": "ASC"}), 0), ("C", json!({}), 1)]
    {
        let operation = document.operation(Some(name)).unwrap();
        let mut values = Map::new();
        let checked = documents.check_variables(&document, operation, &values, 1_000);
        assert_eq!(checked.err().map_or(0, |errors| errors.len()), told, "{name}");
        document.complete(operation, &mut values);
        assert_eq!(Value::Object(values), completed, "{name}");
    }
}

#[test]
fn a_long_name_of_a_variable_is_told_by_its_number() {
    let name = "x".repeat(5_000);
    let text = format!("query(${name}: [ID!]!) {{ nodes(ids: ${name}) {{ id }} }}");
    let told = variables(&text, json!({name: [null, "a", null]}));
    let expected =
        [0, 2].map(|i| format!("$1.{i} is null: give a value of type ID! ($1: variable 1 of the operation)"));
    assert_eq!(told, expected);
}

#[test]
fn without_introspection_the_schema_is_not_told_of() {
    let documents = documents().with_introspection(false);
    let refused = |text: &str| match documents.prepare(text) {
        Ok(_) => None,
        Err(errors) => Some(errors[0].clone()),
    };
    for text in [
        "{ __schema { types { name } } }",
        "{ holder(id: 1) { id } ... on Query { a: __type(name: \"Holder\") { name } } }",
        "{ ...f } fragment f on Query { __schema { __typename } }",
        "query A { __typename } query B { __schema { __typename } }",
    ] {
        let error = refused(text).unwrap();
        assert_eq!(error.code, "GRAPHQL_VALIDATION_FAILED");
        assert!(error.message.contains("schema.graphql") && error.message.contains("INTROSPECTION_ENABLED"));
        assert!(error.location.is_some());
    }
    assert_eq!(refused("{ __typename holder(id: 1) { __typename } }"), None);
    let unknown = refused("{ holdr(id: 1) { id } }").unwrap().message;
    assert!(!unknown.contains("did you mean"), "{unknown}");
}

#[test]
fn a_name_that_is_nearly_one_of_the_schema_is_suggested() {
    // A fragment of an unknown type is told twice: where it is spread there is no such fragment.
    let message = |text: &str| {
        let errors = documents().prepare(text).err().unwrap();
        errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("\n")
    };
    for (text, suggested) in [
        ("{ holdr(id: 1) { id } }", Some("holder")),
        ("{ holder(id: 1) { documentMaskd } }", Some("documentMasked")),
        ("{ holder(id: 1) { Name } }", Some("name")),
        ("{ node(id: 1) { idd } }", Some("id")),
        ("{ node(id: 1) { id ... on Holdr { id } } }", Some("Holder")),
        ("{ node(id: 1) { ...f } } fragment f on AliasAcount { id }", Some("AliasAccount")),
        ("query($s: RecordStat!) { holder(id: 1, state: $s) { id } }", Some("RecordState")),
        ("{ holder(id: 1, stat: LIVE) { id } }", Some("state")),
        ("{ holder(id: 1, state: LIV) { id } }", Some("LIVE")),
        ("{ holders(filter: {documnt: \"1\"}) { nodes { id } } }", Some("document")),
        ("{ holder(id: 1) { qwertyuiop } }", None),
        ("{ holder(id: 1) { x91315026015 } }", None),
    ] {
        let told = message(text);
        let expected = suggested.map(|name| format!(": did you mean `{name}`?"));
        match expected {
            Some(expected) => assert!(told.lines().any(|line| line.ends_with(&expected)), "{text}: {told}"),
            None => assert!(!told.contains("did you mean"), "{text}: {told}"),
        }
        assert!(!told.contains("91315026015"), "{told}");
    }
}

#[test]
fn a_variable_stands_only_where_its_type_may() {
    let create = |declared: &str, input: &str| {
        format!("mutation({declared}) {{ createHolder(input: {input}) {{ userErrors {{ code }} }} }}")
    };
    let rest = "type: LEGAL_PERSON, document: \"1\"";
    for (text, fits) in [
        (create("$n: String!", &format!("{{name: $n, {rest}}}")), true),
        (create("$n: String", &format!("{{name: $n, {rest}}}")), false),
        (create("$n: String = \"n\"", &format!("{{name: $n, {rest}}}")), true),
        (create("$n: String = null", &format!("{{name: $n, {rest}}}")), false),
        (create("$m: String", &format!("{{name: \"n\", metadata: {{a: $m, b: [$m]}}, {rest}}}")), true),
        (create("$m: String", &format!("{{name: \"n\", metadata: {{a: $other, b: $m}}, {rest}}}")), false),
        ("query($i: ID!) { nodes(ids: [$i]) { id } }".to_owned(), true),
        ("query($i: ID) { nodes(ids: [$i]) { id } }".to_owned(), false),
        ("query($i: [ID!]!) { nodes(ids: [$i]) { id } }".to_owned(), false),
        ("query($i: ID!) { holders(filter: {ids: $i}) { nodes { id } } }".to_owned(), false),
        ("query($b: Boolean = null) { __typename @skip(if: $b) }".to_owned(), false),
        ("query($b: Boolean = true) { __typename @skip(if: $b) }".to_owned(), true),
        (
            "query A($s: String!) { ...f } query B($s: String) { ...f }
             fragment f on Query { holders(filter: {metadata: {key: $s, string: \"v\"}}) { nodes { id } } }"
                .to_owned(),
            false,
        ),
    ] {
        let expected = if fits { Vec::new() } else { vec!["GRAPHQL_VALIDATION_FAILED"] };
        assert_eq!(codes(&text), expected, "{text}");
    }
}

#[test]
fn of_an_input_of_alternatives_exactly_one_is_given_and_never_null() {
    const SDL: &str = "directive @oneOf on INPUT_OBJECT
        input Which @oneOf { id: ID name: String }
        type Query { find(which: Which): String }";
    let documents = Documents::new(SDL, Limits::default()).unwrap();
    let verdict = |text: &str, values: Value| {
        let document = documents.prepare(text).map_err(|errors| errors[0].code)?;
        let operation = document.operation(None).unwrap();
        let checked = documents.check_variables(&document, operation, values.as_object().unwrap(), 100);
        checked.map_err(|errors| errors[0].code)
    };
    let invalid = Err("GRAPHQL_VALIDATION_FAILED");
    for (text, expected) in [
        ("{ find(which: {id: 1}) }", Ok(())),
        ("{ find(which: {id: 1, name: \"n\"}) }", invalid),
        ("{ find(which: {id: 1, name: null}) }", invalid),
        ("{ find(which: {id: null}) }", invalid),
        ("{ find(which: {}) }", invalid),
        ("query($i: ID) { find(which: {id: $i}) }", invalid),
        ("query($i: ID = 1) { find(which: {id: $i}) }", invalid),
    ] {
        assert_eq!(verdict(text, json!({})), expected, "{text}");
    }
    assert_eq!(verdict("query($i: ID!) { find(which: {id: $i}) }", json!({"i": 1})), Ok(()));
    let whole = "query($w: Which) { find(which: $w) }";
    for (value, fits) in [
        (json!({"id": 1}), true),
        (json!({"id": 1, "name": "n"}), false),
        (json!({"id": 1, "name": null}), false),
        (json!({"id": null}), false),
        (json!({}), false),
        (json!(null), true),
    ] {
        let expected = if fits { Ok(()) } else { Err("BAD_USER_INPUT") };
        assert_eq!(verdict(whole, json!({"w": value})), expected, "{value}");
    }
}

#[test]
fn the_worked_example_of_the_documentation_costs_what_it_says() {
    let page = include_str!("../../../docs/limits.md");
    let (_, rest) = page.split_once("```graphql\n").unwrap();
    let (example, rest) = rest.split_once("```").unwrap();
    assert_eq!(cost(example, json!({"n": 10})), Ok(501));
    assert!(rest.contains("**501**"));
    let limits = Limits::default();
    for limit in [limits.depth, limits.aliases, limits.root_fields, limits.mutations, limits.directives] {
        assert!(page.contains(&format!("_MAX` | {limit} |")), "{limit}");
    }
}

/// Documents of the service as a subgraph.
fn of_a_subgraph() -> Documents {
    let (_, sdl) = crate::graphql::subgraph().unwrap();
    Documents::new(&sdl, Limits::default()).unwrap()
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
fn a_variable_that_is_not_declared_is_told_alike_in_every_object_of_a_scalar() {
    let metadata = "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"n\", document: \"1\",
        metadata: {k: $unknown}}) { userErrors { code } } }";
    let representation =
        "{ _entities(representations: [{__typename: \"Holder\", id: $unknown}]) { __typename } }";
    for text in [metadata, representation] {
        let errors = of_a_subgraph().prepare(text).err().unwrap();
        let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            told,
            ["a variable in an object of a scalar that its operation does not declare"],
            "{text}"
        );
    }
}

#[test]
fn null_as_a_default_is_refused_where_null_may_not_stand() {
    let delete = "mutation($m: DeletionMode = null) { deleteHolder(input: {id: \"1\", mode: $m}) { userErrors { code } } }";
    let state = "query($s: RecordState = null) { holder(id: 1, state: $s) { id } }";
    for (text, name, good) in [(delete, "m", "HARD"), (state, "s", "ANY")] {
        assert_eq!(
            variables(text, json!({})),
            [
                "$1 has null as its default, and stands where null may not: give a value ($1: variable 1 of the operation)"
            ]
        );
        assert_eq!(variables(text, json!({name: null})).len(), 1, "{text}");
        assert_eq!(variables(text, json!({name: good})), Vec::<String>::new(), "{text}");
    }
    let text = "query($d: String = null) { holders(filter: {document: $d}) { totalCount } }";
    assert_eq!(variables(text, json!({})), Vec::<String>::new(), "null may stand there");
}

#[test]
fn texts_are_as_strict_as_the_specification() {
    for (text, at) in [
        ("{ holderByDocument(document: \"\\\n\") { id } }", (1, 31)),
        ("query \"x\" query { __typename }", (1, 7)),
        ("\"\\q\" query A { __typename }", (1, 2)),
        ("\"\\u{110000}\" query A { __typename }", (1, 2)),
        ("{ holderByDocument(document: \"\\u{000000041}\") { id } }", (1, 31)),
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert_eq!((errors[0].code, errors[0].location), ("GRAPHQL_PARSE_FAILED", Some(at)), "{text}");
    }
    let errors = documents().prepare("\"été\" query A { nothing }").err().unwrap();
    assert_eq!(
        errors[0].location,
        Some((1, 19)),
        "columns are bytes, and a description takes as many as before"
    );
    let long = format!("\"{}\" query A {{ __typename }}", "a".repeat(40_000));
    assert!(documents().prepare(&long).is_ok(), "a description is one token");
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
