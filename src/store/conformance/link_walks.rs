//! Walking over all links, and what is noted of a walk.

use super::Stores;
use super::acts::Record;
use super::records::{NOW, alias_account, organization};
use crate::domain::alias_account::{AliasAccount, LinkStatus};
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::inspection::Place;
use crate::registry::ports::link_walk::{
    Ended, LOOKED_AT, NotedWalk, Piece, Tally, UnderWay, Walk, WalkKind,
};
use futures::future::join_all;
use uuid::Uuid;

const KINDS: [WalkKind; 2] = [WalkKind::Background, WalkKind::Command];

/// A note in which every part is there.
fn full(walker: u128) -> Walk {
    let mut tally = Tally { unanswered: 2, skipped: 1, changed: 3, ..Tally::default() };
    for (status, count) in [
        (LinkStatus::Verified, 9),
        (LinkStatus::NotFound, 1),
        (LinkStatus::Blocked, 2),
        (LinkStatus::Mismatch, 3),
        (LinkStatus::Unverified, 4),
    ] {
        (0..count).for_each(|_| tally.meet(status));
    }
    let place = Place { organization: OrganizationId(Uuid::from_u128(7)), id: Uuid::max() };
    Walk {
        walker: Some(Uuid::from_u128(walker)),
        under_way: Some(UnderWay { began_at: NOW, place: Some(place), tally, silences: 1, rests: true }),
        last: Some(Ended { began_at: NOW.plus(-9), ended_at: NOW.plus(-1), tally }),
    }
}

pub(crate) async fn every_live_alias_account_is_met_once_in_the_order_of_places_without_its_blob<
    S: Stores,
>(
    stores: &mut S,
) {
    let (store, walks) = (stores.store(), stores.walks());
    let (mut expected, mut deleted) = (vec![], vec![]);
    for organization in [organization(), organization()] {
        for number in 0..4 {
            let owner = Holder::stored(&*store, organization).await;
            let account = alias_account(&owner);
            AliasAccount::insert(&*store, account.clone(), None).await;
            if number % 2 == 0 { &mut expected } else { &mut deleted }.push(account);
        }
    }
    for account in &deleted {
        account.clear.bury(&*store).await;
    }
    expected.sort_by_key(|account| (account.clear.organization, account.clear.id));
    for size in [1, 2, 3, 4, 100] {
        let (mut met, mut after) = (vec![], None);
        loop {
            let Piece { records, reached, is_last } = walks.live_links_after(after, size).await.unwrap();
            assert!(records.len() <= size);
            assert!(is_last || reached.is_some_and(|place| Some(place) != after), "nothing is gained");
            met.extend(records);
            if is_last {
                break;
            }
            after = reached;
        }
        assert_eq!(met.len(), expected.len(), "{size}");
        for (record, account) in met.iter().zip(&expected) {
            assert_eq!((&record.clear, record.version, record.revision), (&account.clear, 1, 1));
            assert!(record.sealed.is_none());
        }
    }
    let place = Some(Place { organization: OrganizationId(Uuid::max()), id: Uuid::nil() });
    let behind = walks.live_links_after(place, 9).await.unwrap();
    assert!(behind.records.is_empty() && behind.is_last && behind.reached.is_none());
}

pub(crate) async fn of_a_long_run_of_deleted_ones_only_a_piece_is_looked_at<S: Stores>(stores: &mut S) {
    let (store, walks, organization) = (stores.store(), stores.walks(), organization());
    let owner = Holder::stored(&*store, organization).await;
    let mut accounts = vec![];
    for _ in 0..=2 * LOOKED_AT {
        let account = alias_account(&owner);
        AliasAccount::insert(&*store, account.clone(), None).await;
        accounts.push(account.clear);
    }
    accounts.sort_by_key(|account| account.id);
    for account in &accounts[..2 * LOOKED_AT] {
        account.bury(&*store).await;
    }
    let mut after = None;
    for last in [LOOKED_AT - 1, 2 * LOOKED_AT - 1] {
        let piece = walks.live_links_after(after, 1).await.unwrap();
        after = Some(Place { organization, id: accounts[last].id.0 });
        assert!(piece.records.is_empty() && !piece.is_last, "more follow");
        assert_eq!(piece.reached, after);
    }
    let piece = walks.live_links_after(after, 1).await.unwrap();
    assert_eq!((piece.records.len(), piece.is_last), (1, true));
    assert_eq!(piece.records[0].clear, accounts[2 * LOOKED_AT]);
}

pub(crate) async fn a_note_is_changed_only_from_what_was_read_of_it<S: Stores>(stores: &mut S) {
    let walks = stores.walks();
    for kind in KINDS {
        assert_eq!(walks.walk(kind).await.unwrap(), NotedWalk::default());
        assert!(!walks.note_walk(kind, 1, &full(1)).await.unwrap(), "there is none yet");
        let notes = [full(1), Walk::default(), full(2), full(2)];
        for (revision, walk) in (0..).zip(notes) {
            for stale in (0..revision).chain([revision + 1]) {
                if stale > 0 || revision > 0 {
                    assert!(
                        !walks.note_walk(kind, stale, &full(9)).await.unwrap(),
                        "{stale} is not {revision}"
                    );
                }
            }
            assert!(walks.note_walk(kind, revision, &walk).await.unwrap());
            assert_eq!(walks.walk(kind).await.unwrap(), NotedWalk { walk, revision: revision + 1 });
        }
    }
}

pub(crate) async fn the_notes_of_two_kinds_of_walks_never_meet<S: Stores>(stores: &mut S) {
    let walks = stores.walks();
    assert!(walks.note_walk(WalkKind::Command, 0, &full(1)).await.unwrap());
    assert_eq!(walks.walk(WalkKind::Background).await.unwrap(), NotedWalk::default());
    assert!(walks.note_walk(WalkKind::Background, 0, &full(2)).await.unwrap());
    assert_eq!(walks.walk(WalkKind::Command).await.unwrap(), NotedWalk { walk: full(1), revision: 1 });
}

pub(crate) async fn of_64_processes_that_note_at_once_one_is_told_that_it_did<S: Stores>(stores: &mut S) {
    for revision in 0..3 {
        let race = (0..64).map(|walker| {
            let walks = stores.walks();
            tokio::spawn(async move {
                walks.note_walk(WalkKind::Background, revision, &full(walker)).await.unwrap()
            })
        });
        let told: Vec<bool> = join_all(race).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(told.iter().filter(|told| **told).count(), 1);
        let winner = told.iter().position(|told| *told).unwrap() as u128;
        let now = stores.walks().walk(WalkKind::Background).await.unwrap();
        assert_eq!(now, NotedWalk { walk: full(winner), revision: revision + 1 });
    }
}

pub(crate) async fn a_note_is_there_after_a_restart<S: Stores>(stores: &mut S) {
    for kind in KINDS {
        assert!(stores.walks().note_walk(kind, 0, &full(1)).await.unwrap());
    }
    stores.reopen().await;
    for kind in KINDS {
        assert_eq!(stores.walks().walk(kind).await.unwrap(), NotedWalk { walk: full(1), revision: 1 });
    }
}
