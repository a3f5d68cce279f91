//! The circuit breaker: an upstream that fails again and again is left alone for a while, and then tried by one call
//! at a time until it works.
//!
//! | state | what may pass | what changes it |
//! | --- | --- | --- |
//! | closed | everything | so many failures in a row, or half of at least 10 in 10 s: open |
//! | open | nothing | time: half-open |
//! | half-open | one probe at a time | a failed probe: open; two good ones: closed |

use super::failure::Failure;
use super::seconds::Seconds;
use crate::registry::ports::condition::BreakerState;
use crate::telemetry::metrics::{UPSTREAM_BREAKER_OPENED, UPSTREAM_BREAKER_STATE};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Fewer than this many in ten seconds say nothing by their share.
const ENOUGH: u64 = 10;
/// So many good probes close it.
const GOOD_PROBES: u32 = 2;

const GOOD: usize = 0;
const BAD: usize = 1;

/// The breaker of one upstream.
pub(super) struct Breaker {
    upstream: &'static str,
    failures: u32,
    open: Duration,
    inner: Mutex<Inner>,
}

struct Inner {
    state: State,
    /// Goes up with each change of the state: what began before tells nothing of what is now.
    generation: u64,
    /// What the attempts came to since it closed.
    recent: Seconds,
}

enum State {
    Closed { in_a_row: u32 },
    Open { until: Instant },
    HalfOpen { good: u32, probing: bool },
}

/// Leave to make one attempt. One that is dropped without a word tells nothing.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    generation: u64,
    probe: bool,
}

impl Breaker {
    /// A closed one.
    pub(super) fn new(upstream: &'static str, failures: u32, open: Duration) -> Self {
        let state = State::Closed { in_a_row: 0 };
        metrics::gauge!(UPSTREAM_BREAKER_STATE, "upstream" => upstream).set(0.0);
        Self {
            upstream,
            failures,
            open,
            inner: Mutex::new(Inner { state, generation: 0, recent: Seconds::new() }),
        }
    }

    /// How it stands now.
    pub(super) fn state(&self) -> BreakerState {
        match self.lock().state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { until } if Instant::now() < until => BreakerState::Open,
            State::Open { .. } | State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// Leave to make an attempt now, if there is.
    pub(super) fn enter(&self) -> Result<Pass<'_>, Failure> {
        let mut inner = self.lock();
        if let State::Open { until } = inner.state
            && Instant::now() >= until
        {
            self.turn(&mut inner, State::HalfOpen { good: 0, probing: false });
        }
        let probe = match &mut inner.state {
            State::Closed { .. } => false,
            State::HalfOpen { probing, .. } if !*probing => {
                *probing = true;
                true
            }
            State::Open { .. } | State::HalfOpen { .. } => return Err(Failure::BreakerOpen),
        };
        Ok(Pass { breaker: self, generation: inner.generation, probe })
    }

    fn good(&self, inner: &mut Inner) {
        match &mut inner.state {
            State::Closed { in_a_row } => {
                *in_a_row = 0;
                inner.recent.add(GOOD);
            }
            State::HalfOpen { good, probing } => {
                (*good, *probing) = (*good + 1, false);
                if *good >= GOOD_PROBES {
                    inner.recent = Seconds::new();
                    self.turn(inner, State::Closed { in_a_row: 0 });
                }
            }
            State::Open { .. } => {}
        }
    }

    fn bad(&self, inner: &mut Inner) {
        let opens = match &mut inner.state {
            State::Closed { in_a_row } => {
                *in_a_row += 1;
                inner.recent.add(BAD);
                let [good, bad] = inner.recent.counts(9);
                *in_a_row >= self.failures || (good + bad >= ENOUGH && bad >= good)
            }
            State::HalfOpen { .. } => true,
            State::Open { .. } => false,
        };
        if opens {
            self.turn(inner, State::Open { until: Instant::now() + self.open });
        }
    }

    fn turn(&self, inner: &mut Inner, state: State) {
        let (upstream, open_ms) = (self.upstream, u64::try_from(self.open.as_millis()).unwrap_or(u64::MAX));
        let shown = match state {
            State::Closed { .. } => {
                tracing::info!(upstream, "the circuit breaker closes: it works again");
                0.0
            }
            State::HalfOpen { .. } => 1.0,
            State::Open { .. } => {
                tracing::warn!(upstream, open_ms, "the circuit breaker opens: it failed too often");
                metrics::counter!(UPSTREAM_BREAKER_OPENED, "upstream" => upstream).increment(1);
                2.0
            }
        };
        metrics::gauge!(UPSTREAM_BREAKER_STATE, "upstream" => upstream).set(shown);
        inner.state = state;
        inner.generation += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that is done under the lock can leave it half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The attempt was answered.
    pub(super) fn good(self) {
        self.tell(Breaker::good);
    }

    /// The upstream failed.
    pub(super) fn bad(self) {
        self.tell(Breaker::bad);
    }

    fn tell(mut self, what: impl FnOnce(&Breaker, &mut Inner)) {
        self.probe = false;
        let mut inner = self.breaker.lock();
        if inner.generation == self.generation {
            what(self.breaker, &mut inner);
        }
    }
}

impl Drop for Pass<'_> {
    /// A probe whose caller went away leaves its place to the next.
    fn drop(&mut self) {
        if !self.probe {
            return;
        }
        let mut inner = self.breaker.lock();
        if inner.generation == self.generation
            && let State::HalfOpen { probing, .. } = &mut inner.state
        {
            *probing = false;
        }
    }
}
