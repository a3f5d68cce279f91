//! Refusals of somebody whose token was not accepted. Nobody knows who that is, and anybody can make as many of them as
//! they like: so they are counted and, now and then, logged, and nothing of them is stored.

use crate::http::trusted::notices::Notices;
use crate::telemetry::metrics::UNKNOWN_REFUSED;
use std::sync::Arc;
use std::time::Instant;

/// Counts them and tells of them.
pub struct Strangers(Notices);

impl Default for Strangers {
    fn default() -> Self {
        Self(Notices::new(Arc::new(Instant::now)))
    }
}

impl Strangers {
    /// One was refused, for a reason of a closed list.
    pub(super) fn refused(&self, reason: &'static str) {
        metrics::counter!(UNKNOWN_REFUSED, "reason" => reason).increment(1);
        if let Some(left_out) = self.0.may_tell() {
            tracing::warn!(
                reason,
                left_out,
                "a request was refused before its token was accepted (told at most ten times a minute; `left_out` were \
                 not told before this one)"
            );
        }
    }
}
