//! Sends what waits, in a task of its own. A collector that is down costs its spans and a line now and then; no request
//! waits for it.

use super::otlp::Collector;
use super::queue::{BATCH, Queue};
use crate::telemetry::metrics::SPANS;
use opentelemetry_sdk::trace::SpanData;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// No span waits longer than this to be sent.
const EVERY: Duration = Duration::from_secs(1);
/// At most one line about failed exports in so long.
const TOLD_EVERY: Duration = Duration::from_secs(60);
/// How long the last spans may take when the service leaves.
const FLUSH_WITHIN: Duration = Duration::from_secs(5);

/// The task that sends spans.
#[derive(Debug)]
pub struct Export {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Export {
    pub(super) fn start(queue: Queue, collector: Collector) -> Self {
        let (stop, stopped) = watch::channel(false);
        let sending = Sending { queue, collector, failed: 0, told: None };
        Self { stop, task: tokio::spawn(sending.run(stopped)) }
    }

    /// Sends what still waits, within a few seconds, and ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if timeout(FLUSH_WITHIN, self.task).await.is_err() {
            tracing::warn!("the last spans were given up: the collector did not take them in time");
        }
    }
}

struct Sending {
    queue: Queue,
    collector: Collector,
    /// Spans that were lost since that was last told.
    failed: u64,
    told: Option<Instant>,
}

impl Sending {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        loop {
            let stopping = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                () = self.queue.has_batch() => false,
                // Also where nobody is left who could say so.
                _ = stopped.wait_for(|stop| *stop) => true,
            };
            self.send_all().await;
            if stopping {
                return;
            }
        }
    }

    /// Sends all that waits, a batch at a time.
    async fn send_all(&mut self) {
        let mut waiting = self.queue.take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            self.send(std::mem::replace(&mut waiting, rest)).await;
        }
    }

    async fn send(&mut self, batch: Vec<SpanData>) {
        let spans = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let sent = self.collector.send(batch).await;
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!(SPANS, "outcome" => outcome).increment(spans);
        let Err(reason) = sent else { return };
        self.failed = self.failed.saturating_add(spans);
        if self.told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            tracing::warn!(spans = self.failed, %reason, "spans are lost: the collector does not take them");
            (self.failed, self.told) = (0, Some(Instant::now()));
        }
    }
}
