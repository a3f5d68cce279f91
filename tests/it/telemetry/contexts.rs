//! W3C Trace Context: from the caller, and on to both upstreams.

use super::collector::{Collector, text};
use super::{page, traced};
use crate::app::{Answer, App, CREATE_ALIAS, send};
use axum::http::HeaderMap;
use axum::{Json, Router};
use serde_json::json;
use std::sync::{Arc, Mutex};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

async fn in_trace(app: &App, id: &str, traceparent: &str) -> Answer {
    let request = page(app, "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b").header("X-Request-Id", id);
    send(request.header("traceparent", traceparent).header("tracestate", "vendor=x")).await
}

#[tokio::test]
async fn the_callers_span_is_the_parent_and_a_malformed_one_is_none() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let answer = in_trace(&app, "in-1", CALLER).await;
    let trace = collector.trace("in-1").await;
    assert_eq!(
        (hex(&trace.root.trace_id), hex(&trace.root.parent_span_id)),
        (TRACE.to_owned(), "00f067aa0ba902b7".to_owned())
    );
    assert_eq!(trace.root.trace_state, "vendor=x");
    let own = format!("00-{TRACE}-{}-01", hex(&trace.root.span_id));
    assert_eq!(answer.headers["traceparent"], own, "the answer tells of our span");
    for (id, wrong) in [("in-2", "00-xyz-01"), ("in-3", &CALLER.to_uppercase() as &str)] {
        in_trace(&app, id, wrong).await;
        let trace = collector.trace(id).await;
        assert_ne!(hex(&trace.root.trace_id), TRACE);
        assert!(trace.root.parent_span_id.is_empty() && trace.root.trace_state.is_empty());
    }
}

#[tokio::test]
async fn both_upstreams_are_told_of_the_call_that_asks_them() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let seen = Seen::before(&app).await;
    let through = seen.serve(&collector, &app);
    let holder = through.holder().await;
    let variables = json!({"input": app.link_input(&holder, &app.account(0))});
    let request = through.request(CREATE_ALIAS, variables).header("X-Request-Id", "out-1");
    send(request.header("traceparent", CALLER).header("tracestate", "vendor=x")).await;
    let trace = collector.trace("out-1").await;
    let calls: Vec<String> = trace
        .calls
        .iter()
        .filter(|call| call.kind == 3)
        .map(|call| format!("00-{TRACE}-{}-01", hex(&call.span_id)))
        .collect();
    let heard = seen.heard();
    assert!(heard.len() >= 2, "{heard:?}");
    for (upstream, headers) in heard {
        assert!(
            calls.contains(&headers["traceparent"].to_str().unwrap().to_owned()),
            "{upstream}: {headers:?}"
        );
        assert_eq!(headers["tracestate"], "vendor=x", "{upstream}");
    }
}

#[tokio::test]
async fn a_caller_that_does_not_sample_is_followed_and_told_on() {
    let collector = Collector::start().await;
    let app = traced(&collector, &[]);
    let answer = in_trace(&app, "off-1", &CALLER.replace("-01", "-00")).await;
    assert!(answer.headers["traceparent"].to_str().unwrap().ends_with("-00"));
    in_trace(&app, "on-1", CALLER).await;
    collector.trace("on-1").await;
    let told: Vec<_> =
        collector.spans().iter().filter_map(|span| text(span, "holdergraph.request.id")).collect();
    assert_eq!(told, ["on-1"]);
}

#[tokio::test]
async fn the_share_of_the_sampler_holds_where_no_caller_has_decided() {
    let collector = Collector::start().await;
    let share =
        [("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.0000001")];
    let app = traced(&collector, &share);
    for id in 0..20 {
        send(app.request("{ __typename }", json!({})).header("X-Request-Id", format!("r-{id}"))).await;
    }
    in_trace(&app, "asked-for", CALLER).await;
    collector.trace("asked-for").await;
    let roots: Vec<_> =
        collector.spans().iter().filter_map(|span| text(span, "holdergraph.request.id")).collect();
    assert_eq!(roots, ["asked-for"]);
}

/// What both upstreams were told, by a proxy before each.
struct Seen {
    heard: Arc<Mutex<Vec<(&'static str, HeaderMap)>>>,
    access_manager: String,
    ledger: String,
}

impl Seen {
    async fn before(app: &App) -> Self {
        let heard = Arc::default();
        let access_manager =
            before(app.info["accessManager"].as_str().unwrap(), "access_manager", &heard).await;
        let ledger = before(app.info["ledger"].as_str().unwrap(), "ledger", &heard).await;
        Self { heard, access_manager, ledger }
    }

    /// `serve` with the records of the sandbox gone, asking through the proxies.
    fn serve(&self, collector: &Collector, app: &App) -> App {
        let url = collector.url();
        let settings = [
            ("ENABLE_TELEMETRY", "true"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()),
            ("PLUGIN_AUTH_ADDRESS", &self.access_manager),
            ("MIDAZ_LEDGER_URL", &self.ledger),
        ];
        App::serve(app, &settings)
    }

    /// Of the requests of the caller's trace.
    fn heard(&self) -> Vec<(&'static str, HeaderMap)> {
        let of_caller = |(_, headers): &(&str, HeaderMap)| {
            headers.get("traceparent").is_some_and(|told| told.to_str().unwrap().contains(TRACE))
        };
        self.heard.lock().unwrap().iter().filter(|heard| of_caller(heard)).cloned().collect()
    }
}

/// Passes everything on to this upstream and keeps the headers.
async fn before(url: &str, name: &'static str, heard: &Arc<Mutex<Vec<(&'static str, HeaderMap)>>>) -> String {
    let (heard, to, client) = (heard.clone(), url.to_owned(), reqwest::Client::new());
    let pass = async move |request: axum::extract::Request| {
        let (parts, body) = request.into_parts();
        heard.lock().unwrap().push((name, parts.headers.clone()));
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let mut passed = client.request(parts.method, format!("{to}{}", parts.uri)).body(body);
        for name in ["authorization", "content-type"] {
            if let Some(value) = parts.headers.get(name) {
                passed = passed.header(name, value);
            }
        }
        let answer = passed.send().await.unwrap();
        (answer.status(), Json(answer.json::<serde_json::Value>().await.unwrap_or_default()))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(pass)).await.unwrap() });
    format!("http://{address}")
}
