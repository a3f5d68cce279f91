//! Faults that last until they are mended.

use super::super::super::calls::{PATIENT, PATIENT_OVER_MONGO};
use super::super::attempt::{Attempt, Told};
use super::super::proxy::{Fault, Which};
use super::{Behind, HASTY, done};
use futures::future::join_all;
use std::time::Duration;

#[tokio::test]
async fn connections_that_are_refused() {
    let behind = Behind::new(&HASTY);
    let proxy = &behind.proxy;
    for _ in 0..2 {
        let told = behind.through(async { proxy.refuse() }, || proxy.accept()).await;
        assert_eq!(done(&told), 0);
    }
    proxy.refuse();
    behind.ready(503).await;
    proxy.accept();
    behind.ready(200).await;
}

/// Nothing thaws before all answers are there: who waited for the database would wait for ever.
#[tokio::test]
async fn a_frozen_database() {
    let behind = Behind::new(&HASTY);
    let proxy = &behind.proxy;
    let told = behind.through(async { proxy.freeze() }, || proxy.thaw()).await;
    assert_eq!(done(&told), 0);
    proxy.freeze();
    behind.ready(503).await;
    proxy.thaw();
    behind.ready(200).await;
}

/// With the times that it has by itself too: within the request's, so that the client is told why.
#[tokio::test]
async fn a_frozen_database_and_nothing_set() {
    let behind = Behind::new(&[PATIENT[1], PATIENT[2]]);
    let proxy = &behind.proxy;
    let told = behind.through(async { proxy.freeze() }, || proxy.thaw()).await;
    assert_eq!(done(&told), 0);
}

#[tokio::test]
async fn a_database_that_freezes_among_the_writes() {
    let behind = Behind::new(&HASTY);
    let proxy = &behind.proxy;
    for after in [3, 17, 40] {
        let mend = || {
            assert!(!proxy.calm(), "so many writes were there");
            proxy.thaw();
        };
        behind.through(async { proxy.nth(after, Which::writes(), Fault::Freeze) }, mend).await;
    }
}

#[tokio::test]
async fn a_slow_database() {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let proxy = &behind.proxy;
    let slow = async { proxy.slow(Duration::from_millis(30)) };
    let told = behind.through(slow, || proxy.slow(Duration::ZERO)).await;
    assert_eq!(done(&told), told.len());
}

/// Each write is done, and nobody waits long enough to learn of it.
#[tokio::test]
async fn a_database_that_answers_too_late() {
    let behind = Behind::new(&HASTY);
    let proxy = &behind.proxy;
    let slow = async { proxy.slow(Duration::from_secs(5)) };
    let told = behind.through(slow, || proxy.slow(Duration::ZERO)).await;
    assert_eq!(done(&told), 0);
}

#[tokio::test]
async fn every_answer_is_cut_in_its_middle() {
    let behind = Behind::new(&HASTY);
    let proxy = &behind.proxy;
    for bytes in [0, 7, 40] {
        let cut = async {
            proxy.each(Which::reads(), Fault::Cut(bytes));
            proxy.each(Which::writes(), Fault::Cut(bytes));
        };
        let told = behind.through(cut, || assert!(!proxy.calm())).await;
        assert_eq!(done(&told), 0, "after {bytes} bytes");
    }
}

#[tokio::test]
async fn connections_that_end_again_and_again() {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let proxy = &behind.proxy;
    let attempts = behind.attempts().await;
    for attempt in attempts {
        let calls = attempt.call(&behind.app);
        let cuts = async {
            for _ in 0..3 {
                proxy.cut();
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        };
        let (told, ()) = futures::join!(calls, cuts);
        attempt.finish(&behind.app, &told).await;
        attempt.judge(&behind.app).await;
    }
    behind.check();
}

#[tokio::test]
async fn one_connection_for_all() {
    let with_one = |settings: &[(&'static str, &'static str)]| {
        let mut settings = settings.to_vec();
        settings.push(("MONGO_MAX_POOL_SIZE", "1"));
        Behind::new(&settings)
    };
    let told = with_one(&PATIENT_OVER_MONGO).through(async {}, || {}).await;
    assert_eq!(done(&told), told.len(), "each has its turn");
    let behind = with_one(&HASTY);
    let told = behind.through(async { behind.proxy.freeze() }, || behind.proxy.thaw()).await;
    assert_eq!(done(&told), 0);
}

#[tokio::test]
async fn a_storm_of_deadlocks() {
    let behind = Behind::new(&PATIENT_OVER_MONGO);
    let proxy = &behind.proxy;
    for fault in [Fault::DEADLOCK, Fault::WriteError(16_908_292, "deadlock detected")] {
        // Every third write loses its race, whoever makes it.
        let attempts = behind.attempts().await;
        (0..40).for_each(|turn| proxy.nth(1 + 3 * turn, Which::writes(), fault.clone()));
        let told = join_all(attempts.iter().map(|attempt| attempt.call(&behind.app))).await;
        proxy.calm();
        for (attempt, told) in attempts.iter().zip(&told) {
            assert!(matches!(told, Told::Done(_)), "{}: {told:?}", attempt.name());
        }
        join_all(attempts.iter().map(|attempt: &Attempt| attempt.judge(&behind.app))).await;
    }
    behind.check();
}
