//! The span of one call of Access Manager, the ledger or the store, as a child of the request that it is made for.

use super::TRACER;
use super::parent::traceparent;
use opentelemetry::trace::{Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, Span};

/// The outcome of what nobody waited for to its end.
pub(super) const CANCELLED: &str = "cancelled";

/// A call under way. What is no part of a request that is traced leaves no span: a check of all links would leave a
/// hundred thousand.
pub struct CallSpan {
    span: Option<Span>,
    /// The request's own context, for calls that leave no span.
    around: Option<SpanContext>,
    ended: bool,
}

impl CallSpan {
    /// Begins a call of the store.
    pub fn of_store(call: &'static str) -> Self {
        let attributes = || vec![KeyValue::new("db.operation.name", call)];
        Self::with(TRACER.get(), SpanKind::Internal, (call, "store"), attributes)
    }

    /// Begins a call of an upstream, which is at this host and port.
    pub fn of_upstream(call: &'static str, upstream: &'static str, host: &str, port: Option<u16>) -> Self {
        let attributes = || {
            let mut attributes = vec![KeyValue::new("server.address", host.to_owned())];
            attributes.extend(port.map(|port| KeyValue::new("server.port", i64::from(port))));
            attributes
        };
        Self::with(TRACER.get(), SpanKind::Client, (call, upstream), attributes)
    }

    pub(super) fn with(
        tracer: Option<&SdkTracer>,
        kind: SpanKind,
        (call, of): (&'static str, &'static str),
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> Self {
        Context::map_current(|context| {
            let around = context.span().span_context().clone();
            let Some(tracer) = tracer.filter(|_| context.span().is_recording()) else {
                return Self { span: None, around: Some(around).filter(SpanContext::is_valid), ended: false };
            };
            let mut attributes = attributes();
            attributes.push(KeyValue::new("holdergraph.call.of", of));
            attributes.push(KeyValue::new("holdergraph.call", call));
            let builder = SpanBuilder::from_name(call).with_kind(kind).with_attributes(attributes);
            let span = tracer.build_with_context(builder, context);
            Self { span: Some(span), around: None, ended: false }
        })
    }

    /// What the upstream is told of the trace: the value of `traceparent`, and of `tracestate` where there is one.
    /// `None` where nothing is known of any.
    pub fn headers(&self) -> Option<(String, Option<String>)> {
        let context = self.span.as_ref().map(|span| span.span_context()).or(self.around.as_ref())?;
        let state = Some(context.trace_state().header()).filter(|state| !state.is_empty());
        Some((traceparent(context), state))
    }

    /// Ends it.
    pub fn end(mut self, outcome: &'static str, is_good: bool, retries: Option<u32>) {
        self.finish(outcome, is_good, retries);
    }

    fn finish(&mut self, outcome: &'static str, is_good: bool, retries: Option<u32>) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        if let Some(span) = &mut self.span {
            span.set_attribute(KeyValue::new("holdergraph.outcome", outcome));
            if let Some(retries) = retries {
                span.set_attribute(KeyValue::new("holdergraph.retries", i64::from(retries)));
            }
            if !is_good {
                span.set_status(Status::error(outcome));
            }
            span.end();
        }
    }
}

impl Drop for CallSpan {
    /// Whoever waited for it went away.
    fn drop(&mut self) {
        self.finish(CANCELLED, true, None);
    }
}
