//! Entries that tell of no change: written in batches, never dropped, and never more than a second's worth at risk.

use super::memory::{Memory, Step};
use super::{organization, recorded};
use crate::audit::recorder::Recorder;
use crate::registry::ports::audit::AuditLog;
use crate::registry::ports::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// A recorder at work.
struct Bench {
    store: Arc<Memory>,
    recorder: Arc<Recorder>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Bench {
    fn new() -> Self {
        let store = Arc::new(Memory::default());
        let recorder = Arc::new(Recorder::new(store.clone()));
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn({
            let recorder = recorder.clone();
            async move { recorder.run(stopped).await }
        });
        Self { store, recorder, stop, running }
    }

    async fn record(&self, numbers: std::ops::Range<u32>) -> Result<(), StoreError> {
        self.recorder.record(recorded(organization(1), numbers)).await
    }

    fn stored(&self) -> usize {
        self.store.waiting(organization(1))
    }
}

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[tokio::test(start_paused = true)]
async fn entries_are_written_together_at_the_latest_half_a_second_after_they_came() {
    let bench = Bench::new();
    for number in 0..20 {
        bench.record(number..number + 1).await.unwrap();
        sleep(millis(5)).await;
    }
    assert_eq!(bench.stored(), 0, "none was written alone");
    sleep(millis(400)).await;
    assert_eq!((bench.stored(), bench.store.inner().kept.clone()), (20, vec![20]));
}

#[tokio::test(start_paused = true)]
async fn a_whole_batch_is_written_at_once() {
    let bench = Bench::new();
    bench.record(0..2_500).await.unwrap();
    sleep(millis(1)).await;
    assert_eq!(bench.store.inner().kept, [1_000, 1_000], "the rest waits for company");
    sleep(millis(300)).await;
    assert_eq!(bench.stored(), 2_500);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_fails_no_more_than_a_seconds_worth_is_taken_and_callers_are_told() {
    let bench = Bench::new();
    bench.store.fail(Step::Keep, true);
    bench.record(0..1).await.unwrap();
    sleep(millis(999)).await;
    bench.record(1..2).await.unwrap();
    sleep(millis(1)).await;
    let began = Instant::now();
    let told = bench.record(2..3).await.unwrap_err();
    assert!(matches!(told, StoreError::Unavailable(_)), "{told}");
    assert_eq!(began.elapsed(), Duration::from_secs(2), "they wait within a bound");
    assert_eq!(bench.recorder.unwritten(), 2, "what was not taken is not written later");
    bench.store.fail(Step::Keep, false);
    sleep(millis(2_000)).await;
    assert_eq!((bench.stored(), bench.recorder.unwritten()), (2, 0), "what was taken is never dropped");
    bench.record(3..4).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_goes_on_when_the_store_does() {
    let bench = Bench::new();
    bench.store.fail(Step::Keep, true);
    bench.record(0..1).await.unwrap();
    sleep(millis(1_100)).await;
    let waiting = tokio::spawn({
        let recorder = bench.recorder.clone();
        async move { recorder.record(recorded(organization(1), 1..2)).await }
    });
    sleep(millis(500)).await;
    bench.store.fail(Step::Keep, false);
    waiting.await.unwrap().unwrap();
    sleep(millis(1_000)).await;
    assert_eq!(bench.stored(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_more_is_taken_than_memory_has_room_for() {
    let bench = Bench::new();
    bench.store.fail(Step::Keep, true);
    bench.record(0..10_000).await.unwrap();
    assert!(bench.record(10_000..10_001).await.is_err());
    assert_eq!(bench.recorder.unwritten(), 10_000);
}

#[tokio::test(start_paused = true)]
async fn all_is_written_before_it_ends_and_nothing_is_taken_after() {
    let bench = Bench::new();
    bench.store.fail(Step::Keep, true);
    bench.record(0..1_500).await.unwrap();
    bench.stop.send_replace(true);
    sleep(millis(700)).await;
    assert!(!bench.running.is_finished(), "it tries again");
    bench.store.fail(Step::Keep, false);
    let (store, recorder) = (bench.store.clone(), bench.recorder.clone());
    bench.running.await.unwrap();
    assert_eq!(store.waiting(organization(1)), 1_500);
    let told = recorder.record(recorded(organization(1), 0..1)).await.unwrap_err();
    assert!(told.to_string().contains("not taken any more"), "{told}");
}
