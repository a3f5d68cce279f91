//! The circuit breaker: an upstream that fails again and again is left alone for a while, and then tried by one call
//! at a time until it works.
//!
//! | state | what may pass | what changes it |
//! | --- | --- | --- |
//! | closed | everything | so many failures in a row, or half of at least 10 in 10 s: open |
//! | open | nothing | time: half-open |
//! | half-open | one probe at a time; who comes meanwhile waits for what it shows | a failed probe: open; two good ones: closed |

use super::failure::Failure;
use super::seconds::Seconds;
use crate::registry::ports::condition::BreakerState;
use crate::telemetry::metrics::{UPSTREAM_BREAKER_OPENED, UPSTREAM_BREAKER_STATE};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

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
    /// Told whenever a probe has ended.
    probed: Notify,
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
            probed: Notify::new(),
        }
    }

    /// How it stands now.
    pub(super) fn state(&self) -> BreakerState {
        match self.now().state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// Whether it is open and stays so until then.
    pub(super) fn is_open_at(&self, then: Instant) -> bool {
        matches!(self.now().state, State::Open { until } if until > then)
    }

    /// Leave to make an attempt; where a probe is under way, once that has shown something.
    pub(super) async fn enter(&self, deadline: Instant) -> Result<Pass<'_>, Failure> {
        loop {
            // Before the look, so that a probe that ends in between is not missed.
            let mut probed = pin!(self.probed.notified());
            probed.as_mut().enable();
            if let Some(pass) = self.try_enter()? {
                return Ok(pass);
            }
            timeout_at(deadline, probed).await.map_err(|_| Failure::OutOfTime)?;
        }
    }

    /// Leave to make an attempt now; none while somebody probes.
    fn try_enter(&self) -> Result<Option<Pass<'_>>, Failure> {
        let mut inner = self.now();
        let probe = match &mut inner.state {
            State::Closed { .. } => false,
            State::HalfOpen { probing: true, .. } => return Ok(None),
            State::HalfOpen { probing, .. } => {
                *probing = true;
                true
            }
            State::Open { .. } => return Err(Failure::BreakerOpen),
        };
        Ok(Some(Pass { breaker: self, generation: inner.generation, probe }))
    }

    /// What is inside, as it stands at this moment.
    fn now(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.lock();
        if let State::Open { until } = inner.state
            && Instant::now() >= until
        {
            self.turn(&mut inner, State::HalfOpen { good: 0, probing: false });
        }
        inner
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
        let probe = std::mem::take(&mut self.probe);
        let mut inner = self.breaker.lock();
        if inner.generation == self.generation {
            what(self.breaker, &mut inner);
        }
        if probe {
            self.breaker.probed.notify_waiters();
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
        self.breaker.probed.notify_waiters();
    }
}
