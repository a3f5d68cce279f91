//! What can be no condition is refused by its name, and never passed over: a forgotten value must not list everyone.

use crate::app::{App, code, send};
use crate::bench::Bench;
use holdergraph::domain::ids::OrganizationId;
use serde_json::{Value, json};
use uuid::Uuid;

const HOLDERS: [&str; 7] = ["ids", "externalId", "document", "type", "metadata", "createdAt", "state"];
const ALIASES: [&str; 14] = [
    "ids",
    "holderId",
    "ledgerId",
    "accountId",
    "document",
    "bankingDetailsBranch",
    "bankingDetailsAccount",
    "bankingDetailsIban",
    "participantDocument",
    "relatedParty",
    "linkStatus",
    "metadata",
    "createdAt",
    "state",
];

/// The three places of a filter: its type, and a document that lists with it.
fn lists(filter: &str) -> [(&'static str, String); 3] {
    let alias = format!("aliasAccounts(filter: {filter}) {{ totalCount }}");
    [
        ("HolderFilter", format!("holders(filter: {filter}) {{ totalCount }}")),
        ("AliasAccountFilter", alias.clone()),
        ("AliasAccountFilter", format!("holders {{ nodes {{ {alias} }} }}")),
    ]
}

fn fields_of(kind: &str) -> &'static [&'static str] {
    if kind == "HolderFilter" { &HOLDERS } else { &ALIASES }
}

/// Refused while executing, with a message that has this word, and without data of the list.
fn refused(answer: &Value, word: &str) {
    assert_eq!(code(answer), "BAD_USER_INPUT", "{answer}");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.split(|c: char| !c.is_alphanumeric() && c != '.').any(|told| told == word),
        "{word}: {message}"
    );
    assert!(!answer["data"].to_string().contains("totalCount"), "{answer}");
}

#[tokio::test]
async fn a_null_condition_is_refused_by_its_name_as_a_literal_and_as_a_variable() {
    let bench = Bench::new();
    let organization = OrganizationId(Uuid::now_v7());
    let holder = json!({"type": "LEGAL_PERSON", "name": "A", "document": "A1"});
    bench.mutate(organization, "createHolder", "holder { id }", holder).await;
    for (kind, list) in lists("$filter") {
        for name in fields_of(kind) {
            let word = format!("filter.{name}");
            let literal = list.replace("$filter", &format!("{{ {name}: null }}"));
            refused(&bench.answer(organization, &format!("{{ {literal} }}"), json!({})).await, &word);
            let query = format!("query($filter: {kind}) {{ {list} }}");
            let variables = json!({"filter": {*name: null}});
            refused(&bench.answer(organization, &query, variables).await, &word);
        }
        let literal = list.replace("$filter", "null");
        refused(&bench.answer(organization, &format!("{{ {literal} }}"), json!({})).await, "filter");
        let query = format!("query($filter: {kind}) {{ {list} }}");
        refused(&bench.answer(organization, &query, json!({"filter": null})).await, "filter");
    }
}

