//! However many look-ups are put into one request, or sent at once: no more of them miss than may.

use super::{BY_DOCUMENT, guarded, known, miss, refused_at, spend};
use crate::app::{fresh_document, send};
use serde_json::{Value, json};

/// So many fields under aliases, each with a document that nobody has.
fn aliased(many: usize, field: impl Fn(String) -> String) -> String {
    (0..many).map(|index| format!("a{index}: {} ", field(fresh_document()))).collect()
}

#[tokio::test]
async fn aliases_of_one_document_miss_no_oftener_than_may_be() {
    let app = guarded("4", &[]);
    let by_document = aliased(20, |document| format!("holderByDocument(document: \"{document}\") {{ id }}"));
    let answer = app.ask(&format!("query A {{ {by_document} }}"), json!({})).await;
    assert_eq!(refused_at(&answer).len(), 16, "{answer}");
    let app = guarded("4", &[]);
    let lists = aliased(20, |document| {
        format!("aliasAccounts(filter: {{document: \"{document}\"}}) {{ totalCount totalCountExact }}")
    });
    let answer = app.ask(&format!("query A {{ {lists} }}"), json!({})).await;
    assert_eq!(refused_at(&answer).len(), 16, "{answer}");
}

#[tokio::test]
async fn the_same_document_asked_for_again_is_a_miss_again() {
    let app = guarded("3", &[]);
    let query = "query Again($document: String!) { a: holderByDocument(document: $document) { id }
        b: holderByDocument(document: $document) { id } c: holders(filter: {document: $document}) { totalCount }
        d: holders(filter: {document: $document}) { totalCount } }";
    let answer = app.ask(query, json!({"document": fresh_document()})).await;
    assert_eq!(refused_at(&answer).len(), 1, "{answer}");
}

#[tokio::test]
async fn a_batch_misses_no_oftener_than_may_be() {
    let app = guarded("4", &[]);
    let two = || aliased(2, |document| format!("holderByDocument(document: \"{document}\") {{ id }}"));
    let batch: Vec<Value> = (0..10).map(|_| json!({"query": format!("query B {{ {} }}", two())})).collect();
    let answer = send(app.request("", Value::Null).json(&batch)).await;
    assert_eq!(answer.status, 200);
    let answers = answer.body.as_array().unwrap();
    assert_eq!(answers.len(), 10);
    assert_eq!(answers.iter().map(|answer| refused_at(answer).len()).sum::<usize>(), 16);
}

#[tokio::test]
async fn requests_sent_at_once_miss_no_oftener_than_may_be() {
    let app = guarded("5", &[]);
    let requests = (0..40).map(|_| send(app.request(BY_DOCUMENT, json!({"document": fresh_document()}))));
    let answers = futures::future::join_all(requests).await;
    let missed = answers.iter().filter(|answer| answer.body["errors"] == Value::Null).count();
    assert_eq!(missed, 5);
    assert_eq!(answers.iter().map(|answer| refused_at(&answer.body).len()).sum::<usize>(), 35);
}

#[tokio::test]
async fn lists_below_records_miss_no_oftener_than_may_be() {
    let app = guarded("4", &[]);
    for _ in 0..3 {
        known(&app).await;
    }
    let lists = aliased(9, |document| {
        format!("aliasAccounts(filter: {{relatedParty: {{document: \"{document}\"}}}}) {{ totalCount }}")
    });
    let answer = app.ask(&format!("query N {{ holders {{ nodes {{ {lists} }} }} }}"), json!({})).await;
    // Each of nine documents is looked for at three holders at once: four misses, and five that are not looked for.
    let refused = refused_at(&answer);
    assert_eq!(refused.len(), 15, "{answer}");
    let nodes = answer["data"]["holders"]["nodes"].as_array().unwrap();
    for node in nodes {
        let missed = node.as_object().unwrap().values().filter(|list| list["totalCount"] == json!(0)).count();
        assert_eq!(missed, 4, "{node}");
    }
    assert_eq!(refused_at(&miss(&app).await).len(), 1);
}

#[tokio::test]
async fn lists_below_nodes_and_entities_miss_no_oftener_than_may_be() {
    let app = guarded("2", &[("FEDERATION_ENABLED", "true")]);
    let (holder, _) = known(&app).await;
    let list = |document: String| {
        format!("aliasAccounts(filter: {{bankingDetailsIban: \"{document}\"}}) {{ totalCount }}")
    };
    let query = format!(
        "query E($id: ID!, $of: [_Any!]!) {{
            node(id: $id) {{ ... on Holder {{ {} }} }}
            nodes(ids: [$id]) {{ ... on Holder {{ {} }} }}
            _entities(representations: $of) {{ ... on Holder {{ {} }} }} }}",
        list(fresh_document()),
        list(fresh_document()),
        list(fresh_document())
    );
    let of = json!([{"__typename": "Holder", "id": holder}]);
    let answer = app.ask(&query, json!({"id": holder, "of": of})).await;
    assert_eq!(refused_at(&answer).len(), 1, "{answer}");
}

#[tokio::test]
async fn a_page_behind_a_cursor_that_shows_nobody_is_a_miss() {
    let app = guarded("2", &[]);
    let (_, document) = known(&app).await;
    let query = "query P($document: String!, $after: String) {
        holders(filter: {document: $document}, after: $after) { nodes { id } totalCount pageInfo { endCursor } } }";
    let first = app.ask(query, json!({"document": document})).await;
    let cursor = &first["data"]["holders"]["pageInfo"]["endCursor"];
    assert!(cursor.is_string(), "{first}");
    for _ in 0..2 {
        let behind = app.ask(query, json!({"document": document, "after": cursor})).await;
        assert_eq!(behind["data"]["holders"]["nodes"], json!([]));
    }
    assert_eq!(refused_at(&miss(&app).await).len(), 1);
    // Nothing of a refused list is answered: neither its records nor how many there are.
    let refused = app.ask(query, json!({"document": document})).await;
    assert_eq!(refused["data"], json!({"holders": null}));
}

#[tokio::test]
async fn a_page_that_cannot_be_asked_for_is_no_look_up() {
    let app = guarded("1", &[]);
    for document in ["-./".to_owned(), "9".repeat(65)] {
        let answer = app.ask(BY_DOCUMENT, json!({"document": document})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], json!("BAD_USER_INPUT"));
    }
    let query = "query P { holders(filter: {document: \"GHOST\"}, first: 0) { totalCount } }";
    assert_eq!(app.ask(query, json!({})).await["errors"][0]["extensions"]["code"], json!("BAD_USER_INPUT"));
    spend(&app, 1).await;
}
