//! Rules 1, 3, 5 and 8 when everything happens at once.

use super::Stores;
use super::acts::{Record, mark};
use super::records::{alias_account, holder, organization};
use super::writes::{change, deletion, purge};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::NewHolder;
use crate::registry::ports::store::{Commit, Refused, Store, StoreError};
use futures::future::join_all;
use std::sync::Arc;
use tokio::task::JoinHandle;

const NOT_LIVE: Commit = Commit::Refused(Refused::HolderNotLive);
const NEEDED: Commit = Commit::Refused(Refused::HasAliasAccounts);
const CHANGED: Commit = Commit::Refused(Refused::Changed);

type Racer = JoinHandle<Result<Commit, StoreError>>;

async fn ends(race: Vec<Racer>) -> Vec<Commit> {
    join_all(race).await.into_iter().map(|end| end.unwrap().unwrap()).collect()
}

fn count(ends: &[Commit], end: &Commit) -> usize {
    ends.iter().filter(|other| *other == end).count()
}

/// 64 racers: every fourth does something else, the others link an account to the holder. Now these start first, now
/// the others.
fn against_links(
    store: &Arc<dyn Store>,
    owner: &NewHolder,
    round: usize,
    other: impl Fn() -> Racer,
) -> Vec<Racer> {
    (0..64)
        .map(|i| {
            if (i + round).is_multiple_of(4) {
                return other();
            }
            let (store, account) = (Arc::clone(store), alias_account(owner));
            tokio::spawn(async move { store.link(account, None).await })
        })
        .collect()
}

/// How many live alias accounts there are.
async fn accounts(store: &dyn Store, owner: &NewHolder) -> usize {
    AliasAccount::count(store, owner.clear.organization, &Filter::default()).await.total
}

pub(crate) async fn a_holder_that_is_deleted_while_accounts_are_linked_leaves_no_orphan<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    for round in 0..8 {
        let owner = Holder::stored(&*store, organization()).await;
        let deletion = deletion(&owner.clear.now(&*store).await);
        let race = against_links(&store, &owner, round, || {
            let (store, deletion) = (Arc::clone(&store), deletion.clone());
            tokio::spawn(async move { store.delete_holder(deletion, None).await })
        });
        let ends = ends(race).await;
        let dead = owner.clear.now(&*store).await.clear.deleted_at.is_some();
        let live = accounts(&*store, &owner).await;
        if dead {
            assert_eq!((live, count(&ends, &Commit::Stored)), (0, 1));
            assert_eq!((count(&ends, &NOT_LIVE), count(&ends, &CHANGED)), (48, 15));
        } else {
            let refused = count(&ends, &NEEDED) + count(&ends, &CHANGED);
            assert_eq!((live, count(&ends, &Commit::Stored), refused), (48, 48, 16));
        }
    }
}

pub(crate) async fn a_holder_that_is_removed_while_accounts_are_linked_leaves_no_orphan<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    for round in 0..8 {
        let owner = Holder::stored(&*store, organization()).await;
        let purge = purge(&owner.clear.now(&*store).await);
        let race = against_links(&store, &owner, round, || {
            let (store, purge) = (Arc::clone(&store), purge.clone());
            tokio::spawn(async move { store.purge_holder(purge, None).await })
        });
        let ends = ends(race).await;
        let live = accounts(&*store, &owner).await;
        if owner.clear.find(&*store).await.is_none() {
            assert_eq!((live, count(&ends, &Commit::Stored)), (0, 1));
            assert_eq!((count(&ends, &NOT_LIVE), count(&ends, &CHANGED)), (48, 15));
        } else {
            let refused = count(&ends, &NEEDED) + count(&ends, &CHANGED);
            assert_eq!((live, count(&ends, &Commit::Stored), refused), (48, 48, 16));
        }
    }
}

