//! What was answered as stored stays.

use super::Stores;
use super::acts::{Record, mark, marked};
use super::records::{NOW, alias_account, concluding, holder_with, operation, organization, rival, wrote};
use super::writes::{change, purge};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::operation::Begun;
use crate::registry::ports::record::{Detail, KeyId};
use crate::registry::ports::store::{Commit, KeyCheck};

pub(crate) async fn what_was_stored_is_there_after_a_restart<S: Stores>(stores: &mut S) {
    let organization = organization();
    let owner = holder_with(organization, &["a"]);
    let account = alias_account(&owner);
    let key = operation(organization, 1);
    let check = KeyCheck { id: KeyId("1".to_owned()), value: [3; 32] };

    let store = stores.store();
    assert!(store.key_check(check.clone()).await.unwrap() == check);
    assert_eq!(
        store.create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap(),
        Commit::Stored
    );
    assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    drop(store);
    stores.reopen().await;
    let store = stores.store();
    store.ready().await.unwrap();

    let found = store.holders(organization, &[owner.clear.id], State::Live, Detail::Sealed).await.unwrap();
    assert_eq!(found[0].clear, owner.clear);
    assert_eq!(found[0].sealed, Some(owner.protected.sealed.clone()));
    let found =
        store.alias_accounts(organization, &[account.clear.id], State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found[0].clear, account.clear);

    let second = holder_with(organization, &["a"]);
    assert_eq!(store.create_holder(second, vec![], None).await.unwrap(), Holder::taken());
    assert_eq!(store.link(rival(&account, &owner), None).await.unwrap(), AliasAccount::taken());

    let Begun::Repeated(outcome) = store.begin(&key).await.unwrap() else {
        panic!("the operation at {NOW} is not known any more");
    };
    assert_eq!(outcome.holder, Some(owner.clear.id));
    let other = KeyCheck { value: [4; 32], ..check.clone() };
    assert!(store.key_check(other).await.unwrap() == check);
}

pub(crate) async fn what_was_changed_or_deleted_or_removed_is_so_after_a_restart<S: Stores>(stores: &mut S) {
    let organization = organization();
    let store = stores.store();
    let changed = Holder::stored(&*store, organization).await;
    let mut update = change(&changed.clear.now(&*store).await, &changed.protected);
    mark(&mut update.clear, "changed");
    assert_eq!(Holder::update(&*store, update.clone(), None).await, Commit::Stored);
    let dead = AliasAccount::stored(&*store, organization).await;
    dead.clear.bury(&*store).await;
    let gone = Holder::stored(&*store, organization).await;
    let removal = purge(&gone.clear.now(&*store).await);
    assert_eq!(Holder::purge(&*store, removal, None).await, Commit::Stored);
    let before = dead.clear.now(&*store).await;
    drop(store);
    stores.reopen().await;
    let store = stores.store();
    let now = changed.clear.now(&*store).await;
    assert_eq!((now.clear, now.revision), (update.clear, 2));
    assert!(changed.clear.is_in(&*store, &marked("changed")).await);
    let now = dead.clear.now(&*store).await;
    assert_eq!((now.clear, now.revision), (before.clear, before.revision));
    assert!(!dead.clear.is_in(&*store, &Filter::default()).await);
    assert!(gone.clear.find(&*store).await.is_none());
}
