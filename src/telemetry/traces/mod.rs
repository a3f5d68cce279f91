//! Traces: one span a request and one for each call of Access Manager, the ledger and the store, sent to a collector
//! over OTLP. Spans are made by hand and not from log lines, so that nothing gets into one that nobody put there.
//!
//! Names of operations and calls, outcomes and ids: no document's text, no variable, no subject and no value of a
//! record is ever an attribute.

mod call;
mod export;
mod otlp;
mod parent;
mod queue;
mod request;
mod settings;
#[cfg(test)]
mod tests;

pub use call::CallSpan;
pub use export::Export;
pub use otlp::SetUpError;
pub use parent::Parent;
pub use request::{RequestSpan, Told};
pub use settings::{Headers, Sampling, Settings};

use crate::tls::UpstreamTls;
use opentelemetry::InstrumentationScope;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanLimits};
use otlp::Collector;
use queue::Queue;
use std::sync::OnceLock;

/// Makes the spans of this process; empty while nobody wants any.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Why traces could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The way to the collector cannot be used as it is set.
    #[error("the collector's client cannot be set up: {0}")]
    SetUp(#[from] SetUpError),
    /// Something in this process makes spans already.
    #[error("spans already go elsewhere")]
    Twice,
}

/// Starts making spans, once a process, and sending them from a task of the runtime. It connects to nothing yet: a
/// collector that is down keeps no service from starting.
///
/// # Errors
/// Settings that no client can be made of, or a second start.
pub fn start(settings: &Settings, tls: &UpstreamTls) -> Result<Export, StartError> {
    let resource = settings.resource();
    let collector = Collector::new(settings, tls, &resource)?;
    let queue = Queue::default();
    TRACER.set(tracer(settings.sampling, resource, queue.clone())).map_err(|_| StartError::Twice)?;
    Ok(Export::start(queue, collector))
}

/// Everything is given here and nothing is left to the SDK, which would read variables of its own and complain of them
/// to nobody.
fn tracer(sampling: Sampling, resource: Resource, queue: Queue) -> SdkTracer {
    let provider = SdkTracerProvider::builder()
        .with_sampler(sampling.sampler())
        .with_span_limits(SpanLimits::default())
        .with_resource(resource)
        .with_span_processor(queue)
        .build();
    let scope =
        InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build();
    // It keeps its provider alive.
    provider.tracer_with_scope(scope)
}
