//! The check that servers make by themselves, again and again.

use super::super::Background;
use super::{World, well};
use crate::domain::alias_account::LinkStatus;
use crate::registry::ports::ledger::LedgerAccount;
use crate::registry::ports::link_walk::{LinkWalks, WalkKind};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// By the clock of the records, which a test moves; processes look ten times in it, by their own.
const INTERVAL: Duration = Duration::from_millis(200);

/// So many servers of one store.
fn servers(world: &World, count: usize) -> (watch::Sender<bool>, Vec<JoinHandle<()>>) {
    let (stop, stopped) = watch::channel(false);
    let run = |_| tokio::spawn(Background::new(world.links(), INTERVAL).run(stopped.clone()));
    let running = (0..count).map(run).collect();
    (stop, running)
}

/// Waits for the end of the walk that began at this moment of the records' clock.
async fn walked(world: &World, began: i64) {
    let last = || async { world.store.walk(WalkKind::Background).await.unwrap().walk.last };
    while last().await.is_none_or(|last| last.began_at.0 < began) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn end((stop, running): (watch::Sender<bool>, Vec<JoinHandle<()>>)) {
    stop.send_replace(true);
    for server in running {
        server.await.unwrap();
    }
}

#[tokio::test]
async fn three_servers_ask_about_each_link_once_an_interval() {
    let world = World::with(60).await;
    let servers = servers(&world, 3);
    for round in 0..3 {
        let now = world.clock.load(Ordering::SeqCst);
        walked(&world, now).await;
        // Time enough for others to do the same again, if they did.
        tokio::time::sleep(INTERVAL).await;
        let mut asked = world.asked();
        asked.sort_unstable();
        assert_eq!(asked, (0..60).collect::<Vec<_>>(), "round {round}");
        world.say(round, Ok(LedgerAccount { blocked: true, ..well() }));
        world.clock.fetch_add(INTERVAL.as_millis() as i64, Ordering::SeqCst);
    }
    end(servers).await;
    assert_eq!(world.statuses().await[..3], [LinkStatus::Blocked, LinkStatus::Blocked, LinkStatus::Verified]);
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_lets_another_one_go_on_at_its_place() {
    let world = World::with(120).await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    *world.ledger.gate.lock().unwrap() = Some(gate.clone());
    let first = servers(&world, 1);
    // Its first page has two organizations or one, and each question waits.
    while world
        .store
        .walk(WalkKind::Background)
        .await
        .unwrap()
        .walk
        .under_way
        .is_none_or(|at| at.place.is_none())
    {
        gate.notify_one();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.0.send_replace(true);
    *world.ledger.gate.lock().unwrap() = None;
    gate.notify_waiters();
    gate.notify_one();
    for server in first.1 {
        server.await.unwrap();
    }
    let noted = world.store.walk(WalkKind::Background).await.unwrap().walk;
    assert!(noted.walker.is_none() && noted.last.is_none());
    let second = servers(&world, 1);
    walked(&world, 0).await;
    end(second).await;
    let mut asked = world.asked();
    asked.sort_unstable();
    assert_eq!(asked, (0..120).collect::<Vec<_>>(), "each once, by one of them or the other");
}

#[tokio::test]
async fn a_ledger_that_is_down_is_tried_again_until_it_is_there() {
    let world = World::with(3).await;
    *world.ledger.is_down.lock().unwrap() = true;
    let servers = servers(&world, 2);
    while world.ledger.asked.lock().unwrap().len() < 9 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let noted = world.store.walk(WalkKind::Background).await.unwrap().walk;
    assert_eq!((noted.last, noted.under_way.unwrap().place), (None, None));
    *world.ledger.is_down.lock().unwrap() = false;
    walked(&world, 0).await;
    end(servers).await;
    let tally = world.store.walk(WalkKind::Background).await.unwrap().walk.last.unwrap().tally;
    assert_eq!((tally.verified, tally.unanswered), (3, 0));
}
