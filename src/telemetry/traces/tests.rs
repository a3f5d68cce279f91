//! Spans, their parents, and what is done where too many wait.

use super::parent::traceparent;
use super::queue::Queue;
use super::{CallSpan, Parent, RequestSpan, Sampling, Told, tracer};
use metrics_exporter_prometheus::PrometheusBuilder;
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SpanData};
use std::collections::BTreeSet;

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn tracing(sampling: Sampling) -> (SdkTracer, Queue) {
    let queue = Queue::default();
    (tracer(sampling, Resource::builder_empty().build(), queue.clone()), queue)
}

fn store_call(tracer: &SdkTracer) -> CallSpan {
    CallSpan::with(Some(tracer), SpanKind::Internal, ("holders", "store"), Vec::new)
}

fn attribute(span: &SpanData, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == name);
    found.map(|attribute| attribute.value.to_string())
}

#[tokio::test]
async fn a_call_is_a_child_of_the_request_and_the_request_of_its_caller() {
    let (tracer, queue) = tracing(Sampling::ParentOrAlways);
    let request = RequestSpan::with(Some(&tracer), Parent::read(CALLER, "vendor=x"));
    let headers = request
        .around(async {
            tokio::task::yield_now().await;
            let call = store_call(&tracer);
            let headers = call.headers();
            call.end("ok", true, Some(1));
            headers
        })
        .await;
    let told = Told { method: "POST", status: 200, kind: Some("query"), outcome: "ok", ..Told::default() };
    request.end(&told);

    let [call, request] = queue.take().try_into().unwrap();
    assert_eq!(request.parent_span_id, SpanId::from_hex("00f067aa0ba902b7").unwrap());
    assert_eq!(request.span_context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(call.parent_span_id, request.span_context.span_id());
    assert_eq!(call.span_context.trace_id(), request.span_context.trace_id());
    assert_eq!((call.name.as_ref(), request.name.as_ref()), ("holders", "query"));
    assert_eq!(attribute(&call, "holdergraph.retries").as_deref(), Some("1"));
    // The upstream's own spans are children of the call, and what other systems say of the trace goes on.
    assert_eq!(headers, Some((traceparent(&call.span_context), Some("vendor=x".to_owned()))));
}

#[test]
fn a_request_without_a_caller_begins_a_trace_of_its_own() {
    let (tracer, queue) = tracing(Sampling::ParentOrAlways);
    let request = RequestSpan::with(Some(&tracer), None);
    let told = request.traceparent().to_owned();
    request.end(&Told::default());
    let [span] = queue.take().try_into().unwrap();
    assert_eq!(span.parent_span_id, SpanId::INVALID);
    assert_eq!(told, traceparent(&span.span_context));
}

#[tokio::test]
async fn what_is_not_sampled_leaves_no_span_and_its_upstreams_are_told_so() {
    let (tracer, queue) = tracing(Sampling::ParentOrAlways);
    let request = RequestSpan::with(Some(&tracer), Parent::read(&CALLER.replace("-01", "-00"), ""));
    let (passed_on, _) = request.around(async { store_call(&tracer).headers() }).await.unwrap();
    assert_eq!(passed_on, request.traceparent());
    assert!(passed_on.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && passed_on.ends_with("-00"));
    request.end(&Told::default());
    assert!(queue.take().is_empty());
}

#[tokio::test]
async fn without_telemetry_the_callers_context_goes_on_as_it_came() {
    let request = RequestSpan::with(None, Parent::read(CALLER, "vendor=x"));
    assert_eq!(request.traceparent(), CALLER);
    assert_eq!(request.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    let call =
        async { CallSpan::with(None, SpanKind::Client, ("authorize", "access_manager"), Vec::new).headers() };
    assert_eq!(request.around(call).await, Some((CALLER.to_owned(), Some("vendor=x".to_owned()))));
}

#[test]
fn a_call_that_belongs_to_no_request_leaves_no_span() {
    let (tracer, queue) = tracing(Sampling::Always);
    let call = store_call(&tracer);
    assert_eq!(call.headers(), None);
    call.end("ok", true, None);
    assert!(queue.take().is_empty());
}

#[tokio::test]
async fn what_nobody_waited_for_to_its_end_is_cancelled() {
    let (tracer, queue) = tracing(Sampling::Always);
    let request = RequestSpan::with(Some(&tracer), None);
    request.around(async { drop(store_call(&tracer)) }).await;
    drop(request);
    let spans = queue.take();
    assert_eq!(spans.len(), 2);
    for span in spans {
        assert_eq!(attribute(&span, "holdergraph.outcome").as_deref(), Some("cancelled"), "{}", span.name);
    }
}

#[test]
fn a_fault_of_ours_is_an_error_and_a_clients_is_none() {
    let (tracer, queue) = tracing(Sampling::Always);
    for (status, outcome, is_error) in [
        (200, "ok", false),
        (200, "store_unavailable", true),
        (400, "graphql_validation_failed", false),
        (401, "unauthenticated", false),
        (500, "internal", true),
    ] {
        RequestSpan::with(Some(&tracer), None).end(&Told { status, outcome, ..Told::default() });
        let [span] = queue.take().try_into().unwrap();
        assert_eq!(matches!(span.status, Status::Error { .. }), is_error, "{outcome}");
    }
}

#[test]
fn a_request_says_these_things_of_itself_and_no_others() {
    let (tracer, queue) = tracing(Sampling::Always);
    RequestSpan::with(Some(&tracer), None).end(&Told {
        method: "BREW",
        status: 405,
        kind: Some("query"),
        name: Some("Page"),
        operations: 1,
        outcome: "ok",
        request_id: "r-1",
        organization: Some("o".to_owned()),
        cost: Some(3),
    });
    let [span] = queue.take().try_into().unwrap();
    assert_eq!(attribute(&span, "http.request.method").as_deref(), Some("_OTHER"));
    let names: BTreeSet<&str> = span.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    let known = BTreeSet::from([
        "graphql.operation.name",
        "graphql.operation.type",
        "holdergraph.cost",
        "holdergraph.operations",
        "holdergraph.organization.id",
        "holdergraph.outcome",
        "holdergraph.request.id",
        "http.request.method",
        "http.response.status_code",
        "http.route",
    ]);
    assert_eq!(names, known);
}

#[test]
fn so_many_spans_wait_and_the_others_are_given_up_and_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let (tracer, queue) = tracing(Sampling::Always);
    metrics::with_local_recorder(&recorder, || {
        for _ in 0..5_000 {
            RequestSpan::with(Some(&tracer), None).end(&Told::default());
        }
    });
    assert_eq!(queue.take().len(), 4_096);
    let text = recorder.handle().render();
    assert!(text.contains(r#"holdergraph_spans_total{outcome="given_up"} 904"#), "{text}");
}
