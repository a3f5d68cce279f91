//! One span a request, and one for each call that it makes.

use super::collector::{Collector, text, value};
use super::traced;
use crate::app::{CREATE_ALIAS, send};
use crate::tls::{counted, eventually, replace};
use serde_json::json;

#[tokio::test]
async fn a_nested_query_is_one_span_with_a_child_for_each_call_and_none_for_fields() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    for index in 0..3 {
        let holder = app.holder().await;
        app.link(&holder, &app.account(index)).await;
    }
    let query =
        "query Nested { holders(first: 10) { nodes { id name aliasAccounts { nodes { id accountId } } } } }";
    let answer = send(app.request(query, json!({})).header("X-Request-Id", "nested-1")).await;
    assert_eq!(answer.body["data"]["holders"]["nodes"].as_array().unwrap().len(), 3, "{}", answer.body);

    let trace = collector.trace("nested-1").await;
    assert_eq!((trace.root.name.as_str(), trace.root.kind), ("query", 2), "a server's span");
    for (name, expected) in [
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "Nested"),
        ("http.request.method", "POST"),
        ("http.response.status_code", "200"),
        ("holdergraph.outcome", "ok"),
        ("holdergraph.operations", "1"),
        ("holdergraph.organization.id", &app.organization()),
    ] {
        assert_eq!(text(&trace.root, name).as_deref(), Some(expected), "{name}");
    }
    let counts = trace.counts();
    assert_eq!(counts.get("store.list_holders"), Some(&1), "{counts:?}");
    assert_eq!(counts.get("store.alias_accounts_of"), Some(&1), "{counts:?}");
    let asked: Vec<_> = counts.keys().filter(|name| !name.starts_with("store.")).collect();
    assert_eq!(asked, ["access_manager.authorize"], "{counts:?}");
    for call in &trace.calls {
        assert_eq!(call.trace_id, trace.root.trace_id);
        assert_eq!(
            text(call, "holdergraph.outcome").as_deref(),
            Some(if call.kind == 3 { "success" } else { "ok" })
        );
        assert!(call.start_time_unix_nano >= trace.root.start_time_unix_nano);
        assert!(call.end_time_unix_nano <= trace.root.end_time_unix_nano);
    }
}

#[tokio::test]
async fn a_mutation_is_one_span_with_the_calls_of_all_three() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let holder = app.holder().await;
    let variables = json!({"input": app.link_input(&holder, &app.account(0))});
    let answer = send(app.request(CREATE_ALIAS, variables).header("X-Request-Id", "link-1")).await;
    assert!(answer.body["data"]["createAliasAccount"]["aliasAccount"]["id"].is_string(), "{}", answer.body);

    let trace = collector.trace("link-1").await;
    assert_eq!(trace.root.name, "mutation");
    let counts = trace.counts();
    for name in ["ledger.ledger", "ledger.account", "store.link"] {
        assert_eq!(counts.get(name), Some(&1), "{name}: {counts:?}");
    }
    assert!(counts.contains_key("access_manager.authorize"), "{counts:?}");
    let account = trace.call("account");
    assert_eq!(text(account, "server.address").as_deref(), Some("127.0.0.1"));
    assert!(app.info["ledger"].as_str().unwrap().ends_with(&text(account, "server.port").unwrap()));
    assert_eq!(text(account, "holdergraph.retries").as_deref(), Some("0"));
}

#[tokio::test]
async fn what_is_refused_is_a_span_too_and_says_why() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let forbidden = app.request("query Page { holders(first: 1) { nodes { id } } }", json!({}));
    let mut forbidden = forbidden.header("X-Request-Id", "no-1").build().unwrap();
    forbidden
        .headers_mut()
        .insert("authorization", format!("Bearer {}", app.token("nobody")).parse().unwrap());
    app.client.execute(forbidden).await.unwrap();
    send(app.request("query Page { nothing }", json!({})).header("X-Request-Id", "no-2")).await;
    let trace = collector.trace("no-1").await;
    assert_eq!(text(&trace.root, "holdergraph.outcome").as_deref(), Some("forbidden"));
    assert_eq!(trace.counts().keys().collect::<Vec<_>>(), ["access_manager.authorize"]);
    let trace = collector.trace("no-2").await;
    assert_eq!(text(&trace.root, "holdergraph.outcome").as_deref(), Some("graphql_validation_failed"));
    assert_eq!((trace.root.name.as_str(), trace.calls.len()), ("request", 0));
    assert_eq!(
        text(&trace.root, "graphql.operation.name"),
        None,
        "a name of what never ran is a client's text"
    );
}

