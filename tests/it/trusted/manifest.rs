//! The three modes, and a manifest that changes.

use super::super::app::{App, CREATE_HOLDER, new_holder, send};
use super::super::tls::{counted, eventually};
use super::{Manifest, NAME, PAGE, VERSION, assert_refused, persisted, post, posted, sha256, trusting};
use serde_json::json;

const TAKEN: &str = r#"holdergraph_trusted_document_reloads_total{outcome="taken"}"#;
const REFUSED: &str = r#"holdergraph_trusted_document_reloads_total{outcome="refused"}"#;

#[tokio::test]
async fn enforce_runs_what_is_in_the_manifest_and_nothing_else() {
    let create = CREATE_HOLDER.replacen("mutation(", "mutation Create(", 1);
    let manifest = Manifest::new(&json!({ "create": create, "v-1": VERSION }));
    let app = trusting("enforce", &manifest);
    let made = posted(&app, &json!({"documentId": "create", "variables": {"input": new_holder()}})).await;
    let id =
        made.body["data"]["createHolder"]["holder"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.body));
    let variables = json!({"id": id});
    let prefixed = format!("sha256:{}", sha256(VERSION));
    for body in [
        json!({"documentId": "v-1", "variables": variables}),
        json!({"documentId": prefixed, "variables": variables, "operationName": "Version"}),
        json!({"query": VERSION, "variables": variables}),
        persisted(&sha256(VERSION), None, &variables),
    ] {
        let answer = posted(&app, &body).await;
        assert_eq!(answer.body, json!({"data": {"holder": {"id": id, "version": 1}}}), "{body}");
    }
    let changed = create.replace("Create", "Make");
    let refused = posted(&app, &json!({"query": changed, "variables": {"input": new_holder()}})).await;
    assert_refused(&refused, 400, "PERSISTED_QUERY_REQUIRED", "documentId");
    for text in [NAME, "{", "query Schema { __schema { types { name } } }"] {
        let answer = posted(&app, &json!({"query": text, "variables": variables})).await;
        assert_refused(&answer, 400, "PERSISTED_QUERY_REQUIRED", "documentId");
    }
    assert_eq!(app.stored(), (1, 0), "what was refused did nothing");
    let unknown = posted(&app, &json!({"documentId": "v-2"})).await;
    assert_refused(&unknown, 400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
    // A client of the older media type is told with 200, as of every document that cannot run.
    let mut older = post(&app, &json!({"documentId": "v-2"})).build().unwrap();
    older.headers_mut().insert("Accept", "application/json".parse().unwrap());
    let answer = app.client.execute(older).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(counted(&app, r#"holdergraph_untrusted_documents_total{outcome="refused"}"#).await, 4);
    assert_eq!(counted(&app, "holdergraph_trusted_documents").await, 2);
}

#[tokio::test]
async fn in_a_batch_each_document_is_judged_by_itself() {
    let manifest = Manifest::new(&json!({ "page": PAGE }));
    let app = trusting("enforce", &manifest);
    let batch = posted(
        &app,
        &json!([{"documentId": "page"}, {"query": NAME}, {"documentId": "nothing"}, {"query": PAGE}]),
    )
    .await;
    assert_eq!(batch.status, 200, "{}", batch.body);
    let total = json!({"data": {"holders": {"totalCount": 0}}});
    assert_eq!((&batch.body[0], &batch.body[3]), (&total, &total));
    assert_eq!(batch.body[1]["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_REQUIRED");
    assert_eq!(batch.body[2]["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn warn_runs_counts_and_logs_the_operations_name_and_never_the_text() {
    let manifest = Manifest::new(&json!({ "v": VERSION }));
    let app = trusting("warn", &manifest);
    let secret = "91315026015";
    let text = format!("query BySecret {{ holderByDocument(document: \"{secret}\") {{ id }} }}");
    for _ in 0..30 {
        let answer = posted(&app, &json!({"query": text})).await;
        assert_eq!(answer.body, json!({"data": {"holderByDocument": null}}));
    }
    // Neither is counted: one is trusted, the other no document.
    assert_eq!(posted(&app, &json!({"documentId": "v", "variables": {"id": "1"}})).await.status, 200);
    assert_eq!(posted(&app, &json!({"query": "{"})).await.status, 400);
    assert_eq!(counted(&app, r#"holdergraph_untrusted_documents_total{outcome="let_through"}"#).await, 30);
    let log = app.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("none of the manifest's")).collect();
    assert!((1..=20).contains(&lines.len()), "not one for each: {}", lines.len());
    assert!(lines.iter().all(|line| line.contains("BySecret") && line.contains("WARN")), "{lines:?}");
    assert!(!log.contains(secret), "{log}");
}

#[tokio::test]
async fn a_manifest_is_read_again_and_a_bad_one_keeps_the_old_documents() {
    let manifest = Manifest::new(&json!({ "old": PAGE }));
    let app = trusting("enforce", &manifest);
    let status = async |id: &str| posted(&app, &json!({"documentId": id})).await.status;
    assert_eq!((status("old").await, status("new").await), (200, 400));

    let secret = "91315026015";
    let bad =
        json!({ "new": PAGE, "bad": format!("{{ holderByDocument(document: \"{secret}\") {{ nope }} }}") });
    manifest.write(&bad.to_string());
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 1).await;
    assert_eq!((status("old").await, status("new").await), (200, 400), "never half a set");
    let log = app.log();
    assert!(log.contains("the document of the id bad cannot run here") && !log.contains(secret), "{log}");

    manifest.write(&json!({ "new": PAGE }).to_string());
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    assert_eq!((status("old").await, status("new").await), (400, 200));
    app.stop();
}

#[tokio::test]
async fn a_document_that_is_named_in_two_ways_is_bad_input() {
    let app = App::sandbox();
    for (body, message) in [
        (json!({"documentId": "a", "query": PAGE}), "documentId and query are both given"),
        (persisted(&sha256(PAGE), Some(VERSION), &json!({})), "is not the SHA-256 of query"),
        (persisted("abc", None, &json!({})), "64 hexadecimal digits"),
    ] {
        assert_refused(&posted(&app, &body).await, 400, "BAD_USER_INPUT", message);
    }
    let none = posted(&app, &json!({"variables": {}})).await;
    assert_refused(&none, 400, "BAD_USER_INPUT", "query is missing");
    // And without a token nobody learns what is in a manifest.
    let bare = send(app.client.post(format!("{}/graphql", app.base)).json(&json!({"query": NAME}))).await;
    assert_eq!(bare.status, 401);
}
