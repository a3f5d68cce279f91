//! The search guard, as clients and operators see it. A limit of a few misses is reached at once; nothing here waits
//! until it eases (the registry's own tests do, by a clock of theirs).

mod evasions;
mod look_ups;
mod told;

use crate::app::{App, fresh_document};
use serde_json::{Value, json};

/// `serve` where so many look-ups a minute may find nobody, with these settings beside it.
fn guarded(limit: &str, more: &[(&str, &str)]) -> App {
    let upstreams = App::upstreams();
    let settings = [&[("LOOKUP_MISS_LIMIT", limit)], more].concat();
    let mut app = App::serve(&upstreams, &settings);
    app.upstreams = Some(Box::new(upstreams));
    app
}

const BY_DOCUMENT: &str =
    "query ByDocument($document: String!) { holderByDocument(document: $document) { id } }";

/// Looks a document up that nobody has.
async fn miss(app: &App) -> Value {
    app.ask(BY_DOCUMENT, json!({"document": fresh_document()})).await
}

/// Spends so many misses.
async fn spend(app: &App, misses: usize) {
    for _ in 0..misses {
        let answer = miss(app).await;
        assert_eq!(answer, json!({"data": {"holderByDocument": null}}));
    }
}

/// The places of an answer's errors, all of which are the guard's.
fn refused_at(answer: &Value) -> Vec<Value> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let guards = |error: &Value| {
        assert_eq!(error["extensions"]["code"], json!("RATE_LIMITED"), "{error}");
        error["path"].clone()
    };
    errors.iter().map(guards).collect()
}

/// A holder, and its document.
async fn known(app: &App) -> (String, String) {
    let document = fresh_document();
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": document});
    let answer = app.ask(crate::app::CREATE_HOLDER, json!({"input": input})).await;
    let id = answer["data"]["createHolder"]["holder"]["id"].as_str().unwrap_or_else(|| panic!("{answer}"));
    (id.to_owned(), document)
}
