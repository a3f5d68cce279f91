//! Every query and every filter, asked from another organization: null, or nothing.

use super::super::bench::Bench;
use super::super::calls::text;
use super::super::mutations::ids;
use super::{Inhabited, create_holder, inhabited, tenant};
use serde_json::{Value, json};

/// Each finds something where it is asked from the organization itself.
const QUERIES: &[&str] = &[
    "node(id: $holder) { id }",
    "node(id: $alias) { id }",
    "nodes(ids: [$holder, $alias, $holder]) { id }",
    "holder(id: $holder) { id aliasAccounts { nodes { id } } }",
    "holder(id: $deadHolder, state: DELETED) { id }",
    "holder(id: $deadHolder, state: ANY) { id aliasAccounts(filter: {state: ANY}) { nodes { id } } }",
    "holderByDocument(document: \"91315026015\") { id }",
    "aliasAccount(id: $alias) { id holder { id } }",
    "aliasAccount(id: $deadAlias, state: DELETED) { id }",
    "aliasAccount(id: $deadAlias, state: ANY) { id }",
    "aliasAccountByLedgerAccount(ledgerId: $ledger, accountId: $account) { id }",
    "aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: [$account]) { id }",
    "holders { nodes { id } edges { node { id } } }",
    "holders(last: 5, sort: UPDATED_AT, direction: DESC) { nodes { id } }",
    "holders(filter: {ids: [$holder, $deadHolder], state: ANY}) { nodes { id } }",
    "holders(filter: {externalId: \"crm-1\"}) { nodes { id } }",
    "holders(filter: {document: \"91315026015\"}) { nodes { id } }",
    "holders(filter: {type: LEGAL_PERSON}) { nodes { id } }",
    "holders(filter: {metadata: [{key: \"tier\", string: \"gold\"}]}) { nodes { id } }",
    "holders(filter: {createdAt: {from: \"2000-01-01T00:00:00Z\"}}) { nodes { id } }",
    "holders(filter: {state: DELETED}) { nodes { id } }",
    "aliasAccounts { nodes { id } }",
    "aliasAccounts(last: 5, sort: UPDATED_AT, direction: DESC) { nodes { id } }",
    "aliasAccounts(filter: {ids: [$alias, $deadAlias], state: ANY}) { nodes { id } }",
    "aliasAccounts(filter: {holderId: $holder}) { nodes { id } }",
    "aliasAccounts(filter: {ledgerId: $ledger}) { nodes { id } }",
    "aliasAccounts(filter: {accountId: $account}) { nodes { id } }",
    "aliasAccounts(filter: {document: \"91315026015\"}) { nodes { id } }",
    "aliasAccounts(filter: {bankingDetailsBranch: \"0001\"}) { nodes { id } }",
    "aliasAccounts(filter: {bankingDetailsAccount: \"123456\"}) { nodes { id } }",
    "aliasAccounts(filter: {bankingDetailsIban: \"GB82WEST12345698765432\"}) { nodes { id } }",
    "aliasAccounts(filter: {participantDocument: \"99888P\"}) { nodes { id } }",
    "aliasAccounts(filter: {relatedParty: {document: \"A1\"}}) { nodes { id } }",
    "aliasAccounts(filter: {relatedParty: {role: PRIMARY_HOLDER}}) { nodes { id } }",
    "aliasAccounts(filter: {relatedParty: {document: \"A1\", role: PRIMARY_HOLDER}}) { nodes { id } }",
    "aliasAccounts(filter: {linkStatus: VERIFIED}) { nodes { id } }",
    "aliasAccounts(filter: {metadata: [{key: \"tier\", string: \"gold\"}]}) { nodes { id } }",
    "aliasAccounts(filter: {createdAt: {from: \"2000-01-01T00:00:00Z\"}}) { nodes { id } }",
    "aliasAccounts(filter: {state: DELETED}) { nodes { id } }",
];

/// Nothing is in the audit trail before it is sealed: its isolation is proven with the trail, in `audit_entries`.
const ELSEWHERE: &str = "auditEntries";

fn variables(of: &Inhabited<'_>) -> Value {
    json!({"holder": of.holder, "alias": of.alias, "deadHolder": of.dead_holder, "deadAlias": of.dead_alias,
        "ledger": of.account["ledgerId"], "account": of.account["accountId"]})
}

/// The query with the variables that it uses.
fn document(query: &str) -> String {
    const TYPES: [(&str, &str); 6] = [
        ("$holder", "ID!"),
        ("$alias", "ID!"),
        ("$deadHolder", "ID!"),
        ("$deadAlias", "ID!"),
        ("$ledger", "UUID!"),
        ("$account", "UUID!"),
    ];
    let is_used = |name: &str| query.split(name).skip(1).any(|rest| !rest.starts_with(char::is_alphabetic));
    let used = TYPES.iter().filter(|(name, _)| is_used(name));
    let declared: Vec<String> = used.map(|(name, kind)| format!("{name}: {kind}")).collect();
    if declared.is_empty() {
        format!("{{ {query} }}")
    } else {
        format!("query({}) {{ {query} }}", declared.join(", "))
    }
}

