//! Which searches count: every one by a value that is sealed, and no other.

use super::{guarded, known, miss, refused_at, spend};
use crate::app::{App, fresh_document};
use crate::shape::schema;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Conditions by sealed values, none of which any record has.
fn sealed() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("holders", "document", json!("GHOST-1")),
        ("aliasAccounts", "document", json!("GHOST-1")),
        ("aliasAccounts", "bankingDetailsAccount", json!("GHOST-1")),
        ("aliasAccounts", "bankingDetailsIban", json!("GHOST-1")),
        ("aliasAccounts", "participantDocument", json!("GHOST-1")),
        ("aliasAccounts", "relatedParty", json!({"document": "GHOST-1"})),
        ("aliasAccounts", "relatedParty", json!({"document": "GHOST-1", "role": "PRIMARY_HOLDER"})),
    ]
}

/// Conditions by what stands in clear; none of them holds for any record either.
fn clear() -> Vec<(&'static str, &'static str, Value)> {
    let id = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    let (metadata, time) = (json!([{"key": "none", "string": "a"}]), json!({"to": "2020-01-01T00:00:00Z"}));
    vec![
        ("holders", "ids", json!([id])),
        ("holders", "externalId", json!("none")),
        ("holders", "type", json!("LEGAL_PERSON")),
        ("holders", "metadata", metadata.clone()),
        ("holders", "createdAt", time.clone()),
        ("holders", "state", json!("DELETED")),
        ("aliasAccounts", "ids", json!([id])),
        ("aliasAccounts", "holderId", json!(id)),
        ("aliasAccounts", "ledgerId", json!(id)),
        ("aliasAccounts", "accountId", json!(id)),
        ("aliasAccounts", "bankingDetailsBranch", json!("none")),
        ("aliasAccounts", "relatedParty", json!({"role": "PRIMARY_HOLDER"})),
        ("aliasAccounts", "linkStatus", json!("MISMATCH")),
        ("aliasAccounts", "metadata", metadata),
        ("aliasAccounts", "createdAt", time),
        ("aliasAccounts", "state", json!("DELETED")),
    ]
}

fn filter_of(field: &str) -> &'static str {
    if field == "holders" { "HolderFilter" } else { "AliasAccountFilter" }
}

/// The list with this condition, and whether the guard refused it.
async fn refuses(app: &App, field: &str, condition: &str, value: &Value) -> bool {
    let query = format!(
        "query L($filter: {}) {{ {field}(filter: $filter) {{ nodes {{ id }} totalCount }} }}",
        filter_of(field)
    );
    let answer = app.ask(&query, json!({"filter": {condition: value}})).await;
    let refused = !refused_at(&answer).is_empty();
    assert_eq!(answer["data"][field].is_null(), refused, "{answer}");
    assert!(refused || answer["data"][field]["nodes"] == json!([]), "{answer}");
    refused
}

#[test]
fn every_condition_of_the_schema_is_one_or_the_other() {
    for field in ["holders", "aliasAccounts"] {
        let listed: BTreeSet<&str> = sealed()
            .into_iter()
            .chain(clear())
            .filter(|(of, ..)| *of == field)
            .map(|(_, name, _)| name)
            .collect();
        let known = schema().get_input_object(filter_of(field)).unwrap().fields.keys();
        assert_eq!(listed, known.map(|name| name.as_str()).collect());
    }
}

#[tokio::test]
async fn each_search_by_a_sealed_value_that_finds_nobody_is_a_miss_and_is_refused_beyond_the_limit() {
    let searches = sealed();
    let app = guarded(&searches.len().to_string(), &[]);
    known(&app).await;
    for (field, condition, value) in &searches {
        assert!(!refuses(&app, field, condition, value).await, "{field} {condition}");
    }
    assert_eq!(refused_at(&miss(&app).await).len(), 1, "each of them was counted");
    for (field, condition, value) in &searches {
        assert!(refuses(&app, field, condition, value).await, "{field} {condition}");
    }
    for (field, condition, value) in clear() {
        assert!(!refuses(&app, field, condition, &value).await, "{field} {condition}");
    }
}

#[tokio::test]
async fn searches_by_what_stands_in_clear_are_no_misses() {
    let app = guarded("1", &[]);
    known(&app).await;
    for (field, condition, value) in clear() {
        assert!(!refuses(&app, field, condition, &value).await, "{field} {condition}");
    }
    spend(&app, 1).await;
}

#[tokio::test]
async fn look_ups_that_find_somebody_are_never_counted() {
    let app = guarded("1", &[]);
    let (holder, document) = known(&app).await;
    app.link(&holder, &app.account(0)).await;
    let fields: String = (0..10)
        .map(|index| {
            format!(
                "a{index}: holderByDocument(document: $document) {{ id }}
                 b{index}: holders(filter: {{document: $document}}) {{ totalCount }}
                 c{index}: aliasAccounts(filter: {{document: $document}}) {{ nodes {{ holder {{
                     aliasAccounts(filter: {{document: $document}}) {{ totalCount }} }} }} }} "
            )
        })
        .collect();
    let query = format!("query Hits($document: String!) {{ {fields} }}");
    let answer = app.ask(&query, json!({"document": document})).await;
    assert_eq!(answer["errors"], Value::Null);
    assert_eq!(answer["data"]["b9"]["totalCount"], json!(1));
    assert_eq!(answer["data"]["c9"]["nodes"][0]["holder"]["aliasAccounts"]["totalCount"], json!(1));
    spend(&app, 1).await;
}

/// The other oracle, docs/limits.md says why it is not guarded: who tries documents by creating holders writes each of
/// them into the store and the audit trail.
#[tokio::test]
async fn a_mutation_is_refused_nothing_by_the_guard() {
    let app = guarded("1", &[]);
    let (_, document) = known(&app).await;
    spend(&app, 1).await;
    assert_eq!(refused_at(&miss(&app).await).len(), 1);
    known(&app).await;
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": document});
    let answer = app.ask(crate::app::CREATE_HOLDER, json!({"input": input})).await;
    assert_eq!(answer["errors"], Value::Null);
    assert_eq!(answer["data"]["createHolder"]["userErrors"][0]["code"], json!("DOCUMENT_IN_USE"));
    // What stands below its payload is a look-up like any other.
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": fresh_document()});
    let query = "mutation C($input: CreateHolderInput!) { createHolder(input: $input) {
        holder { aliasAccounts(filter: {document: \"GHOST\"}) { totalCount } } } }";
    let answer = app.ask(query, json!({"input": input})).await;
    assert_eq!(refused_at(&answer), [json!(["createHolder", "holder", "aliasAccounts"])]);
}
