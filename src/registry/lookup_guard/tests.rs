use super::*;
use crate::registry::caller::Caller;
use crate::registry::ports::access::{
    AccessManager, Action, Asked, Decision, Identity, NoDecision, Organizations, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use async_trait::async_trait;
use futures::FutureExt;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;
use uuid::Uuid;

const ONE: OrganizationId = OrganizationId(Uuid::from_u128(1));
const OTHER: OrganizationId = OrganizationId(Uuid::from_u128(2));

/// Nobody asks it: the guard comes behind the permission.
struct Unasked;

#[async_trait]
impl AccessManager for Unasked {
    async fn identify(&self, _: Option<&str>) -> Result<Identity, Unidentified> {
        Err(Unidentified::Unavailable)
    }

    async fn decide(&self, _: &Call, _: Resource, _: Action) -> Result<Decision, NoDecision> {
        Ok(Decision::Denied)
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

fn called_by(subject: &str, asked_as: Asked, organization: OrganizationId) -> Caller {
    let mut call = Call::of_service(subject, Duration::from_secs(600));
    call.identity = Identity {
        token: Some("a.b.c".into()),
        subject: subject.to_owned(),
        expires: None,
        asked_as,
        organizations: Organizations::Any,
    };
    Caller::new(call, organization, Arc::new(Unasked))
}

fn ana() -> Caller {
    called_by("owner/ana", Asked::Person("owner/ana".to_owned()), ONE)
}

/// Looks something up that is there, or is not; the seconds to wait where it is refused.
async fn look_up(guard: &LookupGuard, caller: &Caller, is_there: bool) -> Result<(), u64> {
    match guard.look_up(caller, async { Ok(is_there) }, |found| *found).await {
        Ok(found) => {
            assert_eq!(found, is_there);
            Ok(())
        }
        Err(Failure::RateLimited(guarded)) => Err(guarded.seconds),
        Err(other) => panic!("{other:?}"),
    }
}

async fn miss(guard: &LookupGuard) -> Result<(), u64> {
    look_up(guard, &ana(), false).await
}

async fn hit(guard: &LookupGuard) -> Result<(), u64> {
    look_up(guard, &ana(), true).await
}

async fn pass(milliseconds: u64) {
    tokio::time::advance(Duration::from_millis(milliseconds)).await;
}

#[tokio::test(start_paused = true)]
async fn who_has_missed_too_often_is_refused_until_the_first_miss_is_a_minute_old() {
    let guard = LookupGuard::new(Some(3));
    assert_eq!(miss(&guard).await, Ok(()));
    pass(30_000).await;
    assert_eq!([miss(&guard).await, miss(&guard).await], [Ok(()); 2]);
    assert_eq!(miss(&guard).await, Err(31), "till the end of the second in which the first is a minute old");
    assert_eq!(hit(&guard).await, Err(31), "nobody can tell before whether it would be a hit");
    pass(30_999).await;
    assert_eq!(miss(&guard).await, Err(1));
    pass(1).await;
    assert_eq!(miss(&guard).await, Ok(()));
    assert_eq!(miss(&guard).await, Err(30), "the other two came half a minute later");
    pass(30_000).await;
    assert_eq!([miss(&guard).await, miss(&guard).await], [Ok(()); 2]);
    assert_eq!(miss(&guard).await, Err(31));
    pass(1_000_000).await;
    assert_eq!([miss(&guard).await, miss(&guard).await, miss(&guard).await], [Ok(()); 3]);
    assert!(miss(&guard).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn look_ups_that_find_somebody_cost_nothing() {
    let guard = LookupGuard::new(Some(1));
    for _ in 0..1_000 {
        assert_eq!(hit(&guard).await, Ok(()));
    }
    assert_eq!(miss(&guard).await, Ok(()));
    assert!(miss(&guard).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_refused_look_up_is_not_made_and_makes_the_wait_no_longer() {
    let guard = LookupGuard::new(Some(1));
    miss(&guard).await.unwrap();
    for _ in 0..100 {
        let never = async { unreachable!("it is looked up all the same") };
        let refused = guard.look_up(&ana(), never, |found: &bool| *found).await;
        assert_eq!(refused, Err(Failure::RateLimited(Guarded { limit: 1, seconds: 61 })));
    }
    pass(61_000).await;
    assert_eq!(miss(&guard).await, Ok(()));
}

/// Many look-ups at once, whose outcomes come when the test says so.
struct Crowd {
    guard: Arc<LookupGuard>,
    made: Arc<AtomicUsize>,
    outcome: watch::Sender<Option<bool>>,
    asking: Vec<tokio::task::JoinHandle<Result<bool, Failure>>>,
}

impl Crowd {
    async fn of(many: usize, limit: u32) -> Self {
        let (outcome, _) = watch::channel(None);
        let guard = Arc::new(LookupGuard::new(Some(limit)));
        let mut crowd = Self { guard, made: Arc::default(), outcome, asking: Vec::new() };
        for _ in 0..many {
            let (guard, made, mut told) =
                (crowd.guard.clone(), crowd.made.clone(), crowd.outcome.subscribe());
            crowd.asking.push(tokio::spawn(async move {
                let work = async move {
                    made.fetch_add(1, Ordering::SeqCst);
                    let told = told.wait_for(Option::is_some).await.map_err(|_| Failure::StoreUnavailable)?;
                    Ok(told.unwrap_or_default())
                };
                guard.look_up(&ana(), work, |found| *found).await
            }));
        }
        crowd.settle().await;
        crowd
    }

    /// Lets all go as far as they can.
    async fn settle(&self) {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
    }

    async fn ended(self) -> Vec<Result<bool, Failure>> {
        let ended = futures::future::join_all(self.asking).await;
        ended.into_iter().map(Result::unwrap).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn look_ups_under_way_at_once_miss_no_oftener_than_the_limit() {
    let crowd = Crowd::of(50, 7).await;
    assert_eq!(crowd.made.load(Ordering::SeqCst), 7, "the others wait, since these may all miss");
    crowd.outcome.send_replace(Some(false));
    let made = crowd.made.clone();
    let ended = crowd.ended().await;
    assert_eq!(ended.iter().filter(|one| **one == Ok(false)).count(), 7);
    assert_eq!(ended.iter().filter(|one| matches!(one, Err(Failure::RateLimited(_)))).count(), 43);
    assert_eq!(made.load(Ordering::SeqCst), 7);
}

#[tokio::test(start_paused = true)]
async fn look_ups_under_way_at_once_that_find_somebody_are_all_made() {
    let crowd = Crowd::of(50, 7).await;
    assert_eq!(crowd.made.load(Ordering::SeqCst), 7);
    crowd.outcome.send_replace(Some(true));
    assert_eq!(crowd.ended().await, vec![Ok(true); 50]);
}

#[tokio::test(start_paused = true)]
async fn what_fails_or_is_given_up_tells_nobody_anything_and_is_not_counted() {
    let guard = LookupGuard::new(Some(1));
    for _ in 0..10 {
        let failed = async { Err::<bool, _>(Failure::StoreUnavailable) };
        let failed = guard.look_up(&ana(), failed, |found| *found).await;
        assert_eq!(failed, Err(Failure::StoreUnavailable));
        let given_up = ana();
        let mut given_up = Box::pin(guard.look_up(&given_up, std::future::pending(), |found: &bool| *found));
        assert!(given_up.as_mut().now_or_never().is_none());
        drop(given_up);
    }
    assert_eq!(miss(&guard).await, Ok(()));
    assert!(miss(&guard).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_goes_on_where_those_before_have_given_up() {
    let crowd = Crowd::of(3, 1).await;
    assert_eq!(crowd.made.load(Ordering::SeqCst), 1);
    crowd.asking[0].abort();
    crowd.settle().await;
    assert_eq!(crowd.made.load(Ordering::SeqCst), 2);
    // Of those who wait, one gives up after it was woken.
    crowd.asking[1].abort();
    crowd.asking[2].abort();
    crowd.settle().await;
    assert_eq!(hit(&crowd.guard).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_the_request_may_take() {
    let guard = LookupGuard::new(Some(1));
    let slow = ana();
    let mut slow = Box::pin(guard.look_up(&slow, std::future::pending(), |found: &bool| *found));
    assert!(slow.as_mut().now_or_never().is_none());
    let waited = guard.look_up(&ana(), async { Ok(true) }, |found| *found).await;
    assert_eq!(waited, Err(Failure::Timeout));
}

#[tokio::test(start_paused = true)]
async fn ones_misses_take_nothing_from_another_subject_kind_of_caller_or_organization() {
    let guard = LookupGuard::new(Some(1));
    miss(&guard).await.unwrap();
    assert!(miss(&guard).await.is_err());
    let person = || Asked::Person(String::new());
    for other in [
        called_by("owner/bob", person(), ONE),
        called_by("owner/ana", person(), OTHER),
        called_by("owner/ana", Asked::Application, ONE),
        called_by("", Asked::Application, ONE),
    ] {
        assert_eq!(look_up(&guard, &other, false).await, Ok(()));
        assert!(look_up(&guard, &other, false).await.is_err());
    }
    let fresh_token = called_by("owner/ana", person(), ONE);
    assert!(look_up(&guard, &fresh_token, true).await.is_err(), "a new token is the same subject");
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_is_refused() {
    let guard = LookupGuard::new(None);
    for _ in 0..1_000 {
        assert_eq!(miss(&guard).await, Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_subjects_are_remembered_than_there_may_be_and_newcomers_are_counted() {
    let guard = LookupGuard::sized(Some(1), 500);
    for index in 0..2_000 {
        let one = called_by(&format!("subject-{index}"), Asked::Application, ONE);
        assert_eq!(look_up(&guard, &one, false).await, Ok(()));
    }
    guard.watched.run_pending_tasks();
    assert!(guard.watched.entry_count() <= 500);
    assert_eq!(miss(&guard).await, Ok(()));
    assert!(miss(&guard).await.is_err());
}

/// What two metrics of the guard are: misses that were counted, and look-ups that were refused.
fn counted(metrics: &str, outcome: &str) -> u64 {
    let line = format!("holdergraph_lookup_misses_total{{outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|l| l.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn misses_and_refusals_are_counted_and_so_is_who_is_refused_now() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let guard = Arc::new(LookupGuard::new(Some(2)));
    let counting = guard.clone();
    let counting = tokio::spawn(async move { counting.keep_counting().await });
    let now = |subjects: u8| format!("holdergraph_lookup_guarded_subjects {subjects}\n");
    for _ in 0..2 {
        hit(&guard).await.unwrap();
        miss(&guard).await.unwrap();
    }
    tokio::task::yield_now().await;
    assert!(handle.render().contains(&now(0)), "{}", handle.render());
    for _ in 0..3 {
        assert!(miss(&guard).await.is_err());
    }
    let metrics = handle.render();
    assert_eq!((counted(&metrics, "counted"), counted(&metrics, "refused")), (2, 3), "{metrics}");
    assert!(metrics.contains(&now(1)) && !metrics.contains("ana"), "{metrics}");
    tokio::time::sleep(Duration::from_secs(70)).await;
    assert!(handle.render().contains(&now(0)), "nobody asks any more: {}", handle.render());
    counting.abort();
}

#[test]
fn the_log_is_told_once_a_subject_and_minute() {
    let watched = Watched::new();
    let told = |seconds| match watched.begin(1, Duration::from_secs(seconds)) {
        Told::Stop { log, .. } => log,
        Told::Go | Told::Wait => panic!("it is not refused"),
    };
    let miss = |seconds| {
        assert!(matches!(watched.begin(1, Duration::from_secs(seconds)), Told::Go));
        watched.end(1, Duration::from_secs(seconds), true);
    };
    miss(10);
    assert_eq!([told(10), told(11), told(69), told(70)], [true, false, false, true]);
    miss(71);
    assert_eq!([told(72), told(129), told(130)], [false, false, true]);
}

/// What happens next: so much time passes, then so many are looked up at once, of which some are there.
type Step = (u64, Vec<bool>);

proptest! {
    /// Whatever comes when: never more than the limit within any minute; and who is refused has missed that often.
    #[test]
    fn no_sequence_misses_oftener_than_the_limit_within_any_minute(
        limit in 1u32..12,
        steps in prop::collection::vec(
            (prop_oneof![0u64..2_000, 0u64..61_000], prop::collection::vec(any::<bool>(), 1..15)),
            1..40,
        ),
    ) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(sequence(limit, steps));
    }
}

async fn sequence(limit: u32, steps: Vec<Step>) {
    let (guard, began) = (LookupGuard::new(Some(limit)), Instant::now());
    let mut misses: Vec<Duration> = Vec::new();
    for (milliseconds, there) in steps {
        pass(milliseconds).await;
        let caller = ana();
        let asked = there.iter().map(|there| look_up(&guard, &caller, *there));
        let told = futures::future::join_all(asked).await;
        let now = began.elapsed();
        let missed = there.iter().zip(&told).filter(|(there, told)| !**there && told.is_ok()).count();
        misses.extend(std::iter::repeat_n(now, missed));
        let counted = misses.iter().filter(|miss| now - **miss < Duration::from_secs(61)).count();
        for seconds in told.iter().filter_map(|told| told.err()) {
            assert!(counted >= limit as usize, "refused after {counted} misses");
            assert!((1..=61).contains(&seconds));
        }
        for from in &misses {
            let within = |miss: &&Duration| **miss >= *from && **miss - *from < Duration::from_secs(60);
            assert!(misses.iter().filter(within).count() <= limit as usize, "{misses:?}");
        }
    }
}
