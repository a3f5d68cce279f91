//! From the outbox into the chains: whatever fails, stops or competes, every entry becomes one link.

use super::memory::{Memory, Step};
use super::{Hand, NOW, entry, key, organization, recorded, sequencer, settle, verified};
use crate::audit::sequencer::{BATCH, Sequencer};
use crate::audit::stream::Stream;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditStore, Recorded};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Every entry of these numbers stands in the chain of organization 1 once, and none waits.
async fn each_once(store: &Arc<Memory>, entries: u32) {
    let links = store.links(organization(1));
    let ids: BTreeSet<Uuid> = links.iter().map(|link| link.found_by.id).collect();
    assert_eq!((links.len(), ids.len()), (entries as usize, entries as usize));
    assert_eq!(store.waiting(organization(1)), 0);
    assert_eq!(verified(store, &[]).await.wrong(), []);
}

#[tokio::test]
async fn entries_become_links_in_the_order_in_which_they_wait_in_batches_of_bounded_size() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    let entries = 2 * BATCH as u32 + 1;
    store.keep_entries(recorded(organization(1), 0..entries)).await.unwrap();
    let mut sequencer = sequencer(&store, &hand);
    assert!(sequencer.turn().await.unwrap());
    assert_eq!(store.links(organization(1)).len(), BATCH);
    settle(&mut sequencer).await;
    each_once(&store, entries).await;
    let links = store.links(organization(1));
    assert!(links.iter().enumerate().all(|(index, link)| link.found_by.id == entry(index as u32).id));
}

#[tokio::test]
async fn all_organizations_have_a_turn_before_anyone_has_a_second_one() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    store.keep_entries(recorded(organization(1), 0..3 * BATCH as u32)).await.unwrap();
    store.keep_entries(recorded(organization(2), 0..1)).await.unwrap();
    sequencer(&store, &hand).turn().await.unwrap();
    assert_eq!(store.links(organization(1)).len(), BATCH);
    assert_eq!(store.links(organization(2)).len(), 1);
}

#[tokio::test]
async fn a_link_is_sealed_never_before_the_one_before_it_nor_before_its_entry() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    let mut sequencer = sequencer(&store, &hand);
    store.keep_entries(recorded(organization(1), 0..1)).await.unwrap();
    settle(&mut sequencer).await;
    hand.go(-5_000);
    let mut ahead = entry(2);
    ahead.at = NOW.plus(9_000);
    for one in [entry(1), ahead, entry(3)] {
        store.keep_entries(vec![Recorded { organization: organization(1), entry: one }]).await.unwrap();
        settle(&mut sequencer).await;
    }
    let sealed: Vec<Timestamp> = store.links(organization(1)).iter().map(|link| link.sealed_at).collect();
    assert_eq!(sealed, [NOW, NOW, NOW.plus(9_000), NOW.plus(9_000)]);
}

#[tokio::test]
async fn a_crash_between_append_and_settle_leaves_each_entry_in_the_chain_once() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    store.keep_entries(recorded(organization(1), 0..10)).await.unwrap();
    store.fail(Step::Settle, true);
    assert!(sequencer(&store, &hand).turn().await.is_err());
    assert_eq!((store.links(organization(1)).len(), store.waiting(organization(1))), (10, 10));
    store.fail(Step::Settle, false);
    store.keep_entries(recorded(organization(1), 10..12)).await.unwrap();
    // Another server, when the lease has ended.
    hand.go(10_000);
    settle(&mut sequencer(&store, &hand)).await;
    each_once(&store, 12).await;
}

#[tokio::test]
async fn an_entry_that_waits_twice_stands_in_the_chain_once() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    store.keep_entries(recorded(organization(1), 0..4)).await.unwrap();
    store.keep_entries(recorded(organization(1), 2..6)).await.unwrap();
    settle(&mut sequencer(&store, &hand)).await;
    each_once(&store, 6).await;
}

#[tokio::test]
async fn while_one_server_leads_another_one_leaves_the_chain_alone_and_takes_it_over_after_the_lease() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    let (mut one, mut other) = (sequencer(&store, &hand), sequencer(&store, &hand));
    store.keep_entries(recorded(organization(1), 0..1)).await.unwrap();
    assert!(one.turn().await.unwrap());
    store.keep_entries(recorded(organization(1), 1..2)).await.unwrap();
    assert!(!other.turn().await.unwrap());
    hand.go(10_000);
    assert!(other.turn().await.unwrap());
    each_once(&store, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_all_believe_to_lead_still_make_one_chain() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    store.keep_entries(recorded(organization(1), 0..3_000)).await.unwrap();
    // The same name: the store lets all of them lead, as it would after clocks went wrong.
    let me = Uuid::new_v4();
    let servers = (0..4).map(|_| {
        let mut server = Sequencer::new(store.clone(), key(), hand.clock(), me, Stream::off());
        let store = store.clone();
        tokio::spawn(async move {
            while store.waiting(organization(1)) > 0 {
                server.turn().await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    });
    for server in servers.collect::<Vec<_>>() {
        server.await.unwrap();
    }
    each_once(&store, 3_000).await;
}

#[tokio::test]
async fn one_organizations_damage_keeps_no_other_one_waiting() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    for number in [1, 2] {
        store.keep_entries(recorded(organization(number), 0..3)).await.unwrap();
    }
    store.inner().damaged = Some(organization(1));
    settle(&mut sequencer(&store, &hand)).await;
    assert_eq!((store.links(organization(1)).len(), store.links(organization(2)).len()), (0, 3));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_waited_for_and_what_waits_at_the_end_is_moved_before_the_server_leaves() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    store.fail(Step::Append, true);
    store.keep_entries(recorded(organization(1), 0..3)).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(sequencer(&store, &hand).run(stopped));
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(store.links(organization(1)).len(), 0);
    store.fail(Step::Append, false);
    tokio::time::sleep(Duration::from_secs(31)).await;
    each_once(&store, 3).await;
    store.keep_entries(recorded(organization(1), 3..5)).await.unwrap();
    stop.send_replace(true);
    running.await.unwrap();
    each_once(&store, 5).await;
    // It has given its leads back: the next server need not wait for a lease.
    store.keep_entries(recorded(organization(1), 5..6)).await.unwrap();
    settle(&mut sequencer(&store, &hand)).await;
    each_once(&store, 6).await;
}
