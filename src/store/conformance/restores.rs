//! Rule 5: a soft-deleted record comes back where nothing stands in its way.

use super::Stores;
use super::acts::{Record, by, mark, marked};
use super::records::{alias_account, holder, organization, rival};
use super::writes::change;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::{New, Token};
use crate::registry::ports::store::{Commit, Refused, Store};

const CHANGED: Commit = Commit::Refused(Refused::Changed);
const NOT_LIVE: Commit = Commit::Refused(Refused::HolderNotLive);

async fn buried<C: Record>(store: &dyn Store) -> New<C> {
    let new = C::stored(store, organization()).await;
    new.clear.bury(store).await;
    new
}

pub(crate) async fn a_restored_record_is_live_as_it_shall_be<S: Stores>(stores: &mut S) {
    let store = stores.store();
    live_as_it_shall_be::<Holder>(&*store).await;
    live_as_it_shall_be::<AliasAccount>(&*store).await;
}

async fn live_as_it_shall_be<C: Record>(store: &dyn Store) {
    let new = buried::<C>(store).await;
    let (organization, old) = (new.clear.organization(), by(new.protected.tokens[0].clone()));
    let mut restore = change(&new.clear.now(store).await, &new.protected);
    mark(&mut restore.clear, "back");
    restore.protected.tokens = vec![Token("document.1/2/new".to_owned())];
    restore.version = 9;
    assert_eq!(C::restore(store, restore.clone(), None).await, Commit::Stored);
    let now = new.clear.now(store).await;
    assert_eq!(now.clear, restore.clear);
    assert_eq!(now.version, 9);
    assert!(now.revision > restore.revision);
    for filter in [Filter::default(), marked("back"), by(restore.protected.tokens[0].clone())] {
        assert!(new.clear.is_in(store, &filter).await);
        assert!(!new.clear.is_in(store, &Filter { state: State::Deleted, ..filter }).await);
    }
    assert!(!new.clear.is_in(store, &Filter { state: State::Any, ..old }).await);
    assert_eq!(C::with_claims(store, organization, &new.protected.claims).await.len(), 1);
}

pub(crate) async fn a_restored_record_holds_its_claims_against_others<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let organization = organization();
    let first = Holder::stored(&*store, organization).await;
    let rival = |_: ()| {
        let mut rival = holder(organization);
        rival.protected.claims = first.protected.claims.clone();
        rival
    };
    first.clear.bury(&*store).await;
    let restore = change(&first.clear.now(&*store).await, &first.protected);
    assert_eq!(Holder::restore(&*store, restore, None).await, Commit::Stored);
    assert_eq!(Holder::insert(&*store, rival(()), None).await, Holder::taken());
    first.clear.bury(&*store).await;
    assert_eq!(Holder::insert(&*store, rival(()), None).await, Commit::Stored);
    let dead = first.clear.now(&*store).await;
    assert_eq!(Holder::restore(&*store, change(&dead, &first.protected), None).await, Holder::taken());
    assert_eq!(first.clear.now(&*store).await.clear, dead.clear);
}

pub(crate) async fn an_account_that_was_linked_again_meanwhile_stays_with_the_other<S: Stores>(
    stores: &mut S,
) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let first = alias_account(&owner);
    assert_eq!(AliasAccount::insert(&*store, first.clone(), None).await, Commit::Stored);
    first.clear.bury(&*store).await;
    let second = rival(&first, &owner);
    assert_eq!(AliasAccount::insert(&*store, second.clone(), None).await, Commit::Stored);
    let restore = change(&first.clear.now(&*store).await, &first.protected);
    assert_eq!(AliasAccount::restore(&*store, restore.clone(), None).await, AliasAccount::taken());
    let claims = &first.protected.claims;
    let held = AliasAccount::with_claims(&*store, owner.clear.organization, claims).await;
    assert_eq!(held.iter().map(|held| held.clear.id).collect::<Vec<_>>(), [second.clear.id]);
    second.clear.bury(&*store).await;
    assert_eq!(AliasAccount::restore(&*store, restore, None).await, Commit::Stored);
}

pub(crate) async fn an_alias_account_comes_back_to_a_live_holder_only<S: Stores>(stores: &mut S) {
    let store = stores.store();
    let owner = Holder::stored(&*store, organization()).await;
    let (first, other) = (alias_account(&owner), Holder::stored(&*store, owner.clear.organization).await);
    assert_eq!(AliasAccount::insert(&*store, first.clone(), None).await, Commit::Stored);
    first.clear.bury(&*store).await;
    owner.clear.bury(&*store).await;
    let restore = change(&first.clear.now(&*store).await, &first.protected);
    assert_eq!(AliasAccount::restore(&*store, restore.clone(), None).await, NOT_LIVE);
    // Its account is taken too, and that is told after the holder.
    let second = rival(&first, &other);
    assert_eq!(AliasAccount::insert(&*store, second.clone(), None).await, Commit::Stored);
    assert_eq!(AliasAccount::restore(&*store, restore.clone(), None).await, NOT_LIVE);
    let back = change(&owner.clear.now(&*store).await, &owner.protected);
    assert_eq!(Holder::restore(&*store, back, None).await, Commit::Stored);
    assert_eq!(AliasAccount::restore(&*store, restore.clone(), None).await, AliasAccount::taken());
    second.clear.bury(&*store).await;
    assert_eq!(AliasAccount::restore(&*store, restore, None).await, Commit::Stored);
}

pub(crate) async fn only_a_deleted_record_that_is_as_it_was_read_comes_back<S: Stores>(stores: &mut S) {
    let store = stores.store();
    refused_unless_deleted::<Holder>(&*store).await;
    refused_unless_deleted::<AliasAccount>(&*store).await;
}

async fn refused_unless_deleted<C: Record>(store: &dyn Store) {
    let new = C::stored(store, organization()).await;
    let live = new.clear.now(store).await;
    assert_eq!(C::restore(store, change(&live, &new.protected), None).await, CHANGED);
    new.clear.bury(store).await;
    let buried = new.clear.now(store).await;
    let mut restore = change(&buried, &new.protected);
    restore.revision -= 1;
    assert_eq!(C::restore(store, restore, None).await, CHANGED);
    let dead = new.clear.now(store).await;
    assert_eq!(dead.revision, buried.revision);
    assert!(C::with_claims(store, new.clear.organization(), &new.protected.claims).await.is_empty());
}
