//! The level of each module, changed while the service runs.

use super::ended;
use crate::app::{App, send};
use serde_json::{Value, json};

async fn put(app: &App, levels: &Value) -> (u16, Value) {
    let answer = send(app.client.put(format!("{}/log-levels", app.ops)).json(levels)).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn a_modules_level_is_changed_at_the_operators_port_while_the_service_runs() {
    let app = App::sandbox_with(&[("LOG_FORMAT", "json"), ("LOG_LEVEL", "info,holdergraph::store=debug")]);
    let told = send(app.client.get(format!("{}/log-levels", app.ops))).await;
    assert_eq!(told.body, json!({"default": "info", "holdergraph::store": "debug"}));
    app.ask("{ __typename }", json!({})).await;
    let quiet = json!({"default": "info", "holdergraph::http": "warn"});
    assert_eq!(put(&app, &quiet).await, (200, quiet));
    app.ask("{ __typename }", json!({})).await;
    assert_eq!(put(&app, &json!({"default": "info"})).await.0, 200);
    app.ask("{ __typename }", json!({})).await;
    let log = ended(app);
    let requests = log.lines().filter(|line| line.contains(r#""message":"request""#)).count();
    assert_eq!(requests, 2, "the one in between was not to be logged: {log}");
    assert_eq!(log.matches("the log levels were changed").count(), 2);
}

#[tokio::test]
async fn more_than_warnings_of_a_library_are_refused_and_the_clients_port_knows_no_levels() {
    let app = App::sandbox();
    let (status, body) = put(&app, &json!({"default": "info", "reqwest": "debug"})).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("reqwest"), "{body}");
    assert_eq!(app.get("/log-levels").await.0, 404);
}
