//! Operations have names, which logs go by; the schema is not for everybody.

use super::super::app::{App, send};
use super::posted;
use serde_json::json;

#[tokio::test]
async fn serve_refuses_an_operation_without_a_name_and_says_what_to_write() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[("OPERATION_NAME_REQUIRED", "true")]);
    for (query, status) in [
        ("{ __typename }", 400),
        ("query { __typename }", 400),
        ("mutation { __typename }", 400),
        ("query Who { __typename }", 200),
        ("query Who { __typename } mutation Do { __typename }", 400),
    ] {
        let answer = posted(&serve, &json!({"query": query})).await;
        assert_eq!(answer.status, status, "{query} {}", answer.body);
    }
    let answer = posted(&serve, &json!({"query": "{ __typename }"})).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT");
    assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("has no name"));
    assert_eq!(posted(&app, &json!({"query": "{ __typename }"})).await.status, 200, "the sandbox takes it");
}

#[tokio::test]
async fn the_log_names_the_operation_whether_or_not_the_client_said_which() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[]);
    posted(&serve, &json!({"query": "query OnlyOne { __typename }"})).await;
    posted(&serve, &json!({"query": "query First { __typename } query Second { __typename }", "operationName": "Second"})).await;
    let batch = json!([{"query": "query A { __typename }"}, {"query": "query B { __typename }"}]);
    assert_eq!(send(super::post(&serve, &batch)).await.status, 200);
    serve.signal("TERM");
    let mut serve = serve;
    serve.wait();
    let log = serve.log();
    for wanted in [r#""operation":"OnlyOne""#, r#""operation":"Second""#, r#""operations":2"#] {
        assert!(log.contains(wanted), "{wanted} in\n{log}");
    }
}