pub(crate) async fn of_64_updates_with_one_revision_one_is_stored<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = Holder::stored(&*store, organization()).await;
    let read = new.clear.now(&*store).await;
    let race = (0..64).map(|i| {
        let mut update = change(&read, &new.protected);
        mark(&mut update.clear, &i.to_string());
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.update_holder(update, None).await })
    });
    let ends = ends(race.collect()).await;
    assert_eq!((count(&ends, &Commit::Stored), count(&ends, &CHANGED)), (1, 63));
    let winner = ends.iter().position(|end| *end == Commit::Stored).unwrap();
    let now = new.clear.now(&*store).await;
    let mut expected = change(&read, &new.protected).clear;
    mark(&mut expected, &winner.to_string());
    assert_eq!((now.clear, now.revision), (expected, 2));
}

pub(crate) async fn of_64_that_read_again_when_refused_all_are_stored<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = Holder::stored(&*store, organization()).await;
    let race = (0..64).map(|i| {
        let (store, new) = (stores.store(), new.clone());
        tokio::spawn(async move {
            loop {
                let ids = [new.clear.id];
                let detail = crate::registry::ports::record::Detail::Sealed;
                let read =
                    store.holders(new.clear.organization, &ids, State::Live, detail).await.unwrap().remove(0);
                let mut update = change(&read, &new.protected);
                let value = crate::domain::metadata::MetadataValue::Boolean(true);
                update.clear.metadata.0.insert(format!("{i:02}"), value);
                if store.update_holder(update, None).await.unwrap() == Commit::Stored {
                    return;
                }
            }
        })
    });
    for end in join_all(race).await {
        end.unwrap();
    }
    let now = new.clear.now(&*store).await;
    assert_eq!(
        (now.clear.metadata.0.len(), now.version, now.revision),
        (64 + new.clear.metadata.0.len(), 65, 65)
    );
}

pub(crate) async fn a_document_is_either_restored_or_created_again<S: Stores>(stores: &mut S) {
    let store = stores.store();
    for round in 0..8 {
        let first = Holder::stored(&*store, organization()).await;
        let organization = first.clear.organization;
        first.clear.bury(&*store).await;
        let restore = change(&first.clear.now(&*store).await, &first.protected);
        let race = (0..64).map(|i| {
            let store = Arc::clone(&store);
            if (i + round) % 2 == 1 {
                let restore = restore.clone();
                return tokio::spawn(async move { store.restore_holder(restore, None).await });
            }
            let mut rival = holder(organization);
            rival.protected.claims = first.protected.claims.clone();
            tokio::spawn(async move { store.create_holder(rival, vec![], None).await })
        });
        let ends = ends(race.collect()).await;
        assert_eq!(count(&ends, &Commit::Stored), 1);
        assert_eq!(count(&ends, &Holder::taken()) + count(&ends, &CHANGED), 63);
        assert_eq!(Holder::with_claims(&*store, organization, &first.protected.claims).await.len(), 1);
        assert_eq!(Holder::count(&*store, organization, &Filter::default()).await.total, 1);
    }
}

pub(crate) async fn an_account_is_restored_only_while_its_holder_stays<S: Stores>(stores: &mut S) {
    let store = stores.store();
    for round in 0..8 {
        let owner = Holder::stored(&*store, organization()).await;
        let account = alias_account(&owner);
        assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
        account.clear.bury(&*store).await;
        let restore = change(&account.clear.now(&*store).await, &account.protected);
        let deletion = deletion(&owner.clear.now(&*store).await);
        let race = (0..64).map(|i| {
            let (store, restore, deletion) = (Arc::clone(&store), restore.clone(), deletion.clone());
            tokio::spawn(async move {
                match (i + round) % 2 {
                    0 => store.restore_alias_account(restore, None).await,
                    _ => store.delete_holder(deletion, None).await,
                }
            })
        });
        let ends = ends(race.collect()).await;
        assert_eq!(count(&ends, &Commit::Stored), 1);
        let dead = owner.clear.now(&*store).await.clear.deleted_at.is_some();
        assert_eq!(accounts(&*store, &owner).await, usize::from(!dead));
        // A store may tell of the rule or of somebody who was faster.
        let told = count(&ends, if dead { &NOT_LIVE } else { &NEEDED }) + count(&ends, &CHANGED);
        assert_eq!(told, 63);
    }
}