#[tokio::test]
async fn nothing_of_a_person_and_no_document_is_in_what_is_sent() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let holder = app.holder().await;
    let query = r#"query Find { holderByDocument(document: "91315026015") { id name document } }"#;
    send(app.request(query, json!({"unused": "Maria Souza"})).header("X-Request-Id", "find-1")).await;
    collector.trace("find-1").await;
    let made = crate::app::new_holder();
    for export in collector.exports() {
        let sent = String::from_utf8_lossy(&export.body);
        let texts = ["Maria", "91315026015", "holderByDocument", "createHolder", "$input", "admin", &holder];
        let document = made["document"].as_str().unwrap();
        for text in texts.into_iter().chain([document]) {
            assert!(!sent.contains(text), "{text} was sent");
        }
    }
}

#[tokio::test]
async fn the_process_is_named_and_the_headers_of_the_settings_go_with_each_export() {
    let collector = Collector::start().await;
    let app = traced(
        &collector,
        &[
            ("OTEL_SERVICE_NAME", "holders"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=hunter%202"),
        ],
    );
    send(app.request("{ __typename }", json!({})).header("X-Request-Id", "named-1")).await;
    collector.trace("named-1").await;
    let export = collector.exports().remove(0);
    assert_eq!(export.headers["content-type"], "application/x-protobuf");
    assert_eq!(export.headers["x-api-key"], "hunter 2");
    let resource = export.decoded.resource_spans[0].resource.clone().unwrap().attributes;
    for (name, expected) in [
        ("service.name", "holders"),
        ("service.version", env!("CARGO_PKG_VERSION")),
        ("deployment.environment.name", "test"),
    ] {
        assert_eq!(value(&resource, name).as_deref(), Some(expected));
    }
    assert!(!app.log().contains("hunter"));
}

#[tokio::test]
async fn headers_of_a_file_go_with_the_exports_as_the_file_says_then() {
    let collector = Collector::start().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("headers");
    std::fs::write(&file, "x-api-key=hunter-1\n").unwrap();
    let app = traced(&collector, &[("OTEL_EXPORTER_OTLP_HEADERS_FILE", file.to_str().unwrap())]);
    let sent = async |id: &str| {
        send(app.request("{ __typename }", json!({})).header("X-Request-Id", id)).await;
        collector.trace(id).await;
        collector.exports().pop().unwrap().headers["x-api-key"].to_str().unwrap().to_owned()
    };
    assert_eq!(sent("headers-1").await, "hunter-1");
    // The middle one cannot be sent: what was in use stays.
    for (header, outcome, id, expected) in [
        ("hunter-2", "taken", "headers-2", "hunter-2"),
        ("hunter%0A3", "refused", "headers-3", "hunter-2"),
        ("hunter-4", "taken", "headers-4", "hunter-4"),
    ] {
        let counter =
            format!("holdergraph_secret_reloads_total{{of=\"otlp_headers\",outcome=\"{outcome}\"}}");
        let before = counted(&app, &counter).await;
        replace(&file, &format!("x-api-key={header}"));
        app.signal("HUP");
        eventually(outcome, async || counted(&app, &counter).await == before + 1).await;
        assert_eq!(sent(id).await, expected);
    }
    let log = app.log();
    assert!(log.contains("OTEL_EXPORTER_OTLP_HEADERS_FILE: ") && !log.contains("hunter"), "{log}");
}
