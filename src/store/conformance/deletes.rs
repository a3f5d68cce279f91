//! Rules 3 and 4: a deleted record stays, and what it held is free.

use super::Stores;
use super::acts::{Record, by, in_state, mark, marked};
use super::records::{alias_account, holder, organization};
use super::writes::{change, deletion};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::store::{Commit, Refused, Store};

const CHANGED: Commit = Commit::Refused(Refused::Changed);
const NEEDED: Commit = Commit::Refused(Refused::HasAliasAccounts);

pub(crate) async fn a_deleted_record_stays_as_it_was_but_for_its_times_and_version<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    stays_as_it_was::<Holder>(&*store).await;
    stays_as_it_was::<AliasAccount>(&*store).await;
}

async fn stays_as_it_was<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    let read = new.clear.now(store).await;
    let mut deletion = deletion(&read);
    deletion.version = 7;
    assert_eq!(C::delete(store, deletion.clone(), None).await, Commit::Stored);
    let now = new.clear.now(store).await;
    let mut expected = read.clear;
    let (_, updated_at, deleted_at) = expected.times();
    (*updated_at, *deleted_at) = (deletion.at, Some(deletion.at));
    assert_eq!(now.clear, expected);
    assert_eq!(now.version, 7);
    assert!(now.revision > read.revision);
    assert!(now.sealed == read.sealed);
}

pub(crate) async fn a_deleted_record_leaves_every_list_that_does_not_ask_for_it<S: Stores>(stores: &mut S) {
    let store = stores.store();
    leaves_the_lists::<Holder>(&*store).await;
    leaves_the_lists::<AliasAccount>(&*store).await;
}

async fn leaves_the_lists<C: Record>(store: &dyn Store) {
    let mut new = C::new(store, organization()).await;
    mark(&mut new.clear, "a");
    assert_eq!(C::insert(store, new.clone(), None).await, Commit::Stored);
    let filters = [Filter::default(), marked("a"), by(new.protected.tokens[0].clone())];
    new.clear.bury(store).await;
    for filter in filters {
        for (state, there) in [(State::Live, false), (State::Deleted, true), (State::Any, true)] {
            assert_eq!(new.clear.is_in(store, &in_state(state, filter.clone())).await, there, "{state:?}");
            let ids = [new.clear.id()];
            let found = C::by_ids(store, new.clear.organization(), &ids, state).await;
            assert_eq!(found.len() == 1, there, "{state:?}");
        }
    }
    assert!(C::with_claims(store, new.clear.organization(), &new.protected.claims).await.is_empty());
}

pub(crate) async fn what_was_changed_since_or_is_not_live_is_not_deleted<S: Stores>(stores: &mut S) {
    let store = stores.store();
    refused_when_changed::<Holder>(&*store).await;
    refused_when_changed::<AliasAccount>(&*store).await;
}

async fn refused_when_changed<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    let read = new.clear.now(store).await;
    assert_eq!(C::update(store, change(&read, &new.protected), None).await, Commit::Stored);
    assert_eq!(C::delete(store, deletion(&read), None).await, CHANGED);
    let mut elsewhere = deletion(&new.clear.now(store).await);
    elsewhere.organization = organization();
    assert_eq!(C::delete(store, elsewhere, None).await, CHANGED);
    assert!(new.clear.is_in(store, &Filter::default()).await);
    new.clear.bury(store).await;
    let dead = new.clear.now(store).await;
    assert_eq!(C::delete(store, deletion(&dead), None).await, CHANGED);
    assert_eq!(new.clear.now(store).await.revision, dead.revision);
}

pub(crate) async fn a_holder_with_live_alias_accounts_is_not_deleted<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let accounts = [alias_account(&owner), alias_account(&owner)];
    for account in &accounts {
        assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
    }
    let read = owner.clear.now(&*store).await;
    for account in &accounts {
        assert_eq!(Holder::delete(&*store, deletion(&read), None).await, NEEDED);
        let found = Holder::with_claims(&*store, owner.clear.organization, &owner.protected.claims).await;
        assert_eq!(found.iter().map(|found| found.revision).collect::<Vec<_>>(), [1]);
        account.clear.bury(&*store).await;
    }
    assert_eq!(Holder::delete(&*store, deletion(&read), None).await, Commit::Stored);
}

pub(crate) async fn alias_accounts_of_others_keep_no_holder<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (owner, other) = (Holder::stored(&*store, organization).await, holder(organization));
    assert_eq!(Holder::insert(&*store, other.clone(), None).await, Commit::Stored);
    assert_eq!(AliasAccount::insert(&*store, alias_account(&owner), None).await, Commit::Stored);
    other.clear.bury(&*store).await;
}

pub(crate) async fn the_revision_is_looked_at_before_the_alias_accounts<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    assert_eq!(AliasAccount::insert(&*store, alias_account(&owner), None).await, Commit::Stored);
    let mut deletion = deletion(&owner.clear.now(&*store).await);
    deletion.revision = 9;
    assert_eq!(Holder::delete(&*store, deletion, None).await, CHANGED);
}

pub(crate) async fn linking_raises_nothing_of_the_holder<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let account = alias_account(&owner);
    assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
    account.clear.bury(&*store).await;
    let now = owner.clear.now(&*store).await;
    assert_eq!((now.clear, now.version), (owner.clear, 1));
}
