//! How many calls may be tried again: retries that are not bounded make a slow upstream a dead one.
//!
//! `tower`'s budget adds its floor to its share; here the larger of the two is the bound, and the seconds are counted
//! so that any doubt is for the upstream.

use super::seconds::Seconds;
use std::sync::{Mutex, PoisonError};

/// One retry for so many calls.
const CALLS_A_RETRY: u64 = 10;
/// So many retries in ten seconds are always let pass, two a second, so that a quiet service can retry.
const FLOOR: u64 = 20;

const CALL: usize = 0;
const RETRY: usize = 1;

/// Lets at most 10 % of the calls of the last ten seconds be tried again, or the floor where that is more.
pub(super) struct Budget(Mutex<Seconds>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Seconds::new()))
    }

    /// A call goes out for the first time.
    pub(super) fn call(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(CALL);
    }

    /// Whether nothing more may be tried again now.
    pub(super) fn is_spent(&self) -> bool {
        is_spent(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether one more may be tried again now; if so, it counts.
    pub(super) fn retry(&self) -> bool {
        let mut seconds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = !is_spent(&seconds);
        if may {
            seconds.add(RETRY);
        }
        may
    }
}

fn is_spent(seconds: &Seconds) -> bool {
    // Calls of surely no more than ten seconds, retries of surely no less.
    let ([calls, _], [_, retries]) = (seconds.counts(9), seconds.counts(10));
    retries >= FLOOR.max(calls / CALLS_A_RETRY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;
    use tokio::time::{Instant, advance};

    /// Calls and retries that were let pass, with their times, and the bound looked at on each retry.
    #[derive(Default)]
    struct Told {
        calls: Vec<Instant>,
        retries: Vec<Instant>,
    }

    impl Told {
        fn look(&self) {
            let now = Instant::now();
            let recent = |times: &[Instant]| {
                times.iter().filter(|time| now - **time <= Duration::from_secs(10)).count() as u64
            };
            let (calls, retries) = (recent(&self.calls), recent(&self.retries));
            assert!(retries <= FLOOR.max(calls / CALLS_A_RETRY), "{retries} retries of {calls} calls");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_service_may_retry_twice_a_second_and_a_busy_one_a_tenth_of_its_calls() {
        let budget = Budget::new();
        assert_eq!((0..100).filter(|_| budget.retry()).count(), 20);
        advance(Duration::from_secs(12)).await;
        (0..1000).for_each(|_| budget.call());
        assert_eq!((0..1000).filter(|_| budget.retry()).count(), 100);
    }

    proptest! {
        #[test]
        fn in_ten_seconds_never_more_than_a_tenth_or_the_floor(
            steps in proptest::collection::vec((0u64..3000, 0usize..60, 0usize..40), 1..60),
        ) {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_time().start_paused(true).build().unwrap().block_on(async {
                let (budget, mut told) = (Budget::new(), Told::default());
                for (pause, calls, retries) in steps {
                    advance(Duration::from_millis(pause)).await;
                    for _ in 0..calls {
                        budget.call();
                        told.calls.push(Instant::now());
                    }
                    for _ in 0..retries {
                        if budget.retry() {
                            told.retries.push(Instant::now());
                            told.look();
                        }
                    }
                }
            });
        }
    }
}