#[tokio::test]
async fn no_query_and_no_filter_finds_what_another_organization_has() {
    let bench = Bench::new();
    let owner = inhabited(&bench).await;
    let stranger = tenant(&bench);
    for query in QUERIES {
        let document = document(query);
        let own = bench.ask(owner.tenant.organization, &document, variables(&owner)).await;
        assert_ne!(ids(&own), Vec::<String>::new(), "{query} finds something at home: {own}");
        let theirs = bench.ask(stranger.organization, &document, variables(&owner)).await;
        assert_eq!(ids(&theirs), Vec::<String>::new(), "{query}: {theirs}");
    }
    let counts =
        "{ holders(filter: {state: ANY}) { totalCount } aliasAccounts(filter: {state: ANY}) { totalCount } }";
    let counted = bench.ask(stranger.organization, counts, json!({})).await;
    assert_eq!(counted, json!({"holders": {"totalCount": 0}, "aliasAccounts": {"totalCount": 0}}));
}

#[tokio::test]
async fn the_table_of_queries_knows_every_query_and_every_filter() {
    let bench = Bench::new();
    let all = QUERIES.join("\n");
    let schema = "{ query: __type(name: \"Query\") { fields { name } }
        holders: __type(name: \"HolderFilter\") { inputFields { name } }
        aliasAccounts: __type(name: \"AliasAccountFilter\") { inputFields { name } } }";
    let schema = bench.ask(tenant(&bench).organization, schema, json!({})).await;
    for field in schema["query"]["fields"].as_array().unwrap() {
        let name = text(field, "/name");
        if name == ELSEWHERE {
            continue;
        }
        assert!(QUERIES.iter().any(|query| query.starts_with(&format!("{name}(")) || query.starts_with(&format!("{name} "))), "{name} is not in the table");
    }
    for list in ["holders", "aliasAccounts"] {
        for condition in schema[list]["inputFields"].as_array().unwrap() {
            let name = text(condition, "/name");
            let of_list = all.lines().filter(|query| query.starts_with(&format!("{list}(")));
            let known = of_list.filter(|query| {
                query.contains(&format!("{{{name}:")) || query.contains(&format!(", {name}:"))
            });
            assert!(known.count() > 0, "{list}: {name} is not in the table");
        }
    }
}

#[tokio::test]
async fn a_list_of_ids_of_both_organizations_shows_ones_own_at_their_places() {
    let bench = Bench::new();
    let (one, two) = (inhabited(&bench).await, inhabited(&bench).await);
    let query =
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } holders(filter: {ids: $ids}) { nodes { id } } }";
    let asked = json!({"ids": [two.holder, one.alias, one.holder, two.alias]});
    let read = bench.ask(two.tenant.organization, query, asked).await;
    let expected = json!([{"id": two.holder}, null, null, {"id": two.alias}]);
    assert_eq!((&read["nodes"], ids(&read["holders"])), (&expected, vec![two.holder.clone()]));
    // The holder of an alias account, and the alias accounts of a holder, are of its organization.
    let query = "query($id: ID!) { aliasAccount(id: $id) { holder { id aliasAccounts(filter: {state: ANY}) { nodes { id } } } } }";
    let read = bench.ask(one.tenant.organization, query, json!({"id": one.alias})).await;
    assert_eq!(
        ids(&read).into_iter().collect::<std::collections::BTreeSet<_>>(),
        [one.holder, one.alias].into()
    );
}

#[tokio::test]
async fn a_cursor_of_another_organization_is_refused() {
    let bench = Bench::new();
    let (one, two) = (inhabited(&bench).await, inhabited(&bench).await);
    for of in [&one, &two] {
        create_holder(of.tenant, "one more").await;
    }
    let nested = "holder(id: $id) { aliasAccounts(PAGE) { pageInfo { endCursor } nodes { id } } }";
    for list in [
        "holders(PAGE) { pageInfo { endCursor } nodes { id } }",
        "aliasAccounts(PAGE) { pageInfo { endCursor } nodes { id } }",
        nested,
    ] {
        let ask = async |of: &Inhabited<'_>, page: &str, cursor: &Value| {
            let declared = if list == nested { "$cursor: String, $id: ID!" } else { "$cursor: String" };
            let query = format!("query({declared}) {{ {} }}", list.replace("PAGE", page));
            bench.answer(of.tenant.organization, &query, json!({"cursor": cursor, "id": of.holder})).await
        };
        // The variable has to be used; null is the beginning of the list.
        let first = ask(&one, "first: 1, after: $cursor", &Value::Null).await;
        let cursor = first
            .pointer("/data/holders/pageInfo/endCursor")
            .or(first.pointer("/data/aliasAccounts/pageInfo/endCursor"))
            .or(first.pointer("/data/holder/aliasAccounts/pageInfo/endCursor"))
            .unwrap();
        assert!(cursor.is_string(), "{first}");
        for page in ["first: 1, after: $cursor", "last: 1, before: $cursor"] {
            let at_home = ask(&one, page, cursor).await;
            assert_eq!(at_home["errors"], Value::Null, "{page} {at_home}");
            let abroad = ask(&two, page, cursor).await;
            assert_eq!(text(&abroad, "/errors/0/extensions/code"), "BAD_USER_INPUT", "{page} {abroad}");
            assert_eq!(ids(&abroad), Vec::<String>::new(), "{abroad}");
        }
    }
}
