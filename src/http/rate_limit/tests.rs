use super::*;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

const ONE: OrganizationId = OrganizationId(Uuid::from_u128(1));
const OTHER: OrganizationId = OrganizationId(Uuid::from_u128(2));

/// A limit whose time passes only when the test says so.
struct Bench {
    limit: RateLimit,
    milliseconds: Arc<AtomicU64>,
}

impl Bench {
    fn new(per_minute: u32, burst: u32) -> Self {
        Self::sized(per_minute, burst, BUCKETS_MAX)
    }

    fn sized(per_minute: u32, burst: u32, buckets: u64) -> Self {
        let milliseconds = Arc::new(AtomicU64::new(0));
        let (began, passed) = (Instant::now(), milliseconds.clone());
        let clock = move || began + Duration::from_millis(passed.load(Ordering::SeqCst));
        Self { limit: RateLimit::sized(Rate { per_minute, burst }, Arc::new(clock), buckets), milliseconds }
    }

    fn pass(&self, milliseconds: u64) {
        self.milliseconds.fetch_add(milliseconds, Ordering::SeqCst);
    }

    fn take(&self, requests: u32) -> Result<u32, Option<u64>> {
        self.limit.take("ana", ONE, requests).map(|left| left.left).map_err(|wait| wait.seconds)
    }
}

#[test]
fn a_burst_is_let_through_and_then_one_request_at_a_time_comes_back() {
    let bench = Bench::new(60, 3);
    assert_eq!([bench.take(1), bench.take(1), bench.take(1)], [Ok(2), Ok(1), Ok(0)]);
    assert_eq!(bench.take(1), Err(Some(1)));
    bench.pass(999);
    assert_eq!(bench.take(1), Err(Some(1)));
    bench.pass(1);
    assert_eq!([bench.take(1), bench.take(1)], [Ok(0), Err(Some(1))]);
    bench.pass(3_600_000);
    assert_eq!(bench.take(1), Ok(2), "a bucket holds no more than the burst");
}

#[test]
fn who_waits_as_long_as_told_is_let_through() {
    let bench = Bench::new(7, 2);
    assert_eq!(bench.take(2), Ok(0));
    let Err(Some(seconds)) = bench.take(2) else { panic!("taken") };
    assert_eq!(seconds, 18, "two requests at 8.57 s each, rounded up");
    bench.pass((seconds - 1) * 1_000);
    assert!(bench.take(2).is_err());
    bench.pass(1_000);
    assert!(bench.take(2).is_ok());
}

#[test]
fn of_those_that_are_refused_one_after_the_other_only_the_first_is_one_to_be_told() {
    let bench = Bench::new(60, 2);
    let first = || bench.limit.take("ana", ONE, 1).unwrap_err().is_first;
    assert_eq!(bench.take(2), Ok(0));
    assert_eq!([first(), first(), first()], [true, false, false]);
    // To look whether there is room changes nothing.
    bench.pass(500);
    assert_eq!(bench.take(0), Ok(0));
    assert!(!first());
    bench.pass(500);
    assert_eq!(bench.take(1), Ok(0));
    assert_eq!([first(), first()], [true, false]);
}

#[test]
fn a_batch_is_taken_as_a_whole_or_not_at_all() {
    let bench = Bench::new(60, 10);
    assert_eq!(bench.take(8), Ok(2));
    assert_eq!(bench.take(3), Err(Some(1)));
    assert_eq!(bench.take(2), Ok(0), "the refused batch took nothing");
    assert_eq!(bench.take(0), Ok(0));
}

#[test]
fn a_batch_over_the_burst_never_gets_through_and_is_told_so() {
    let bench = Bench::new(600, 10);
    let wait = bench.limit.take("ana", ONE, 11).unwrap_err();
    assert_eq!(wait, Wait { seconds: None, limit: 600, burst: 10, is_first: true });
    assert!(wait.to_string().contains("send at most 10 requests at once"), "{wait}");
    assert_eq!(bench.take(10), Ok(0), "it took nothing");
    let wait = bench.limit.take("ana", ONE, 1).unwrap_err();
    assert!(
        wait.to_string().contains("600 requests a minute") && wait.to_string().contains("in 1 s"),
        "{wait}"
    );
}

#[test]
fn nothing_is_taken_by_a_refused_request() {
    let bench = Bench::new(60, 1);
    assert_eq!(bench.take(1), Ok(0));
    for _ in 0..1_000 {
        assert_eq!(bench.take(1), Err(Some(1)));
    }
    bench.pass(1_000);
    assert_eq!(bench.take(1), Ok(0));
}

#[test]
fn one_subjects_or_organizations_load_takes_nothing_from_another() {
    let bench = Bench::new(60, 5);
    let left = |subject: &str, organization| bench.limit.take(subject, organization, 1).map(|left| left.left);
    for _ in 0..100 {
        let _ = bench.take(1);
    }
    assert!(left("ana", ONE).is_err());
    assert_eq!(left("bob", ONE), Ok(4));
    assert_eq!(left("ana", OTHER), Ok(4));
    assert_eq!(left("", ONE), Ok(4), "a token without a subject has a bucket like any other");
}

#[test]
fn who_is_new_is_counted_also_where_very_many_came_before() {
    let bench = Bench::sized(60, 2, 1_000);
    for index in 0..3_000 {
        bench.limit.take(&format!("subject-{index}"), ONE, 1).unwrap();
    }
    bench.limit.buckets.run_pending_tasks();
    assert!(bench.limit.buckets.entry_count() <= 1_000);
    assert_eq!([bench.take(1), bench.take(1), bench.take(1)], [Ok(1), Ok(0), Err(Some(1))]);
}

#[test]
fn many_threads_together_take_no_more_than_one() {
    let bench = Bench::new(60, 100);
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..50).filter(|_| bench.take(1).is_ok()).count())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, 100);
}

proptest! {
    /// Whatever comes when: never more than the burst and what came back since.
    #[test]
    fn no_sequence_gets_more_than_the_rate(
        per_minute in 1u32..5_000,
        burst in 1u32..50,
        steps in prop::collection::vec((0u64..3_000, 0u32..60), 1..60),
    ) {
        let bench = Bench::new(per_minute, burst);
        let (mut passed, mut taken) = (0, 0u64);
        for (milliseconds, requests) in steps {
            bench.pass(milliseconds);
            passed += milliseconds;
            if let Ok(left) = bench.take(requests) {
                taken += u64::from(requests);
                prop_assert!(left <= burst);
            }
            // One more for what an interval is rounded down by.
            prop_assert!(taken <= u64::from(burst) + passed * u64::from(per_minute) / 60_000 + 1);
        }
    }
}
