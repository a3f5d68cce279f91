//! Who is at a walk: one at a time, and whoever is gone is followed by another.

use super::super::{Patience, Taken, WalkError, Walking};
use super::{Links, World, well};
use crate::domain::alias_account::LinkStatus;
use crate::registry::links::Pace;
use crate::registry::ports::ledger::LedgerAccount;
use crate::registry::ports::link_walk::{LinkWalks, Walk, WalkKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

const KIND: WalkKind = WalkKind::Background;

async fn try_take<'a>(links: &'a Links, me: u128, patience: &mut Patience) -> Option<Walking<'a>> {
    match links.take(KIND, Uuid::from_u128(me), patience, |_| true, false).await.unwrap() {
        Taken::Ours(walking) => Some(*walking),
        Taken::Held => None,
        Taken::Unwanted => panic!("it is wanted"),
    }
}

#[tokio::test]
async fn a_walk_is_one_processs_for_as_long_as_it_gives_signs_of_life() {
    let world = World::with(1).await;
    let links = world.links();
    let mut first = try_take(&links, 1, &mut Patience::default()).await.unwrap();
    // So short that each look would find it gone, if there were no sign of life in between.
    let mut patience = Patience::of(Duration::from_millis(1));
    for _ in 0..5 {
        assert!(try_take(&links, 2, &mut patience).await.is_none());
        tokio::time::sleep(Duration::from_millis(2)).await;
        first.sign().await.unwrap();
    }
    assert!(try_take(&links, 2, &mut patience).await.is_none(), "the last sign was seen only now");
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert!(try_take(&links, 2, &mut patience).await.is_some(), "it has stood still for a lease");
    assert!(matches!(first.sign().await, Err(WalkError::Lost)));
    assert!(matches!(first.rest().await, Err(WalkError::Lost)));
    let noted = world.store.walk(KIND).await.unwrap().walk;
    assert_eq!(noted.walker, Some(Uuid::from_u128(2)), "whoever lost it changes nothing any more");
}

#[tokio::test]
async fn a_walk_that_rests_is_anybodys_at_once_and_its_own_process_need_not_wait() {
    let world = World::with(1).await;
    let links = world.links();
    let walking = try_take(&links, 1, &mut Patience::default()).await.unwrap();
    walking.rest().await.unwrap();
    assert!(try_take(&links, 2, &mut Patience::default()).await.is_some());
    // As after a failure of the store: what it left says that it is at it.
    assert!(try_take(&links, 2, &mut Patience::default()).await.is_some());
}

#[tokio::test]
async fn a_walk_is_taken_only_if_what_is_noted_at_that_moment_says_that_it_is_wanted() {
    let world = World::with(1).await;
    let links = world.links();
    let unwanted = |walk: &Walk| walk.last.is_some();
    let mut patience = Patience::default();
    let me = Uuid::new_v4();
    assert!(matches!(links.take(KIND, me, &mut patience, unwanted, false).await, Ok(Taken::Unwanted)));
    assert_eq!(world.store.walk(KIND).await.unwrap().revision, 0);
}

#[tokio::test]
async fn a_write_of_its_own_whose_answer_was_lost_does_not_end_a_walk() {
    let world = World::with(1).await;
    let links = world.links();
    let mut walking = try_take(&links, 1, &mut Patience::default()).await.unwrap();
    let noted = world.store.walk(KIND).await.unwrap();
    assert!(world.store.note_walk(KIND, noted.revision, &noted.walk).await.unwrap());
    walking.sign().await.unwrap();
    assert_eq!(world.store.walk(KIND).await.unwrap().revision, noted.revision + 2);
}

/// The paused process holds an old answer of the ledger when another one takes its walk over.
#[tokio::test]
async fn a_process_that_only_slept_does_no_harm() {
    let world = World::with(2).await;
    let links = world.links();
    let pace = Pace { page: 1, each: Duration::ZERO, longest: Duration::ZERO };
    let gate = Arc::new(Notify::new());
    *world.ledger.gate.lock().unwrap() = Some(gate.clone());
    let sleeper = {
        let links = links.clone();
        tokio::spawn(async move {
            let walking = try_take(&links, 1, &mut Patience::default()).await.unwrap();
            let (_stop, mut stopped) = watch::channel(false);
            let mut nobody = super::Notes { checked: vec![], pages_left: 99, stop: watch::channel(false).0 };
            links.go_on(walking, "system/sleeper", pace, &mut nobody, &mut stopped).await
        })
    };
    while world.ledger.asked.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The sleeper's question hangs; others take its walk, as after a lease, and end it.
    let noted = world.store.walk(KIND).await.unwrap();
    assert!(world.store.note_walk(KIND, noted.revision, &Walk { walker: None, ..noted.walk }).await.unwrap());
    *world.ledger.gate.lock().unwrap() = None;
    let blocked = || Ok(LedgerAccount { blocked: true, ..well() });
    world.say(0, blocked());
    world.say(1, blocked());
    let walking = try_take(&links, 2, &mut Patience::default()).await.unwrap();
    let (_stop, mut stopped) = watch::channel(false);
    let mut nobody = super::Notes { checked: vec![], pages_left: 99, stop: watch::channel(false).0 };
    let ended = links.go_on(walking, "system/other", pace, &mut nobody, &mut stopped).await.unwrap();
    assert_eq!(world.statuses().await, [LinkStatus::Blocked; 2]);
    let noted = world.store.walk(KIND).await.unwrap();

    gate.notify_one();
    assert!(matches!(sleeper.await.unwrap(), Err(WalkError::Lost)));
    assert_eq!(world.store.walk(KIND).await.unwrap(), noted, "{ended:?}");
    assert_eq!(world.statuses().await, [LinkStatus::Blocked; 2]);
}
