//! The span of one request, and the context that its calls are children of.

use super::parent::{Parent, traceparent};
use super::{TRACER, call};
use crate::registry::ports::call::fresh_traceparent;
use opentelemetry::trace::{FutureExt, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;
use std::future::Future;

/// The span's name until the kind of the operation is known.
const UNKNOWN: &str = "request";

/// A request's place in its trace. Where no spans are made, that of its caller, which is passed on as it came.
pub struct RequestSpan {
    context: Context,
    traceparent: String,
    told: bool,
}

/// What a request turned out to be. Only names and codes, and ids of no person.
#[derive(Debug, Default)]
pub struct Told<'a> {
    /// The HTTP method, as it came.
    pub method: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// `query` or `mutation`, where an operation was found good.
    pub kind: Option<&'static str>,
    /// The operation's name, as a log line may hold it.
    pub name: Option<&'a str>,
    /// How many operations there were.
    pub operations: usize,
    /// `ok`, or the first error's code in lower case.
    pub outcome: &'a str,
    /// The request's id.
    pub request_id: &'a str,
    /// The organization that it was for.
    pub organization: Option<String>,
    /// What its operations cost together.
    pub cost: Option<u64>,
}

impl RequestSpan {
    /// Begins the span of a request of this caller.
    pub fn begin(parent: Option<Parent>) -> Self {
        Self::with(TRACER.get(), parent)
    }

    pub(super) fn with(tracer: Option<&SdkTracer>, parent: Option<Parent>) -> Self {
        let around = match parent {
            Some(Parent(context)) => Context::new().with_remote_span_context(context),
            None => Context::new(),
        };
        let context = match tracer {
            Some(tracer) => {
                let span = SpanBuilder::from_name(UNKNOWN).with_kind(SpanKind::Server);
                around.with_span(tracer.build_with_context(span, &around))
            }
            None => around,
        };
        let traceparent = match context.span().span_context() {
            own if own.is_valid() => traceparent(own),
            _ => fresh_traceparent(),
        };
        Self { context, traceparent, told: false }
    }

    /// The header that tells of it.
    pub fn traceparent(&self) -> &str {
        &self.traceparent
    }

    /// The id of its trace.
    pub fn trace_id(&self) -> &str {
        self.traceparent.split('-').nth(1).unwrap_or_default()
    }

    /// The same work, whose calls are children of this span.
    pub fn around<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        work.with_context(self.context.clone())
    }

    /// Ends it.
    pub fn end(mut self, told: &Told<'_>) {
        self.told = true;
        let span = self.context.span();
        if !span.is_recording() {
            return;
        }
        let attributes = [
            Some(KeyValue::new("http.request.method", method(told.method))),
            Some(KeyValue::new("http.route", "/graphql")),
            Some(KeyValue::new("http.response.status_code", i64::from(told.status))),
            told.kind.map(|kind| KeyValue::new("graphql.operation.type", kind)),
            told.name.map(|name| KeyValue::new("graphql.operation.name", name.to_owned())),
            Some(KeyValue::new("holdergraph.operations", whole(told.operations))),
            told.cost.map(|cost| KeyValue::new("holdergraph.cost", whole(cost))),
            told.organization.clone().map(|id| KeyValue::new("holdergraph.organization.id", id)),
            Some(KeyValue::new("holdergraph.request.id", told.request_id.to_owned())),
            Some(KeyValue::new("holdergraph.outcome", told.outcome.to_owned())),
        ];
        span.set_attributes(attributes.into_iter().flatten());
        if let Some(kind) = told.kind {
            span.update_name(kind);
        }
        if told.status >= 500 || is_ours(told.outcome) {
            span.set_status(Status::error(told.outcome.to_owned()));
        }
        span.end();
    }
}

impl Drop for RequestSpan {
    /// The client went away before there was an answer.
    fn drop(&mut self) {
        let span = self.context.span();
        if !self.told && span.is_recording() {
            span.set_attribute(KeyValue::new("holdergraph.outcome", call::CANCELLED));
            span.end();
        }
    }
}

/// A method that HTTP knows, and no text of a client's own.
fn method(given: &str) -> &'static str {
    ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"]
        .into_iter()
        .find(|known| *known == given)
        .unwrap_or("_OTHER")
}

/// Whether an outcome is a fault of the service or of what it asks, and none of the client's.
fn is_ours(outcome: &str) -> bool {
    matches!(outcome, "internal" | "unreadable" | "timeout") || outcome.ends_with("_unavailable")
}

fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
