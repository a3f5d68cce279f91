//! Every log line of a request tells which request, and which trace.

use super::ended;
use crate::app::{App, send};
use crate::inside;
use serde_json::{Value, json};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async fn list(app: &App, id: &str) {
    let request = app.request("query Page { holders(first: 10) { nodes { id } } }", json!({}));
    send(request.header("X-Request-Id", id).header("traceparent", CALLER)).await;
}

fn lines(app: App) -> Vec<Value> {
    ended(app).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_line_that_the_stores_own_thread_writes_has_the_ids_of_its_request_whatever_the_level() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let dir = app.stop();
    inside::damage(dir.path(), "holders", &holder);
    let app = App::sandbox_in(dir, &[("LOG_FORMAT", "json"), ("LOG_LEVEL", "error")]);
    list(&app, "lines-1").await;
    let lines = lines(app);
    let told = lines.iter().find(|line| line["target"].as_str().unwrap().starts_with("holdergraph::store"));
    let told = told.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!((&told["level"], &told["request_id"]), (&json!("ERROR"), &json!("lines-1")), "{told}");
    assert_eq!(told["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736", "{told}");
}

#[tokio::test]
async fn every_line_of_a_request_has_the_ids_of_both_and_no_line_those_of_another() {
    let app = App::sandbox_with(&[("LOG_FORMAT", "json"), ("LOG_LEVEL", "trace")]);
    app.holder().await;
    list(&app, "lines-2").await;
    let lines = lines(app);
    let own: Vec<&Value> = lines.iter().filter(|line| line["request_id"] == "lines-2").collect();
    assert!(!own.is_empty(), "{lines:?}");
    for line in &lines {
        let is_own = line["request_id"] == "lines-2";
        assert_eq!(line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736", is_own, "{line}");
        assert_eq!(line["request_id"].is_null(), line["trace_id"].is_null(), "{line}");
    }
}
