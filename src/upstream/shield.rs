//! What stands between a call and an upstream in trouble: retries that are few and budgeted, a circuit breaker, and a
//! bound on what is under way, all within the deadline of the request.

use super::breaker::Breaker;
use super::budget::Budget;
use super::failure::{Failed, Failure};
use super::flight::Flight;
use super::limits::Limits;
use crate::registry::ports::condition::{BreakerState, Condition};
use crate::telemetry::metrics::{UPSTREAM_REFUSED, UPSTREAM_RETRIES};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tower::util::rng::{HasherRng, Rng};

/// The pause before the first retry, of which half or more is waited; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// The shield of one upstream.
pub(super) struct Shield {
    upstream: &'static str,
    retries: u32,
    breaker: Breaker,
    budget: Budget,
    flight: Flight,
}

impl Shield {
    pub(super) fn new(upstream: &'static str, limits: &Limits) -> Self {
        Self {
            upstream,
            retries: limits.retries,
            breaker: Breaker::new(upstream, limits.breaker_failures, limits.breaker_open),
            budget: Budget::new(),
            flight: Flight::new(upstream, limits.in_flight, limits.waiting),
        }
    }

    /// How it stands now.
    pub(super) fn condition(&self) -> Condition {
        let (in_flight, waiting) = self.flight.counts();
        Condition { breaker: self.breaker.state(), in_flight, waiting }
    }

    /// Makes an attempt, and perhaps others: what is asked must be safe to repeat. Where a retry is not to be had, the
    /// failure of the last attempt is told.
    pub(super) async fn run<T, F>(&self, deadline: Instant, attempt: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        let mut failed = match self.once(deadline, &attempt, true).await {
            Ok(answer) => return Ok(answer),
            Err(failed) => failed,
        };
        for retry in 0..self.retries {
            let Some(pause) = pause(retry, &failed, deadline) else { break };
            // What could not be asked then is not waited for now.
            if self.breaker.is_open_at(Instant::now() + pause) {
                break;
            }
            // Looked at before the pause and taken after it: it is the attempts that are bounded, when they are made.
            if self.budget.is_spent() {
                self.refused("retry_budget");
                break;
            }
            sleep(pause).await;
            if !self.budget.retry() {
                self.refused("retry_budget");
                break;
            }
            metrics::counter!(UPSTREAM_RETRIES, "upstream" => self.upstream).increment(1);
            failed = match self.once(deadline, &attempt, false).await {
                Ok(answer) => return Ok(answer),
                Err(Failed { failure: Failure::BreakerOpen | Failure::Crowded, .. }) => break,
                Err(failed) => failed,
            };
        }
        Err(failed.failure)
    }

    /// One attempt, if one may be made.
    async fn once<T, F>(
        &self,
        deadline: Instant,
        attempt: impl Fn() -> F,
        is_first: bool,
    ) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        // Nobody waits for a place only to hear that there is nothing to be had.
        if self.breaker.state() == BreakerState::Open {
            return Err(self.turned_away(Failure::BreakerOpen));
        }
        let _place = self.flight.enter(deadline).await.map_err(|failure| self.turned_away(failure))?;
        let pass = self.breaker.enter(deadline).await.map_err(|failure| self.turned_away(failure))?;
        if is_first {
            self.budget.call();
        }
        let ended = attempt().await;
        match &ended {
            Ok(_) => pass.good(),
            Err(failed) => match failed.failure.blames_upstream() {
                Some(true) => pass.bad(),
                Some(false) => pass.good(),
                None => drop(pass),
            },
        }
        ended
    }

    fn turned_away(&self, failure: Failure) -> Failed {
        match failure {
            Failure::BreakerOpen => self.refused("breaker_open"),
            Failure::Crowded => self.refused("crowded"),
            _ => {}
        }
        failure.into()
    }

    fn refused(&self, reason: &'static str) {
        metrics::counter!(UPSTREAM_REFUSED, "upstream" => self.upstream, "reason" => reason).increment(1);
    }
}

/// How long to wait before this retry, counted from 0; `None` where it would help nobody, or come too late.
fn pause(retry: u32, failed: &Failed, deadline: Instant) -> Option<Duration> {
    if !failed.failure.may_pass() {
        return None;
    }
    // Callers that failed together do not come back together.
    let spread = 0.5 + HasherRng::new().next_f64() / 2.0;
    let own = PAUSE.saturating_mul(1 << retry.min(8)).mul_f64(spread);
    let pause = failed.retry_after.map_or(own, |asked| asked.saturating_add(own));
    Instant::now().checked_add(pause).filter(|at| *at < deadline).map(|_| pause)
}
