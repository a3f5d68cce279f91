//! Looking after the whole store.

use super::Stores;
use super::acts::Record;
use super::records::{alias_account, organization};
use super::writes::change;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::inspection::{Kept, Place};
use crate::registry::ports::record::{KeyId, New, Protected, Token};
use crate::registry::ports::store::{Commit, Store};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Records of two organizations; of each kind some are deleted and one was changed.
async fn fill(store: &dyn Store) -> (Vec<New<Holder>>, Vec<New<AliasAccount>>) {
    let (mut holders, mut accounts) = (vec![], vec![]);
    for organization in [organization(), organization()] {
        for _ in 0..3 {
            let owner = Holder::stored(store, organization).await;
            let account = alias_account(&owner);
            assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
            holders.push(owner);
            accounts.push(account);
        }
    }
    accounts[1].clear.bury(store).await;
    accounts[2].clear.bury(store).await;
    holders[2].clear.bury(store).await;
    let mut update = change(&holders[0].clear.now(store).await, &holders[0].protected);
    update.protected.generations = vec![KeyId("3".to_owned())];
    update.protected.tokens = vec![Token("document.1/3/new".to_owned())];
    assert_eq!(Holder::update(store, update.clone(), None).await, Commit::Stored);
    (holders[0].clear, holders[0].protected) = (update.clear, update.protected);
    (holders, accounts)
}

fn place(organization: OrganizationId, id: Uuid) -> Option<Place> {
    Some(Place { organization, id })
}

/// That this was kept of a record which was written so.
async fn is_kept<C: Record>(store: &dyn Store, kept: &Kept<C>, clear: &C, protected: &Protected) {
    let now = clear.now(store).await;
    let mut stands = now.clear.clone();
    let live = stands.times().2.is_none();
    assert_eq!(kept.record.clear, now.clear);
    assert_eq!((kept.record.version, kept.record.revision), (now.version, now.revision));
    assert!(kept.record.sealed.as_ref() == Some(&protected.sealed));
    assert_eq!(kept.generations, protected.generations);
    let claims = if live { protected.claims.clone() } else { vec![] };
    assert!(kept.claims == claims);
    let mut tokens: BTreeSet<Token> = clear.terms();
    tokens.extend(protected.tokens.iter().cloned());
    assert!(kept.tokens.len() == tokens.len() && kept.tokens.iter().all(|token| tokens.contains(token)));
}

pub(crate) async fn a_walk_over_all_places_meets_every_record_with_all_that_was_written<S: Stores>(
    stores: &mut S,
) {
    let (store, inspection) = (stores.store(), stores.inspection());
    let (mut holders, mut accounts) = fill(&*store).await;
    holders.sort_by_key(|new| (new.clear.organization, new.clear.id));
    accounts.sort_by_key(|new| (new.clear.organization, new.clear.id));
    for size in [1, 2, 3, 6, 100] {
        let (mut met, mut after) = (vec![], None);
        loop {
            let page = inspection.holders_after(after, size).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() <= size);
            after = place(last.record.clear.organization, last.record.clear.id.0);
            met.extend(page);
        }
        assert_eq!(met.len(), holders.len());
        for (kept, new) in met.iter().zip(&holders) {
            is_kept(&*store, kept, &new.clear, &new.protected).await;
        }
        let (mut met, mut after) = (vec![], None);
        loop {
            let page = inspection.alias_accounts_after(after, size).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() <= size);
            after = place(last.kept.record.clear.organization, last.kept.record.clear.id.0);
            met.extend(page);
        }
        assert_eq!(met.len(), accounts.len());
        for (kept, new) in met.iter().zip(&accounts) {
            is_kept(&*store, &kept.kept, &new.clear, &new.protected).await;
            let owner = holders.iter().find(|holder| holder.clear.id == new.clear.holder_id).unwrap();
            assert_eq!(kept.holder.as_ref(), Some(&owner.clear.now(&*store).await.clear));
        }
    }
    assert_eq!(inspection.totals().await.unwrap(), (6, 6));
}

pub(crate) async fn a_walk_may_begin_where_no_record_is<S: Stores>(stores: &mut S) {
    let (store, inspection) = (stores.store(), stores.inspection());
    assert!(inspection.holders_after(None, 9).await.unwrap().is_empty());
    assert!(inspection.alias_accounts_after(None, 9).await.unwrap().is_empty());
    assert_eq!(inspection.totals().await.unwrap(), (0, 0));
    let one = Holder::stored(&*store, organization()).await.clear;
    let two = Holder::stored(&*store, organization()).await.clear;
    let (first, second) = if one.organization < two.organization { (one, two) } else { (two, one) };
    for (after, expected) in [
        (place(OrganizationId(Uuid::nil()), Uuid::max()), 2),
        (place(first.organization, Uuid::nil()), 2),
        (place(first.organization, first.id.0), 1),
        (place(first.organization, Uuid::max()), 1),
        (place(second.organization, second.id.0), 0),
        (place(OrganizationId(Uuid::max()), Uuid::nil()), 0),
    ] {
        assert_eq!(inspection.holders_after(after, 9).await.unwrap().len(), expected);
    }
}
