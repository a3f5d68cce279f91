//! A small request gets no huge answer: texts that are answered many times over, and errors, are counted.

use super::super::app::{App, new_holder};
use super::posted;
use serde_json::{Map, Value, json};

const MIB: usize = 1024 * 1024;
const CREATE: &str = "mutation Create($input: CreateHolderInput!) {
    createHolder(input: $input) { holder { id metadata } userErrors { code } } }";

/// A holder with as much metadata as one may have, 200 kB, and its metadata.
async fn heavy(app: &App) -> (String, Value) {
    let text = "x".repeat(2_000);
    let metadata: Map<String, Value> = (0..100).map(|i| (format!("k{i}"), json!(text))).collect();
    let mut input = new_holder();
    input["metadata"] = json!(metadata);
    let made = app.ask(CREATE, json!({"input": input})).await["data"]["createHolder"].clone();
    assert_eq!(made["holder"]["metadata"], json!(metadata), "{}", made["userErrors"]);
    (made["holder"]["id"].as_str().unwrap().to_owned(), json!(metadata))
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
}

/// The metadata of one holder, as many times as there are ids and names for it.
fn repeated(id: &str, ids: usize, names: usize) -> Value {
    let fields: String = (0..names).map(|i| format!("a{i}: metadata ")).collect();
    let query = format!(
        "query Many($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Holder {{ {fields} }} }} again: nodes(ids: $ids) {{ id }} }}"
    );
    json!({"query": query, "variables": {"ids": vec![id; ids]}})
}

#[tokio::test]
async fn metadata_that_is_asked_for_many_times_over_is_answered_32_mib_of() {
    let app = App::sandbox();
    let (id, metadata) = heavy(&app).await;
    let few = posted(&app, &repeated(&id, 10, 10)).await.body;
    assert_eq!(few["errors"], Value::Null);
    assert_eq!(
        few["data"]["nodes"][9],
        json!(Map::from_iter((0..10).map(|i| (format!("a{i}"), metadata.clone()))))
    );
    let many = posted(&app, &repeated(&id, 100, 20)).await.body;
    let size = many.to_string().len();
    assert!(size < 33 * MIB, "{size}");
    let codes = codes(&many);
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == "QUERY_TOO_COMPLEX"), "{codes:?}");
    assert_eq!(many["errors"][0]["path"][0], "nodes");
    assert!(many["errors"][0]["locations"][0]["line"].is_u64(), "{}", many["errors"][0]);
    // Metadata is never null, so its holder is. All the rest is there.
    let nodes = many["data"]["nodes"].as_array().unwrap();
    assert!(nodes.len() == 100 && nodes[99].is_null());
    assert_eq!(many["data"]["again"], json!(vec![json!({"id": id}); 100]));
}

#[tokio::test]
async fn the_requests_of_a_batch_share_what_is_answered_of_long_texts() {
    let app = App::sandbox();
    let (id, _) = heavy(&app).await;
    let batch = |requests| json!(vec![repeated(&id, 5, 10); requests]);
    let within = posted(&app, &batch(3)).await.body;
    assert!(within.as_array().unwrap().iter().all(|one| one["errors"] == Value::Null));
    let over = posted(&app, &batch(8)).await.body;
    assert!(over.to_string().len() < 33 * MIB);
    let refused =
        over.as_array().unwrap().iter().filter(|one| codes(one).contains(&"QUERY_TOO_COMPLEX")).count();
    assert!((1..8).contains(&refused), "{refused}");
    for one in over.as_array().unwrap() {
        assert_eq!(one["data"]["again"], json!(vec![json!({"id": id}); 5]));
    }
}

#[tokio::test]
async fn faults_of_one_input_that_are_asked_for_many_times_over_are_answered_32_mib_of() {
    let app = App::sandbox();
    let messages: String = (0..190).map(|i| format!("a{i}: message ")).collect();
    let query = format!(
        "mutation Faulty($input: OnboardHolderInput!) {{ onboardHolder(input: $input) {{ userErrors {{ {messages} }} }} }}"
    );
    // 100 alias accounts, each with 30 keys that hold no value.
    let metadata: Map<String, Value> = (0..30).map(|i| (format!("k{i}"), json!([]))).collect();
    let account = |i: usize| json!({"ledgerId": app.ledger_id(), "accountId": app.account(i % 3), "metadata": metadata});
    let input = json!({"holder": new_holder(), "aliasAccounts": (0..100).map(account).collect::<Vec<_>>()});
    let answer = posted(&app, &json!({"query": query, "variables": {"input": input}})).await.body;
    assert!(answer.to_string().len() < 40 * MIB);
    assert_eq!(codes(&answer).first(), Some(&"QUERY_TOO_COMPLEX"), "{:?}", codes(&answer));
    assert_eq!(answer["data"], json!({"onboardHolder": null}));
    assert_eq!(app.stored(), (0, 0));
}

#[tokio::test]
async fn an_answer_carries_at_most_a_hundred_errors_and_a_message_at_most_twenty_faults() {
    let app = App::sandbox();
    for _ in 0..15 {
        app.holder().await;
    }
    let lists: String = (0..10)
        .map(|i| format!("l{i}: aliasAccounts(filter: {{ids: $ids}}) {{ nodes {{ id }} }} "))
        .collect();
    let query = format!("query Faulty($ids: [ID!]) {{ holders {{ nodes {{ id {lists} }} }} }}");
    let answer = posted(&app, &json!({"query": query, "variables": {"ids": vec![""; 100]}})).await.body;
    assert!(answer.to_string().len() < 300_000, "{}", answer.to_string().len());
    assert_eq!(codes(&answer), ["BAD_USER_INPUT"; 100]);
    let errors = answer["errors"].as_array().unwrap();
    let message = |at: usize| errors[at]["message"].as_str().unwrap();
    assert!(
        message(0).contains("filter.ids.19 ") && message(0).ends_with(" … and 80 more"),
        "{}",
        message(0)
    );
    assert!(!message(0).contains("filter.ids.20 "));
    assert!(message(99).starts_with("51 more errors are left out"), "{}", message(99));
    assert_eq!(errors[99].get("path"), None);
    assert!(errors[99]["extensions"]["requestId"].is_string());
    assert_eq!(answer["data"]["holders"]["nodes"].as_array().unwrap().len(), 15);
    let nulls = vec![json!({"key": "k", "string": null}); 100];
    let text = "query Nulls($m: [MetadataFilter!]) { holders(filter: {metadata: $m}) { nodes { id } } }";
    let answer = posted(&app, &json!({"query": text, "variables": {"m": nulls}})).await.body;
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("filter.metadata.19.string … and 80 more"), "{message}");
}
