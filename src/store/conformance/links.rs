//! Rules 2 and 3: never an alias account without its live holder.

use super::Stores;
use super::acts::Record;
use super::records::{alias_account, holder, organization, page, rival};
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::{Detail, NewAliasAccount};
use crate::registry::ports::store::{Commit, Refused, Store};

const NOT_LIVE: Commit = Commit::Refused(Refused::HolderNotLive);

async fn link(store: &dyn Store, alias_account: &NewAliasAccount) -> Commit {
    store.link(alias_account.clone(), None).await.unwrap()
}

async fn absent(store: &dyn Store, alias_account: &NewAliasAccount) -> bool {
    let ids = [alias_account.clear.id];
    store
        .alias_accounts(alias_account.clear.organization, &ids, State::Live, Detail::Clear)
        .await
        .unwrap()
        .is_empty()
}

pub(crate) async fn a_link_needs_a_holder_that_is_there<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let orphan = alias_account(&holder(organization()));
    assert_eq!(link(&*store, &orphan).await, NOT_LIVE);
    assert!(absent(&*store, &orphan).await);
}

pub(crate) async fn a_link_needs_a_live_holder<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    owner.clear.bury(&*store).await;
    let orphan = alias_account(&owner);
    assert_eq!(link(&*store, &orphan).await, NOT_LIVE);
    assert!(absent(&*store, &orphan).await);
}

pub(crate) async fn a_link_needs_a_holder_of_the_same_organization<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    let mut foreign = alias_account(&owner);
    foreign.clear.organization = organization();
    assert_eq!(link(&*store, &foreign).await, NOT_LIVE);
    assert!(absent(&*store, &foreign).await);
}

pub(crate) async fn a_link_without_its_holder_leaves_its_account_free<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    let early = alias_account(&owner);
    assert_eq!(link(&*store, &early).await, NOT_LIVE);
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(link(&*store, &rival(&early, &owner)).await, Commit::Stored);
}

pub(crate) async fn the_holder_is_looked_at_before_the_account<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let (owner, nobody) = (holder(organization), holder(organization));
    let first = alias_account(&owner);
    assert_eq!(store.create_holder(owner, vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(link(&*store, &first).await, Commit::Stored);
    assert_eq!(link(&*store, &rival(&first, &nobody)).await, NOT_LIVE);
}

pub(crate) async fn a_holder_may_have_many_accounts<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = holder(organization());
    assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    for _ in 0..3 {
        assert_eq!(link(&*store, &alias_account(&owner)).await, Commit::Stored);
    }
    let ids = [owner.clear.id];
    let pages = store
        .alias_accounts_of(owner.clear.organization, &ids, &Filter::default(), page(10, None))
        .await
        .unwrap();
    assert_eq!(pages[&owner.clear.id].records.len(), 3);
}
