//! The shield on a virtual clock: what is attempted, when, and how often.

use super::super::failure::{Failed, Failure};
use super::super::limits::Limits;
use super::super::shield::Shield;
use crate::registry::ports::condition::{BreakerState, Condition};
use futures::future::{join_all, pending};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);
/// Far beyond what any test waits for.
const PATIENCE: Duration = Duration::from_secs(3600);

fn shield() -> Shield {
    Shield::new("ledger", &Limits::default())
}

fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

fn down() -> Failed {
    Failure::Status(503).into()
}

/// An upstream that answers as it is told, and counts.
#[derive(Default)]
struct Upstream {
    attempts: RefCell<Vec<Instant>>,
    works: Cell<bool>,
}

impl Upstream {
    async fn call(&self, shield: &Shield) -> Result<(), Failure> {
        shield
            .run(deadline(), || async {
                self.attempts.borrow_mut().push(Instant::now());
                if self.works.get() { Ok(()) } else { Err(down()) }
            })
            .await
    }

    fn attempts(&self) -> usize {
        self.attempts.borrow().len()
    }
}

/// Fails until the breaker opens.
async fn opened(shield: &Shield, upstream: &Upstream) {
    while shield.condition().breaker == BreakerState::Closed {
        assert_eq!(upstream.call(shield).await, Err(Failure::Status(503)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_at_most_twice_again_with_pauses_that_grow_and_differ() {
    let mut pauses = Vec::new();
    for _ in 0..20 {
        let (shield, upstream) = (shield(), Upstream::default());
        assert_eq!(upstream.call(&shield).await, Err(Failure::Status(503)));
        let at = upstream.attempts.borrow();
        assert_eq!(at.len(), 3);
        pauses.push((at[1] - at[0], at[2] - at[1]));
    }
    let within = |pause: Duration, most: u64| {
        (Duration::from_millis(most / 2)..=Duration::from_millis(most + 2)).contains(&pause)
    };
    assert!(pauses.iter().all(|(first, second)| within(*first, 100) && within(*second, 200)), "{pauses:?}");
    assert!(pauses.iter().any(|pause| *pause != pauses[0]), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_asked_once() {
    for failure in [
        Failure::Status(302),
        Failure::Status(400),
        Failure::Status(404),
        Failure::Status(501),
        Failure::TooLong(1),
        Failure::Unexpected("x"),
        Failure::OutOfTime,
        Failure::Unsendable,
    ] {
        let attempts = Cell::new(0);
        let told = shield()
            .run(deadline(), || async {
                attempts.set(attempts.get() + 1);
                Err::<(), Failed>(failure.clone().into())
            })
            .await;
        assert_eq!((told, attempts.get()), (Err(failure.clone()), 1), "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for_within_the_deadline_and_beyond_it_nothing_is() {
    for (asked, patience, attempts) in [(3, 5, 2), (3, 2, 1), (0, 5, 2), (u64::MAX, 5, 1)] {
        let (seen, began) = (RefCell::new(Vec::new()), Instant::now());
        let told = shield()
            .run(began + SECOND * patience, || async {
                seen.borrow_mut().push(began.elapsed());
                let retry_after = Some(Duration::from_secs(asked));
                match seen.borrow().len() {
                    1 => Err(Failed { failure: Failure::Status(429), retry_after }),
                    _ => Ok(()),
                }
            })
            .await;
        let seen = seen.into_inner();
        assert_eq!(seen.len(), attempts, "{asked} {patience}");
        assert_eq!(told.is_ok(), attempts == 2);
        assert!(seen.iter().skip(1).all(|at| at.as_secs() >= asked), "{seen:?}");
        assert!(began.elapsed() < SECOND * patience);
    }
}

#[tokio::test(start_paused = true)]
async fn over_ten_seconds_never_more_than_a_tenth_more_or_two_a_second() {
    for (calls_a_second, seconds, retry_after) in [(1, 60, 0), (10, 40, 0), (200, 40, 0), (20, 60, 8)] {
        let shield = shield();
        let (calls, attempts) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let under_way = AtomicUsize::new(0);
        let one = |number: usize| {
            let (shield, calls, attempts, under_way) = (&shield, &calls, &attempts, &under_way);
            async move {
                sleep(SECOND * number as u32 / calls_a_second).await;
                calls.borrow_mut().push(Instant::now());
                // Three of ten attempts fail, never half of those that are near each other: the breaker is not what
                // bounds them.
                let told = shield
                    .run(deadline(), || async {
                        attempts.borrow_mut().push(Instant::now());
                        let fails = matches!(under_way.fetch_add(1, Ordering::SeqCst) % 10, 0 | 3 | 6);
                        let retry_after = Some(Duration::from_secs(retry_after));
                        if fails {
                            Err(Failed { failure: Failure::Status(503), retry_after })
                        } else {
                            Ok(())
                        }
                    })
                    .await;
                drop(told);
            }
        };
        join_all((0..calls_a_second as usize * seconds).map(one)).await;
        let (calls, attempts) = (calls.into_inner(), attempts.into_inner());
        assert_eq!(shield.condition().breaker, BreakerState::Closed);
        for end in attempts.iter() {
            let recent = |at: &&Instant| **at <= *end && end.duration_since(**at) <= Duration::from_secs(10);
            let (asked, tried) =
                (calls.iter().filter(recent).count(), attempts.iter().filter(recent).count());
            // It is bounded when a retry is made; a moment later some of the calls may be older than ten seconds.
            let extra = tried.saturating_sub(asked);
            assert!(extra <= 20.max(asked / 10 + asked / 50), "{extra} more than {asked}");
        }
        let most = calls.len() / 10 + 20 * (seconds / 10 + 1);
        assert!(attempts.len() - calls.len() <= most, "{} of {}", attempts.len(), calls.len());
        assert!(attempts.len() > calls.len());
    }
}

#[tokio::test(start_paused = true)]
async fn five_failures_in_a_row_open_the_breaker_and_then_nothing_is_attempted() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    assert_eq!(upstream.attempts(), 5);
    for _ in 0..1000 {
        assert_eq!(upstream.call(&shield).await, Err(Failure::BreakerOpen));
        advance(Duration::from_millis(9)).await;
    }
    assert_eq!(upstream.attempts(), 5);
}

#[tokio::test(start_paused = true)]
async fn half_of_at_least_ten_open_it_too_and_half_of_fewer_or_of_long_ago_do_not() {
    let limits = Limits { retries: 0, ..Limits::default() };
    let (shield, upstream) = (Shield::new("ledger", &limits), Upstream::default());
    for round in 0..9 {
        upstream.works.set(round % 2 == 0);
        drop(upstream.call(&shield).await);
    }
    advance(SECOND * 11).await;
    for round in 0..9 {
        upstream.works.set(round % 2 == 0);
        drop(upstream.call(&shield).await);
    }
    assert_eq!(shield.condition().breaker, BreakerState::Closed);
    upstream.works.set(false);
    drop(upstream.call(&shield).await);
    assert_eq!(shield.condition().breaker, BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn answers_that_blame_the_caller_do_not_open_it() {
    let shield = shield();
    for failure in [Failure::Status(400), Failure::Status(404), Failure::Status(422), Failure::OutOfTime] {
        for _ in 0..50 {
            let told = shield.run(deadline(), || async { Err::<(), Failed>(failure.clone().into()) }).await;
            assert_eq!(told, Err(failure.clone()));
        }
    }
    assert_eq!(shield.condition().breaker, BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn it_heals_by_itself_within_one_probe_interval_with_two_good_probes() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    upstream.works.set(true);
    advance(SECOND * 10).await;
    assert_eq!(shield.condition().breaker, BreakerState::HalfOpen);
    assert_eq!(upstream.call(&shield).await, Ok(()));
    assert_eq!(shield.condition().breaker, BreakerState::HalfOpen);
    assert_eq!(upstream.call(&shield).await, Ok(()));
    assert_eq!(shield.condition().breaker, BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_failed_probe_opens_it_again_and_is_not_tried_again() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    for interval in 1..10 {
        advance(SECOND * 10).await;
        assert_eq!(upstream.call(&shield).await, Err(Failure::Status(503)));
        assert_eq!(upstream.call(&shield).await, Err(Failure::BreakerOpen));
        assert_eq!(upstream.attempts(), 5 + interval);
    }
}

#[tokio::test(start_paused = true)]
async fn one_probe_at_a_time_and_one_whose_caller_goes_away_leaves_its_place() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    advance(SECOND * 10).await;
    upstream.works.set(true);
    let probe = shield.run(deadline(), pending::<Result<(), Failed>>);
    let other = async {
        yield_now().await;
        let condition = Condition { breaker: BreakerState::HalfOpen, in_flight: 1, waiting: 0 };
        assert_eq!(shield.condition(), condition);
        let told = upstream.call(&shield).await;
        (told, Instant::now())
    };
    let began = Instant::now();
    let (gone, (told, at)) = tokio::join!(timeout(SECOND, probe), other);
    assert!(gone.is_err());
    // It waited for the probe, and no longer.
    assert_eq!((told, at - began), (Ok(()), SECOND));
    assert_eq!(upstream.attempts(), 6);
    assert_eq!(shield.condition(), Condition { breaker: BreakerState::HalfOpen, in_flight: 0, waiting: 0 });
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_it_is_probed_waits_and_none_fails_when_it_works() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    advance(SECOND * 10).await;
    let (began, attempts) = (Instant::now(), RefCell::new(Vec::new()));
    let calls = (0..20).map(|_| {
        shield.run(deadline(), || async {
            attempts.borrow_mut().push(began.elapsed().as_millis());
            sleep(Duration::from_millis(100)).await;
            Ok::<(), Failed>(())
        })
    });
    let told = join_all(calls).await;
    assert!(told.iter().all(Result::is_ok), "{told:?}");
    let attempts = attempts.into_inner();
    let at = |least: u128| attempts.iter().filter(|at| (least..least + 50).contains(*at)).count();
    // Two good probes, one after the other, and then all.
    assert_eq!((at(0), at(100), at(200)), (1, 1, 18), "{attempts:?}");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_probe_that_fails_is_turned_away_with_it() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    advance(SECOND * 10).await;
    let told = join_all((0..20).map(|_| {
        shield.run(deadline(), || async {
            upstream.attempts.borrow_mut().push(Instant::now());
            sleep(SECOND).await;
            Err::<(), Failed>(down())
        })
    }))
    .await;
    assert_eq!(told.iter().filter(|told| **told == Err(Failure::BreakerOpen)).count(), 19);
    assert_eq!(upstream.attempts(), 6);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_probe_beyond_the_deadline() {
    let (shield, upstream) = (shield(), Upstream::default());
    opened(&shield, &upstream).await;
    advance(SECOND * 10).await;
    let probe = timeout(SECOND * 60, shield.run(deadline(), pending::<Result<(), Failed>>));
    let other = async {
        yield_now().await;
        let began = Instant::now();
        let told = shield.run(began + SECOND, || async { Ok::<(), Failed>(()) }).await;
        assert_eq!((told, began.elapsed().as_secs()), (Err(Failure::OutOfTime), 1));
    };
    let (gone, ()) = tokio::join!(probe, other);
    assert!(gone.is_err());
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_not_waited_for_where_the_breaker_stays_open_beyond_it() {
    let limits = Limits { breaker_failures: 1, ..Limits::default() };
    let (shield, began) = (Shield::new("ledger", &limits), Instant::now());
    let told = shield
        .run(deadline(), || async {
            let retry_after = Some(SECOND * 8);
            Err::<(), Failed>(Failed { failure: Failure::Status(503), retry_after })
        })
        .await;
    assert_eq!((told, began.elapsed()), (Err(Failure::Status(503)), Duration::ZERO));
}

/// Attempts that end when they are let.
struct Gate {
    shield: Arc<Shield>,
    gate: Arc<Semaphore>,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Gate {
    fn new() -> Self {
        let (under_way, most) = (Arc::default(), Arc::default());
        Self { shield: Arc::new(shield()), gate: Arc::new(Semaphore::new(0)), under_way, most }
    }

    async fn call(&self, deadline: Instant) -> Result<(), Failure> {
        self.shield
            .run(deadline, || async {
                let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                self.gate.acquire().await.unwrap().forget();
                self.under_way.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
            .await
    }
}

#[tokio::test(start_paused = true)]
async fn so_many_are_under_way_so_many_wait_and_the_next_is_turned_away_at_once() {
    let gate = Gate::new();
    let began = Instant::now();
    let calls = join_all((0..400).map(|_| gate.call(deadline())));
    let look = async {
        yield_now().await;
        assert_eq!(
            gate.shield.condition(),
            Condition { breaker: BreakerState::Closed, in_flight: 64, waiting: 256 }
        );
        assert_eq!(began.elapsed(), Duration::ZERO);
        gate.gate.add_permits(400);
    };
    let (told, ()) = tokio::join!(calls, look);
    let turned_away = told.iter().filter(|told| **told == Err(Failure::Crowded)).count();
    assert_eq!((turned_away, told.iter().filter(|told| told.is_ok()).count()), (80, 320));
    assert_eq!(gate.most.load(Ordering::SeqCst), 64);
    assert_eq!(
        gate.shield.condition(),
        Condition { breaker: BreakerState::Closed, in_flight: 0, waiting: 0 }
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_place_beyond_the_deadline() {
    let gate = Gate::new();
    let held = join_all((0..64).map(|_| gate.call(deadline())));
    let late = async {
        yield_now().await;
        let told = gate.call(Instant::now() + SECOND).await;
        assert_eq!(told, Err(Failure::OutOfTime));
        gate.gate.add_permits(64);
    };
    tokio::join!(held, late);
    assert_eq!(gate.most.load(Ordering::SeqCst), 64);
}
