//! The way to the collector: no request waits for it, and nothing that ended before the service did is lost.

use super::collector::{Collector, text};
use super::{ended, page, traced};
use crate::app::{App, send};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const FAILED: &str = r#"holdergraph_spans_total{outcome="failed"}"#;

/// The value of a series of the metrics.
async fn series(app: &App, name: &str) -> u64 {
    let metrics = app.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.parse().unwrap())
}

async fn wait_for_more(app: &App, name: &str, before: u64) {
    let began = std::time::Instant::now();
    while series(app, name).await <= before {
        assert!(began.elapsed() < crate::app::PATIENCE, "{name} stays {before}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn warnings(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| line.contains("spans are lost"));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_collector_that_is_down_disturbs_nobody_and_is_told_of_once_in_a_while() {
    let app = App::sandbox_with(&[
        ("ENABLE_TELEMETRY", "true"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=hunter2"),
        ("LOG_FORMAT", "json"),
    ]);
    let holder = app.holder().await;
    for _ in 0..3 {
        let failed = series(&app, FAILED).await;
        let answer = send(page(&app, &holder)).await;
        assert_eq!(answer.body["data"]["holder"]["id"], json!(holder), "{}", answer.body);
        wait_for_more(&app, FAILED, failed).await;
    }
    let log = ended(app);
    let warnings = warnings(&log);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0]["reason"], "cannot connect");
    assert!(!log.contains("hunter2"));
}

#[tokio::test]
async fn a_collector_that_refuses_is_named_by_its_status() {
    let collector = Collector::answering(StatusCode::SERVICE_UNAVAILABLE).await;
    let app = traced(&collector, &[("LOG_FORMAT", "json")]);
    app.holder().await;
    wait_for_more(&app, FAILED, 0).await;
    assert_eq!(warnings(&ended(app))[0]["reason"], "status 503");
}

// Waiting for the process keeps one thread busy, and the collector needs another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sigterm_the_last_spans_are_sent_before_the_process_ends() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let holder = app.holder().await;
    send(page(&app, &holder).header("X-Request-Id", "last-1")).await;
    app.stop();
    let spans = collector.spans();
    let is_last = |id: Option<String>| id.as_deref() == Some("last-1");
    assert!(
        spans.iter().any(|span| is_last(text(span, "holdergraph.request.id"))),
        "it ended without the last span"
    );
}

#[tokio::test]
async fn a_collector_that_never_answers_keeps_the_process_a_few_seconds_at_most() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let settings = [
        ("ENABLE_TELEMETRY", "true"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
        ("LOG_FORMAT", "json"),
    ];
    let app = App::sandbox_with(&settings);
    app.holder().await;
    let log = ended(app);
    assert!(log.contains("the last spans were given up"), "{log}");
}
