//! A collector: it takes OTLP over HTTP and decodes it.

use crate::app::PATIENCE;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// One export, as it came.
#[derive(Clone)]
pub(super) struct Export {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) decoded: ExportTraceServiceRequest,
}

#[derive(Clone)]
struct Shared {
    exports: Arc<Mutex<Vec<Export>>>,
    status: StatusCode,
}

/// A running collector; it ends with the test.
pub(super) struct Collector {
    address: SocketAddr,
    shared: Shared,
    server: JoinHandle<()>,
}

impl Collector {
    pub(super) async fn start() -> Self {
        Self::answering(StatusCode::OK).await
    }

    /// One that keeps what it is sent and answers so.
    pub(super) async fn answering(status: StatusCode) -> Self {
        let shared = Shared { exports: Arc::default(), status };
        let router = Router::new().route("/v1/traces", post(take)).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, server }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn exports(&self) -> Vec<Export> {
        self.shared.exports.lock().unwrap().clone()
    }

    /// All spans that came until now.
    pub(super) fn spans(&self) -> Vec<Span> {
        let exports = self.exports().into_iter().flat_map(|export| export.decoded.resource_spans);
        exports.flat_map(|of| of.scope_spans).flat_map(|of| of.spans).collect()
    }

    /// The trace of one request, by the request's id, once its own span is there: it is the last to end.
    pub(super) async fn trace(&self, request_id: &str) -> Trace {
        let began = Instant::now();
        loop {
            let spans = self.spans();
            let is_root = |span: &&Span| text(span, "holdergraph.request.id").as_deref() == Some(request_id);
            if let Some(root) = spans.iter().find(is_root).cloned() {
                let calls = spans.into_iter().filter(|span| span.parent_span_id == root.span_id).collect();
                return Trace { root, calls };
            }
            assert!(began.elapsed() < PATIENCE, "no span of {request_id} came");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let decoded = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    shared.exports.lock().unwrap().push(Export { headers, body, decoded });
    shared.status
}

/// A request's span and those of its calls.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) root: Span,
    pub(super) calls: Vec<Span>,
}

impl Trace {
    /// How many calls of which there were: `access_manager.authorize`, `store.holders`, ….
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in &self.calls {
            let of = text(call, "holdergraph.call.of").unwrap();
            *counts.entry(format!("{of}.{}", call.name)).or_default() += 1;
        }
        counts
    }

    /// The one call of this name.
    pub(super) fn call(&self, name: &str) -> &Span {
        let mut calls = self.calls.iter().filter(|call| call.name == name);
        let (Some(call), None) = (calls.next(), calls.next()) else {
            panic!("not one {name}: {:?}", self.counts())
        };
        call
    }
}

/// An attribute, as text.
pub(super) fn text(span: &Span, name: &str) -> Option<String> {
    value(&span.attributes, name)
}

pub(super) fn value(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.clone()?.value? {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}