#[tokio::test]
async fn what_is_blank_empty_too_long_or_twofold_is_no_condition() {
    let bench = Bench::new();
    let organization = OrganizationId(Uuid::now_v7());
    let holder = json!({"type": "LEGAL_PERSON", "name": "A", "document": "A1"});
    bench.mutate(organization, "createHolder", "holder { id }", holder).await;
    let ids: Vec<String> = (0..101).map(|_| Uuid::now_v7().to_string()).collect();
    let entry = |values: Value| {
        let mut entry = json!({"key": "k"});
        entry.as_object_mut().unwrap().extend(values.as_object().unwrap().clone());
        json!([entry])
    };
    let mut cases = vec![
        ("ids", json!(ids), "filter.ids"),
        ("ids", json!([ids[0], "7"]), "filter.ids.1"),
        ("ids", json!([ids[0].replace('-', "")]), "filter.ids.0"),
        ("holderId", json!("7"), "filter.holderId"),
        ("metadata", json!([]), "filter.metadata"),
        ("metadata", entry(json!({})), "filter.metadata.0"),
        ("metadata", entry(json!({"string": "a", "number": 1})), "filter.metadata.0"),
        ("metadata", entry(json!({"number": 1, "boolean": true})), "filter.metadata.0"),
        ("metadata", entry(json!({"string": null})), "filter.metadata.0.string"),
        ("metadata", entry(json!({"string": "a", "boolean": null})), "filter.metadata.0.boolean"),
        ("metadata", entry(json!({"number": null})), "filter.metadata.0.number"),
        ("metadata", entry(json!({"string": " "})), "filter.metadata.0.string"),
        ("metadata", json!([{"key": " ", "string": "a"}]), "filter.metadata.0.key"),
        ("metadata", json!(vec![json!({"key": "k", "string": "a"}); 101]), "filter.metadata"),
        ("createdAt", json!({}), "filter.createdAt"),
        ("createdAt", json!({"from": null}), "filter.createdAt.from"),
        ("createdAt", json!({"from": "2026-11-23T00:00:00Z", "to": null}), "filter.createdAt.to"),
        ("relatedParty", json!({}), "filter.relatedParty"),
        ("relatedParty", json!({"role": null}), "filter.relatedParty.role"),
        ("relatedParty", json!({"role": "PRIMARY_HOLDER", "document": null}), "filter.relatedParty.document"),
        ("relatedParty", json!({"role": "PRIMARY_HOLDER", "document": " "}), "filter.relatedParty.document"),
        ("relatedParty", json!({"document": "-/-"}), "filter.relatedParty.document"),
        ("relatedParty", json!({"document": "9".repeat(65)}), "filter.relatedParty.document"),
        ("externalId", json!("x".repeat(257)), "filter.externalId"),
    ];
    let texts = [
        "externalId",
        "document",
        "bankingDetailsBranch",
        "bankingDetailsAccount",
        "bankingDetailsIban",
        "participantDocument",
    ];
    for (name, word) in texts.map(|name| (name, format!("filter.{name}").leak())) {
        cases.extend(["", " ", "\u{a0}\u{3000}"].map(|blank| (name, json!(blank), &*word)));
        if !["externalId", "bankingDetailsBranch"].contains(&name) {
            cases.extend(["-./", "🦀", "\u{200b}"].map(|nothing| (name, json!(nothing), &*word)));
        }
    }
    for (kind, list) in lists("$filter") {
        let query = format!("query($filter: {kind}) {{ {list} }}");
        for (name, value, word) in cases.iter().filter(|(name, ..)| fields_of(kind).contains(name)) {
            let answer = bench.answer(organization, &query, json!({"filter": {*name: value}})).await;
            refused(&answer, word);
        }
    }
}

#[tokio::test]
async fn over_http_a_variable_left_out_of_a_filter_and_an_unknown_field_run_nothing() {
    let app = App::sandbox();
    app.holder().await;
    for (kind, list) in lists("$filter") {
        let left_out = send(app.request(&format!("query($filter: {kind}) {{ {list} }}"), json!({}))).await;
        assert_eq!((left_out.status, left_out.code()), (400, "BAD_USER_INPUT"), "{list} {}", left_out.body);
        assert!(
            left_out.body["errors"][0]["message"].as_str().unwrap().contains("$filter"),
            "{}",
            left_out.body
        );
        assert_eq!(left_out.body["data"], Value::Null);
        let inside = list.replace("$filter", "{document: $document}");
        let query = format!("query($document: String) {{ {inside} }}");
        let left_out = send(app.request(&query, json!({}))).await;
        assert_eq!((left_out.status, left_out.code()), (400, "BAD_USER_INPUT"), "{}", left_out.body);
        let null = app.ask(&query, json!({"document": null})).await;
        refused(&null, "filter.document");
        // Neither in a literal nor in a variable does an unknown condition pass.
        let unknown = list.replace("$filter", "{nameContains: \"a\"}");
        let answer = send(app.request(&format!("{{ {unknown} }}"), json!({}))).await;
        assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{}", answer.body);
        let query = format!("query($filter: {kind}!) {{ {list} }}");
        let answer = send(app.request(&query, json!({"filter": {"nameContains": "a"}}))).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.body);
        // By its place, not by its name: what stands where a name should may be somebody's.
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("$filter has a field whose name is not shown"), "{message}");
        assert!(!message.contains("nameContains"), "{message}");
        // A default is a value, and a filter that is given lists.
        let default = list.replace("$filter", "$given");
        let query = format!("query($given: {kind} = {{ids: []}}) {{ {default} }}");
        assert_eq!(app.ask(&query, json!({})).await["errors"], Value::Null);
    }
}
