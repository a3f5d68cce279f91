//! What somebody who has the database and not the key can do, and how it is found out.

use super::memory::{Memory, Trail};
use super::{Told, chained, entry, key, organization, recorded, sequencer, settle, verified};
use crate::audit::key::{TrailKey, head_at};
use crate::audit::tests::Hand;
use crate::audit::verify::{Anchor, NoAnchor};
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, AuditStore, Checkpoint, FoundBy, TrailHead, TrailMac};
use std::sync::Arc;

const MAC: &str = "the HMAC does not fit";

/// Meddles with the chain of organization 1, of ten links, and proves all.
async fn meddled(change: impl FnOnce(&mut Trail)) -> Told {
    let store = chained(10).await;
    store.meddle(organization(1), change);
    verified(&store, &[]).await
}

fn found(told: &Told, number: u64, what: &str) {
    let [(organization, at, wrong)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert_eq!((organization, at), (1, Some(number)), "{wrong}");
    assert!(wrong.contains(what), "{wrong}");
    assert_eq!(told.heads.len(), 1, "the other organization's chain is proven");
}

fn with(trail: &mut Trail, number: u64, change: impl FnOnce(&mut AuditEntry)) {
    let link = trail.links.get_mut(&number).unwrap();
    let mut entry: AuditEntry = serde_json::from_str(&link.entry).unwrap();
    change(&mut entry);
    link.entry = serde_json::to_string(&entry).unwrap();
    link.found_by = FoundBy::of(&entry);
}

#[tokio::test]
async fn chains_that_nobody_has_touched_are_proven_to_their_heads() {
    let store = chained(10).await;
    let told = verified(&store, &[]).await;
    assert_eq!(told.wrong(), []);
    assert_eq!((told.looked.organizations, told.looked.links), (2, 20));
    let heads: Vec<_> = told.heads.iter().map(|(organization, head)| (*organization, head.number)).collect();
    assert_eq!(heads, [(organization(1), 10), (organization(2), 10)]);
    assert_eq!(told.heads[0].1, store.trail_head(organization(1)).await.unwrap());
}

#[tokio::test]
async fn a_changed_entry_is_the_first_bad_link() {
    for number in [1, 4, 10] {
        let told = meddled(|trail| with(trail, number, |entry| entry.subject = "acme/joao".to_owned())).await;
        found(&told, number, MAC);
    }
}

#[tokio::test]
async fn a_changed_time_number_or_hmac_is_found() {
    let told = meddled(|trail| trail.links.get_mut(&3).unwrap().sealed_at.0 += 1).await;
    found(&told, 3, MAC);
    let told = meddled(|trail| trail.links.get_mut(&3).unwrap().mac.0[31] ^= 1).await;
    found(&told, 3, MAC);
    let told = meddled(|trail| {
        let mut last = trail.links.remove(&10).unwrap();
        last.number = 11;
        trail.links.insert(11, last);
    })
    .await;
    found(&told, 11, "follows on number 9");
}

#[tokio::test]
async fn a_hole_in_the_middle_is_named_by_the_link_behind_it() {
    let told = meddled(|trail| trail.links.retain(|number, _| !(4..=6).contains(number))).await;
    found(&told, 7, "follows on number 3: what stood between is missing");
    // Numbers closed up again do not help.
    let told = meddled(|trail| {
        for number in 4..=9 {
            let mut next = trail.links.remove(&(number + 1)).unwrap();
            next.number = number;
            trail.links.insert(number, next);
        }
    })
    .await;
    found(&told, 4, MAC);
}

#[tokio::test]
async fn a_missing_beginning_without_a_checkpoint_is_found() {
    let told = meddled(|trail| trail.links.retain(|number, _| *number > 5)).await;
    found(&told, 6, "follows on number 0");
}

#[tokio::test]
async fn swapped_links_are_found() {
    let told = meddled(|trail| {
        let (mut one, mut other) = (trail.links.remove(&4).unwrap(), trail.links.remove(&5).unwrap());
        (one.number, other.number) = (5, 4);
        trail.links.extend([(4, other), (5, one)]);
    })
    .await;
    found(&told, 4, MAC);
}

#[tokio::test]
async fn a_chain_that_was_moved_to_another_organization_is_found() {
    let store = chained(10).await;
    let links = store.links(organization(2));
    store.meddle(organization(1), |trail| {
        trail.links = links.into_iter().map(|link| (link.number, link)).collect();
    });
    found(&verified(&store, &[]).await, 1, MAC);
}

#[tokio::test]
async fn a_chain_that_was_forged_with_another_key_is_found() {
    let told = meddled(|trail| {
        let forger =
            TrailKey::parse("7f3a1c9be04d52a8861fd07ac3559e1240b8d6ef9a23c75d118e64fb02c9a7d3").unwrap();
        let mut head = TrailHead::NONE;
        for number in 1..=10 {
            let link = forger.seal(organization(1), &head, &entry(number), Timestamp(0)).unwrap();
            head = head_at(&link);
            trail.links.insert(link.number, link);
        }
    })
    .await;
    found(&told, 1, MAC);
}

#[tokio::test]
async fn what_a_link_is_found_by_must_be_what_its_entry_says() {
    for change in [
        (|found_by: &mut FoundBy| found_by.subject = "acme/joao".to_owned()) as fn(&mut FoundBy),
        |found_by| found_by.at = Timestamp(0),
        |found_by| found_by.id = uuid::Uuid::nil(),
        |found_by| found_by.operation = "nodes".to_owned(),
        |found_by| found_by.records.clear(),
    ] {
        let told = meddled(|trail| change(&mut trail.links.get_mut(&6).unwrap().found_by)).await;
        found(&told, 6, "is found by another");
    }
}

#[tokio::test]
async fn a_cut_tail_is_found_by_an_anchor_and_by_nothing_else() {
    let store = chained(10).await;
    let anchor = Anchor::at(organization(1), &store.trail_head(organization(1)).await.unwrap());
    assert_eq!(verified(&store, &[anchor]).await.wrong(), []);
    store.meddle(organization(1), |trail| trail.links.retain(|number, _| *number <= 7));
    assert_eq!(verified(&store, &[]).await.wrong(), [], "nobody can tell from within");
    let told = verified(&store, &[anchor]).await;
    let [(1, Some(10), what)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert!(what.contains("the chain ends with link 7: its tail was cut off"), "{what}");
}

#[tokio::test]
async fn a_chain_that_is_gone_as_a_whole_is_found_by_an_anchor() {
    let store = chained(10).await;
    let anchor = Anchor::at(organization(1), &store.trail_head(organization(1)).await.unwrap());
    store.inner().trails.remove(&organization(1));
    let told = verified(&store, &[anchor]).await;
    let [(1, Some(10), what)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert!(what.contains("ends with link 0"), "{what}");
}

#[tokio::test]
async fn a_tail_that_was_written_anew_with_the_key_is_found_by_an_anchor() {
    let (store, hand) = (chained(10).await, Hand::new());
    let anchor = Anchor::at(organization(1), &store.trail_head(organization(1)).await.unwrap());
    store.meddle(organization(1), |trail| trail.links.retain(|number, _| *number <= 7));
    store.keep_entries(recorded(organization(1), 50..60)).await.unwrap();
    // Another server leads when the first one's lease has ended.
    hand.go(20_000);
    settle(&mut sequencer(&store, &hand)).await;
    let told = verified(&store, &[anchor]).await;
    let [(1, Some(10), what)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert!(what.contains("is not the link that its anchor noted"), "{what}");
}

#[tokio::test]
async fn an_anchor_behind_a_bad_link_is_not_met() {
    let store = chained(10).await;
    let anchor = Anchor::at(organization(1), &store.trail_head(organization(1)).await.unwrap());
    store.meddle(organization(1), |trail| with(trail, 4, |entry| entry.record_count = 0));
    let told = verified(&store, &[anchor]).await;
    let [(1, Some(4), _), (1, Some(10), what)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert!(what.contains("is proven to link 3 only"), "{what}");
}

#[tokio::test]
async fn a_forged_or_foreign_checkpoint_is_found_also_where_links_begin_behind_it() {
    let store = chained(10).await;
    let links = store.links(organization(1));
    let last = head_at(&links[4]);
    for checkpoint in [
        Checkpoint { last, proof: TrailMac([7; 32]) },
        key().checkpoint(organization(2), last),
        Checkpoint { last: TrailHead { number: 4, ..last }, ..key().checkpoint(organization(1), last) },
    ] {
        store.meddle(organization(1), |trail| {
            trail.checkpoint = Some(checkpoint);
            trail.links.retain(|number, _| *number > 5);
        });
        let number = checkpoint.last.number;
        found(&verified(&store, &[]).await, number, "the checkpoint's proof is not that of the audit key");
    }
    store.meddle(organization(1), |trail| {
        trail.checkpoint = Some(key().checkpoint(organization(1), last));
    });
    assert_eq!(verified(&store, &[]).await.wrong(), []);
}

#[tokio::test]
async fn an_older_checkpoint_put_back_does_not_hide_what_was_removed_since() {
    let store = chained(10).await;
    let old = key().checkpoint(organization(1), head_at(&store.links(organization(1))[1]));
    store.meddle(organization(1), |trail| {
        trail.checkpoint = Some(old);
        trail.links.retain(|number, _| *number > 5);
    });
    found(&verified(&store, &[]).await, 6, "follows on number 2");
}

#[tokio::test]
async fn an_anchor_before_the_checkpoint_says_nothing_and_one_at_it_is_compared() {
    let store = chained(10).await;
    let links = store.links(organization(1));
    let anchors = [2, 4].map(|index| Anchor::at(organization(1), &head_at(&links[index])));
    store.meddle(organization(1), |trail| {
        trail.checkpoint = Some(key().checkpoint(organization(1), head_at(&links[4])));
        trail.links.retain(|number, _| *number > 5);
    });
    let told = verified(&store, &anchors).await;
    assert_eq!((told.wrong(), &told.passed), (vec![], &vec![anchors[0]]));
    let wrong = Anchor { mac: TrailMac([1; 32]), ..anchors[1] };
    assert_eq!(verified(&store, &[wrong]).await.wrong().len(), 1);
}

#[tokio::test]
async fn an_entry_that_has_waited_for_too_long_is_found() {
    let store = Arc::new(Memory::default());
    store.keep_entries(recorded(organization(1), 941..942)).await.unwrap();
    assert_eq!(verified(&store, &[]).await.wrong(), [], "it has waited for 60 s");
    store.keep_entries(recorded(organization(1), 939..940)).await.unwrap();
    let told = verified(&store, &[]).await;
    let [(1, None, what)] = told.wrong()[..] else { panic!("{:?}", told.findings) };
    assert!(what.contains("still waits to be moved to the trail, for longer than 1m"), "{what}");
}

#[test]
fn an_anchor_is_read_as_it_is_written_and_nothing_else_is_one() {
    let head = TrailHead { number: 42, mac: TrailMac([0xab; 32]), sealed_at: Timestamp(1) };
    let anchor = Anchor::at(organization(3), &head);
    let text = anchor.to_string();
    assert_eq!(text, format!("{}:42:{}", organization(3), "ab".repeat(32)));
    assert_eq!(text.parse(), Ok(anchor));
    let (id, mac) = (organization(3).to_string(), "ab".repeat(32));
    for (wrong, why) in [
        (String::new(), NoAnchor::Form),
        (format!("{id}:42"), NoAnchor::Form),
        (format!("{text}:1"), NoAnchor::Form),
        (format!("x:42:{mac}"), NoAnchor::Organization),
        (format!("{id}:0:{mac}"), NoAnchor::Number),
        (format!("{id}:+1:{mac}"), NoAnchor::Number),
        (format!("{id}::{mac}"), NoAnchor::Number),
        (format!("{id}:42:{}", &mac[1..]), NoAnchor::Mac),
        (format!("{id}:42:{mac}00"), NoAnchor::Mac),
    ] {
        assert_eq!(wrong.parse::<Anchor>(), Err(why), "{wrong}");
    }
}
