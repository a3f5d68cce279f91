//! Rule 4: removing a record for good.

use super::Stores;
use super::acts::{Record, by, in_state};
use super::records::{alias_account, concluding, holder, operation, organization, wrote};
use super::writes::{change, purge};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::operation::Begun;
use crate::registry::ports::record::New;
use crate::registry::ports::store::{Commit, Refused, Store};

const CHANGED: Commit = Commit::Refused(Refused::Changed);

/// That no call finds the record any more.
async fn is_gone<C: Record>(store: &dyn Store, new: &New<C>) {
    assert!(new.clear.find(store).await.is_none());
    for filter in [Filter::default(), by(new.protected.tokens[0].clone())] {
        assert!(!new.clear.is_in(store, &in_state(State::Any, filter)).await);
    }
    assert!(C::with_claims(store, new.clear.organization(), &new.protected.claims).await.is_empty());
}

pub(crate) async fn a_live_and_a_deleted_record_can_be_removed_for_good<S: Stores>(stores: &mut S) {
    let store = stores.store();
    can_be_removed::<Holder>(&*store).await;
    can_be_removed::<AliasAccount>(&*store).await;
}

async fn can_be_removed<C: Record>(store: &dyn Store) {
    let organization = organization();
    for dead in [false, true] {
        let (new, stays) = (C::stored(store, organization).await, C::stored(store, organization).await);
        if dead {
            new.clear.bury(store).await;
        }
        assert_eq!(C::purge(store, purge(&new.clear.now(store).await), None).await, Commit::Stored);
        is_gone(store, &new).await;
        assert!(stays.clear.is_in(store, &Filter::default()).await);
        // Its claims are as free as before; an id is never used again.
        let mut next = C::new(store, organization).await;
        next.protected.claims = new.protected.claims;
        assert_eq!(C::insert(store, next, None).await, Commit::Stored);
    }
}

pub(crate) async fn what_was_changed_since_or_is_not_there_is_not_removed<S: Stores>(stores: &mut S) {
    let store = stores.store();
    refused_when_changed::<Holder>(&*store).await;
    refused_when_changed::<AliasAccount>(&*store).await;
}

async fn refused_when_changed<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    let read = new.clear.now(store).await;
    assert_eq!(C::update(store, change(&read, &new.protected), None).await, Commit::Stored);
    assert_eq!(C::purge(store, purge(&read), None).await, CHANGED);
    let mut elsewhere = purge(&new.clear.now(store).await);
    elsewhere.organization = organization();
    assert_eq!(C::purge(store, elsewhere, None).await, CHANGED);
    let removal = purge(&new.clear.now(store).await);
    assert_eq!(C::purge(store, removal.clone(), None).await, Commit::Stored);
    assert_eq!(C::purge(store, removal, None).await, CHANGED);
}

pub(crate) async fn a_holder_with_live_alias_accounts_is_not_removed<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let (live, dead) = (alias_account(&owner), alias_account(&owner));
    for account in [&live, &dead] {
        assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
    }
    dead.clear.bury(&*store).await;
    let mut removal = purge(&owner.clear.now(&*store).await);
    let needed = Commit::Refused(Refused::HasAliasAccounts);
    assert_eq!(Holder::purge(&*store, removal.clone(), None).await, needed);
    assert!(owner.clear.is_in(&*store, &Filter::default()).await);
    assert!(dead.clear.find(&*store).await.is_some());
    removal.revision = 9;
    assert_eq!(Holder::purge(&*store, removal, None).await, CHANGED);
}

pub(crate) async fn the_deleted_alias_accounts_of_a_holder_go_with_it<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (owner, other) = (Holder::stored(&*store, organization).await, holder(organization));
    assert_eq!(Holder::insert(&*store, other.clone(), None).await, Commit::Stored);
    let dead = [alias_account(&owner), alias_account(&owner), alias_account(&other)];
    for account in &dead {
        assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
        account.clear.bury(&*store).await;
    }
    let removal = purge(&owner.clear.now(&*store).await);
    assert_eq!(Holder::purge(&*store, removal, None).await, Commit::Stored);
    is_gone(&*store, &owner).await;
    is_gone(&*store, &dead[0]).await;
    is_gone(&*store, &dead[1]).await;
    assert!(dead[2].clear.find(&*store).await.is_some());
    let inspection = stores.inspection();
    assert_eq!(inspection.totals().await.unwrap(), (1, 1));
}

pub(crate) async fn a_repeat_gives_its_outcome_after_the_record_was_removed<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let new = holder(organization());
    let organization = new.clear.organization;
    let (create, remove) = (operation(organization, 1), operation(organization, 2));
    let outcome = wrote(&new);
    let conclusion = concluding(&create, outcome.clone());
    assert_eq!(Holder::insert(&*store, new.clone(), conclusion.clone()).await, Commit::Stored);
    let removal = purge(&new.clear.now(&*store).await);
    let removed = concluding(&remove, outcome.clone());
    assert_eq!(Holder::purge(&*store, removal.clone(), removed.clone()).await, Commit::Stored);
    assert_eq!(Holder::purge(&*store, removal, removed).await, Commit::Repeated(outcome.clone()));
    assert_eq!(Holder::insert(&*store, new.clone(), conclusion).await, Commit::Repeated(outcome.clone()));
    assert_eq!(store.begin(&create).await.unwrap(), Begun::Repeated(outcome));
    is_gone(&*store, &new).await;
}
