//! The metrics of a call: how often it ended how, and after what time.

use crate::telemetry::metrics::{UPSTREAM_CALL_SECONDS, UPSTREAM_CALLS};
use std::time::Instant;

/// A call under way. It is counted when it is dropped, so that one whose caller has gone away counts too.
pub(super) struct Measure {
    upstream: &'static str,
    outcome: &'static str,
    since: Instant,
}

impl Measure {
    pub(super) fn start(upstream: &'static str) -> Self {
        Self { upstream, outcome: "cancelled", since: Instant::now() }
    }

    pub(super) fn end(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        metrics::counter!(UPSTREAM_CALLS, "upstream" => self.upstream, "outcome" => self.outcome)
            .increment(1);
        metrics::histogram!(UPSTREAM_CALL_SECONDS, "upstream" => self.upstream)
            .record(self.since.elapsed().as_secs_f64());
    }
}
