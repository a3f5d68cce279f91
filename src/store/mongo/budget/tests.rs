//! Whose turn it is after a lost race.

use super::*;
use futures::FutureExt;
use mongodb::bson::{deserialize_from_document, doc};
use mongodb::error::{Error, ErrorKind};
use std::future::{pending, ready};
use std::sync::atomic::AtomicUsize;

/// As a server that found a deadlock answers.
fn deadlock() -> Error {
    let told = doc! { "code": 16_908_292, "codeName": "deadlock detected", "errmsg": "" };
    ErrorKind::Command(deserialize_from_document(told).unwrap()).into()
}

/// What a command that never ends would give.
type Nothing = mongodb::error::Result<()>;

/// The organization of all calls but one.
const OURS: OrganizationId = OrganizationId(Uuid::from_u128(1));

fn is_free(turns: &Turns) -> bool {
    turns.at(OURS.0).now_or_never().is_some()
}

/// A call that has lost a race.
async fn loser(turns: &Turns) -> Budget {
    let budget = Budget::of(Duration::from_secs(60));
    let lost = budget.compete(turns, OURS, || ready(Err::<(), _>(deadlock()))).await;
    assert!(matches!(lost, Err(Trouble::LostRace(_))), "{lost:?}");
    budget
}

#[tokio::test(start_paused = true)]
async fn whoever_has_lost_a_race_writes_in_turn_and_nobody_else_waits() {
    let turns = Turns::default();
    let losers = [loser(&turns).await, loser(&turns).await, loser(&turns).await];
    let newcomer = Budget::of(Duration::from_secs(60));
    let (at_once, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let write = || async {
        most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(1)).await;
        at_once.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    };
    let began = Instant::now();
    let in_turn = futures::future::join_all(losers.iter().map(|budget| budget.compete(&turns, OURS, write)));
    assert!(in_turn.await.into_iter().all(|end| end == Ok(())));
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert!(began.elapsed() >= Duration::from_secs(3));

    let _held = turns.at(OURS.0).await;
    assert_eq!(newcomer.compete(&turns, OURS, write).await, Ok(()));
    let elsewhere = OrganizationId(Uuid::from_u128(2));
    assert_eq!(
        loser(&turns).await.compete(&turns, elsewhere, write).await,
        Ok(()),
        "of another organization"
    );
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_turn_ends_with_the_time_of_the_call() {
    let turns = Turns::default();
    let budget = loser(&turns).await;
    let held = turns.at(OURS.0).await;
    let end = budget.compete(&turns, OURS, || ready(Ok(()))).await;
    assert!(matches!(end, Err(Trouble::Passing(_))), "{end:?}");
    drop(held);
    let end = budget.compete(&turns, OURS, || ready(Ok(()))).await;
    assert!(matches!(end, Err(Trouble::Passing(_))), "its time is over: {end:?}");
}

#[tokio::test(start_paused = true)]
async fn the_turn_is_free_again_whatever_came_of_it() {
    let turns = Turns::default();
    let budget = loser(&turns).await;
    let lost = budget.compete(&turns, OURS, || ready(Err::<(), _>(deadlock()))).await;
    assert!(matches!(lost, Err(Trouble::LostRace(_))), "{lost:?}");
    assert!(is_free(&turns));

    // The call is dropped in its turn.
    let gone =
        timeout_at(Instant::now() + Duration::from_secs(1), budget.compete(&turns, OURS, pending::<Nothing>));
    assert!(gone.await.is_err());
    assert!(is_free(&turns));

    let late = budget.compete(&turns, OURS, pending::<Nothing>).await;
    assert_eq!(late, Err(Trouble::Late));
    assert!(is_free(&turns));
}

#[tokio::test(start_paused = true)]
async fn each_race_that_is_lost_in_a_row_makes_the_next_pause_longer() {
    let turns = Turns::default();
    let budget = loser(&turns).await;
    for lost in 1..10 {
        assert_eq!(budget.lost_races.load(Ordering::Relaxed), lost);
        let began = Instant::now();
        let again = budget.compete(&turns, OURS, || ready(Err::<(), _>(deadlock()))).await;
        assert!(matches!(again, Err(Trouble::LostRace(_))), "{again:?}");
        let most = Duration::from_millis((4 << (lost - 1)).min(PAUSE_MAX_MS) + 1);
        // The clock of tests goes by whole milliseconds.
        assert!(
            began.elapsed() >= Duration::from_millis(1) && began.elapsed() <= most + Duration::from_millis(1)
        );
    }
    assert_eq!(budget.compete(&turns, OURS, || ready(Ok(()))).await, Ok(()));
    let _held = turns.at(OURS.0).await;
    assert_eq!(
        budget.compete(&turns, OURS, || ready(Ok(()))).await,
        Ok(()),
        "one that has won is no loser any more"
    );
}
