//! Spans that wait to be sent: so many and no more. A request only ever puts one down here.

use crate::telemetry::metrics::SPANS;
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Most spans that wait; others are given up. Some 2 MiB.
const WAITING_MAX: usize = 4_096;
/// So many are sent at once.
pub(super) const BATCH: usize = 512;

/// The spans that wait. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Vec<SpanData>>,
    /// Told when there is a whole batch.
    full: Notify,
}

impl Queue {
    /// Takes all that wait.
    pub(super) fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut *self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until there is a whole batch.
    pub(super) async fn has_batch(&self) {
        self.0.full.notified().await;
    }

    fn put(&self, span: SpanData) {
        let waiting = {
            let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.len() < WAITING_MAX {
                waiting.push(span);
                Some(waiting.len())
            } else {
                None
            }
        };
        match waiting {
            Some(BATCH) => self.0.full.notify_one(),
            Some(_) => {}
            None => metrics::counter!(SPANS, "outcome" => "given_up").increment(1),
        }
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.put(span);
    }

    /// Who takes them sends them: see [`super::Export`].
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
