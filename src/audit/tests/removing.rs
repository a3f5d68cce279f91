//! Retention: what is old goes, and what stays is proven.

use super::memory::{Memory, Step};
use super::{Hand, NOW, chained, entry, key, organization, recorded, sequencer, settle, verified};
use crate::audit::retention::Retention;
use crate::registry::ports::audit::{Actor, AuditEntry, AuditStore, EntryKind, Recorded, TrailHead};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const DAY: i64 = 86_400_000;

fn retention(store: &Arc<Memory>, hand: &Hand) -> Retention {
    Retention::new(store.clone(), key(), hand.clock(), Uuid::new_v4(), Duration::from_millis(DAY as u64))
}

/// Chains of ten links that are older than a day, and of two that are not; and who moves and removes them.
async fn aged() -> (Arc<Memory>, Hand, Retention) {
    let (store, hand) = (chained(10).await, Hand::new());
    hand.go(DAY + 1);
    for number in [1, 2] {
        for id in [100, 101] {
            let mut entry = entry(id);
            entry.at = NOW.plus(DAY);
            store.keep_entries(vec![Recorded { organization: organization(number), entry }]).await.unwrap();
        }
    }
    settle(&mut sequencer(&store, &hand)).await;
    hand.go(20_000);
    let retention = retention(&store, &hand);
    (store, hand, retention)
}

fn numbers(store: &Memory, number: u8) -> Vec<u64> {
    store.links(organization(number)).iter().map(|link| link.number).collect()
}

#[tokio::test(start_paused = true)]
async fn old_links_go_and_the_rest_is_proven_behind_a_checkpoint_and_an_entry_tells_of_it() {
    let (store, hand, retention) = aged().await;
    retention.sweep().await.unwrap();
    assert_eq!(numbers(&store, 1), [11, 12]);
    settle(&mut sequencer(&store, &{
        hand.go(20_000);
        hand.clone()
    }))
    .await;
    assert_eq!(verified(&store, &[]).await.wrong(), []);
    let links = store.links(organization(1));
    let told: AuditEntry = serde_json::from_str(&links[2].entry).unwrap();
    assert_eq!((told.actor, told.kind), (Actor::System, EntryKind::Upkeep));
    assert_eq!(
        (told.subject.as_str(), told.operation.as_str()),
        ("system/audit-retention", "audit.retention")
    );
    assert_eq!((told.record_count, told.fields), (10, vec!["checkpoint.10".to_owned()]));
    // The next run has nothing to do, and says nothing.
    retention.sweep().await.unwrap();
    assert_eq!((numbers(&store, 1), store.waiting(organization(1))), (vec![11, 12, 13], 0));
}

#[tokio::test(start_paused = true)]
async fn a_chain_goes_on_where_it_was_when_all_its_links_are_gone() {
    let (store, hand) = (chained(3).await, Hand::new());
    let head = store.trail_head(organization(1)).await.unwrap();
    hand.go(2 * DAY);
    retention(&store, &hand).sweep().await.unwrap();
    assert_eq!((numbers(&store, 1), store.trail_head(organization(1)).await.unwrap()), (vec![], head));
    assert_ne!(head, TrailHead::NONE);
    hand.go(20_000);
    settle(&mut sequencer(&store, &hand)).await;
    assert_eq!(numbers(&store, 1), [4], "the entry of the removal itself");
    assert_eq!(verified(&store, &[]).await.wrong(), []);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_proven_is_not_removed() {
    let (store, _, retention) = aged().await;
    store.meddle(organization(1), |trail| {
        let link = trail.links.get_mut(&4).unwrap();
        link.entry = link.entry.replace("acme/maria", "acme/joao");
    });
    retention.sweep().await.unwrap();
    assert_eq!(numbers(&store, 1).len(), 12, "the trace of what was done stays");
    assert_eq!(numbers(&store, 2), [11, 12], "another organization's goes");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_cut_off_is_gone_on_with() {
    let (store, _, retention) = aged().await;
    store.fail(Step::Prune, true);
    assert!(retention.sweep().await.is_err());
    assert_eq!(numbers(&store, 1).len(), 12);
    store.fail(Step::Prune, false);
    retention.sweep().await.unwrap();
    assert_eq!((numbers(&store, 1), numbers(&store, 2)), (vec![11, 12], vec![11, 12]));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_removed_while_an_old_entry_still_waits_or_another_server_leads() {
    let (store, hand, retention) = aged().await;
    store.keep_entries(recorded(organization(2), 500..501)).await.unwrap();
    retention.sweep().await.unwrap();
    assert_eq!(numbers(&store, 1).len(), 12, "that entry may be a link already");
    settle(&mut sequencer(&store, &hand)).await;
    let now = (hand.clock())();
    store.lead_trail(organization(1), Uuid::new_v4(), now, now.plus(10_000)).await.unwrap();
    retention.sweep().await.unwrap();
    assert_eq!(numbers(&store, 1).len(), 12);
}
