//! What a client follows a request by: its id, its trace, and how long each part took.

use super::super::app::{App, send};
use super::post;
use serde_json::json;

#[tokio::test]
async fn the_requests_id_and_trace_come_back_with_every_answer_and_its_errors() {
    let app = App::sandbox();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (body, status) in [
        (json!({"query": "query Who { __typename }"}), 200),
        (json!({"query": "query Wrong { nobody }"}), 400),
        (json!([]), 400),
        (json!(7), 400),
        (json!({"query": "query Bad { holder(id: \"x\") { id } }"}), 200),
    ] {
        let request = post(&app, &body).header("X-Request-Id", "page-7").header("traceparent", trace);
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.headers["x-request-id"], "page-7");
        assert_eq!(answer.headers["traceparent"], trace);
        for error in answer.body["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["requestId"], "page-7");
        }
        let fresh = send(post(&app, &body)).await;
        assert_eq!(fresh.headers["x-request-id"].len(), 36);
        assert_eq!(fresh.headers["traceparent"].len(), trace.len());
        assert_ne!(fresh.headers["traceparent"], trace);
    }
}

#[tokio::test]
async fn only_who_asks_is_told_what_took_how_long() {
    let app = App::sandbox();
    let body = json!({"query": "query Who { __typename }"});
    assert_eq!(send(post(&app, &body)).await.headers.get("server-timing"), None);
    let answer = send(post(&app, &body).header("X-Server-Timing", "report")).await;
    let told = answer.headers["server-timing"].to_str().unwrap();
    let names: Vec<&str> = told.split(", ").map(|part| part.split_once(";dur=").unwrap().0).collect();
    assert_eq!(names, ["token", "body", "document", "execution", "total"]);
}
