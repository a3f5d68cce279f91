//! Every acknowledged change has its entry: it is written with the change, and waits until it is moved to the trail.

use super::Stores;
use super::acts::Record;
use super::records::{
    NOW, alias_account, audit, concluding, holder, holder_with, operation, organization, rival, wrote,
};
use super::trail_entries::{ids, settle_all, waiting, waiting_ids};
use super::writes::{change, deletion, purge};
use crate::domain::alias_account::{AccountLink, AliasAccount, LinkStatus};
use crate::domain::holder::Holder;
use crate::registry::ports::audit::{AuditEntry, AuditStore};
use crate::registry::ports::record::{LinkCheck, Protected, Stored};
use crate::registry::ports::store::{Commit, Refused, Store};
use uuid::Uuid;

pub(crate) async fn each_change_of_a_holder_leaves_its_entry<S: Stores>(stores: &mut S) {
    each_change::<Holder>(&*stores.store(), &*stores.trail()).await;
}

pub(crate) async fn each_change_of_an_alias_account_leaves_its_entry<S: Stores>(stores: &mut S) {
    each_change::<AliasAccount>(&*stores.store(), &*stores.trail()).await;
}

async fn each_change<C: Record>(store: &dyn Store, trail: &dyn AuditStore) {
    let organization = organization();
    let new = C::new(store, organization).await;
    settle_all(trail, organization).await;
    let mut entries = new.audit.clone();
    assert_eq!(C::insert(store, new.clone(), None).await, Commit::Stored);
    assert_eq!(waiting_ids(trail, organization).await, ids(&entries), "create");

    let mut update = change(&new.clear.now(store).await, &new.protected);
    update.audit = vec![audit("update"), audit("update")];
    entries.extend(update.audit.clone());
    assert_eq!(C::update(store, update, None).await, Commit::Stored);
    assert_eq!(waiting_ids(trail, organization).await, ids(&entries), "update");

    let mut burial = deletion(&new.clear.now(store).await);
    burial.audit = vec![audit("delete")];
    entries.extend(burial.audit.clone());
    assert_eq!(C::delete(store, burial, None).await, Commit::Stored);
    assert_eq!(waiting_ids(trail, organization).await, ids(&entries), "delete");

    let mut restoration = change(&new.clear.now(store).await, &new.protected);
    restoration.audit = vec![audit("restore")];
    entries.extend(restoration.audit.clone());
    assert_eq!(C::restore(store, restoration, None).await, Commit::Stored);
    assert_eq!(waiting_ids(trail, organization).await, ids(&entries), "restore");

    let mut removal = purge(&new.clear.now(store).await);
    removal.audit = vec![audit("purge")];
    entries.extend(removal.audit.clone());
    assert_eq!(C::purge(store, removal, None).await, Commit::Stored);
    assert!(new.clear.find(store).await.is_none());
    assert_eq!(waiting_ids(trail, organization).await, ids(&entries), "purge");
    assert!(waiting(trail, organization).await.iter().all(|waiting| entries.contains(&waiting.entry)));
    settle_all(trail, organization).await;
    assert!(new.clear.find(store).await.is_none());
}

pub(crate) async fn an_onboarding_leaves_the_entries_of_all_its_records<S: Stores>(stores: &mut S) {
    let (store, trail, organization) = (stores.store(), stores.trail(), organization());
    let owner = holder(organization);
    let accounts = vec![alias_account(&owner), alias_account(&owner)];
    let entries: Vec<AuditEntry> =
        accounts.iter().flat_map(|account| account.audit.clone()).chain(owner.audit.clone()).collect();
    let concluded = concluding(&operation(organization, 1), wrote(&owner));
    assert_eq!(store.create_holder(owner, accounts, concluded).await.unwrap(), Commit::Stored);
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries));
    settle_all(&*trail, organization).await;
}

pub(crate) async fn a_link_check_leaves_its_entry<S: Stores>(stores: &mut S) {
    let (store, trail, organization) = (stores.store(), stores.trail(), organization());
    let account = AliasAccount::stored(&*store, organization).await;
    settle_all(&*trail, organization).await;
    let entry = audit("verifyAliasAccount");
    let check = check(&account.clear.now(&*store).await, &entry);
    assert_eq!(store.record_link_check(check).await.unwrap(), Commit::Stored);
    assert_eq!(waiting_ids(&*trail, organization).await, ids([&entry]));
}

fn check(read: &Stored<AliasAccount>, entry: &AuditEntry) -> LinkCheck {
    LinkCheck {
        organization: read.clear.organization,
        id: read.clear.id,
        link: AccountLink { status: LinkStatus::Blocked, checked_at: Some(NOW.plus(5)), detail: None },
        revision: read.revision,
        audit: vec![entry.clone()],
    }
}

pub(crate) async fn a_purged_holder_leaves_the_entries_of_its_alias_accounts_too<S: Stores>(stores: &mut S) {
    let (store, trail, organization) = (stores.store(), stores.trail(), organization());
    let owner = Holder::stored(&*store, organization).await;
    let mut entries = owner.audit.clone();
    for _ in 0..2 {
        let account = alias_account(&owner);
        entries.extend(account.audit.clone());
        assert_eq!(AliasAccount::insert(&*store, account.clone(), None).await, Commit::Stored);
        account.clear.bury(&*store).await;
    }
    let mut removal = purge(&owner.clear.now(&*store).await);
    removal.audit = vec![audit("purge")];
    let removed = ids(&removal.audit);
    assert_eq!(Holder::purge(&*store, removal, None).await, Commit::Stored);
    // A store may tell of each alias account that went with it by an entry of its own.
    let waiting = waiting_ids(&*trail, organization).await;
    assert!(waiting.is_superset(&ids(&entries)) && waiting.is_superset(&removed));
    settle_all(&*trail, organization).await;
}

pub(crate) async fn settling_touches_neither_version_nor_revision<S: Stores>(stores: &mut S) {
    let (store, trail) = (stores.store(), stores.trail());
    settled::<Holder>(&*store, &*trail).await;
    settled::<AliasAccount>(&*store, &*trail).await;
}

async fn settled<C: Record>(store: &dyn Store, trail: &dyn AuditStore) {
    let organization = organization();
    let new = C::stored(store, organization).await;
    for dead in [false, true] {
        if dead {
            let mut burial = deletion(&new.clear.now(store).await);
            burial.audit = vec![audit("delete")];
            assert_eq!(C::delete(store, burial, None).await, Commit::Stored);
        }
        let before = new.clear.now(store).await;
        assert_ne!(waiting(trail, organization).await, []);
        settle_all(trail, organization).await;
        let now = new.clear.now(store).await;
        assert_eq!((now.clear, now.version, now.revision), (before.clear, before.version, before.revision));
        assert!(now.sealed == before.sealed);
    }
    // What was read before its entries were settled is still as it was read.
    let read = new.clear.now(store).await;
    assert_eq!(C::restore(store, change(&read, &new.protected), None).await, Commit::Stored);
}

pub(crate) async fn a_settled_entry_never_comes_back_with_the_next_change<S: Stores>(stores: &mut S) {
    let (store, trail) = (stores.store(), stores.trail());
    never_comes_back::<Holder>(&*store, &*trail).await;
    never_comes_back::<AliasAccount>(&*store, &*trail).await;
}

async fn never_comes_back<C: Record>(store: &dyn Store, trail: &dyn AuditStore) {
    let organization = organization();
    let new = C::stored(store, organization).await;
    let mut update = change(&new.clear.now(store).await, &new.protected);
    settle_all(trail, organization).await;
    update.audit = vec![audit("update")];
    let next = ids(&update.audit);
    assert_eq!(C::update(store, update, None).await, Commit::Stored);
    assert_eq!(waiting_ids(trail, organization).await, next);
    settle_all(trail, organization).await;
    new.clear.bury(store).await;
    let read = new.clear.now(store).await;
    assert_eq!(C::restore(store, change(&read, &new.protected), None).await, Commit::Stored);
    assert_eq!(C::purge(store, purge(&new.clear.now(store).await), None).await, Commit::Stored);
    assert_eq!(waiting(trail, organization).await, []);
}

pub(crate) async fn a_refused_or_repeated_write_leaves_no_entry<S: Stores>(stores: &mut S) {
    let (store, trail, organization) = (stores.store(), stores.trail(), organization());
    let key = operation(organization, 1);
    let owner = holder_with(organization, &["a"]);
    let concluded = concluding(&key, wrote(&owner));
    assert_eq!(store.create_holder(owner.clone(), vec![], concluded.clone()).await.unwrap(), Commit::Stored);
    let account = alias_account(&owner);
    assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
    settle_all(&*trail, organization).await;

    let taken = holder_with(organization, &["a"]);
    assert_eq!(store.create_holder(taken, vec![], None).await.unwrap(), Holder::taken());
    let rival = rival(&account, &owner);
    assert_eq!(store.link(rival, None).await.unwrap(), AliasAccount::taken());
    let orphan = alias_account(&holder(organization));
    assert_eq!(store.link(orphan, None).await.unwrap(), Commit::Refused(Refused::HolderNotLive));
    let repeat = store.create_holder(owner.clone(), vec![], concluded).await.unwrap();
    assert!(matches!(repeat, Commit::Repeated(_)));
    stale::<Holder>(&*store, &owner.clear, &owner.protected).await;
    stale::<AliasAccount>(&*store, &account.clear, &account.protected).await;
    let read = account.clear.now(&*store).await;
    let mut check = check(&read, &audit("verifyAliasAccount"));
    check.revision += 1;
    assert_eq!(store.record_link_check(check).await.unwrap(), Commit::Refused(Refused::Changed));
    assert_eq!(waiting(&*trail, organization).await, []);
}

/// Every change of a record that was changed since it was read.
async fn stale<C: Record>(store: &dyn Store, clear: &C, protected: &Protected) {
    let mut read = clear.now(store).await;
    read.revision += 1;
    let refused = Commit::Refused(Refused::Changed);
    let mut update = change(&read, protected);
    update.audit = vec![audit("update")];
    assert_eq!(C::update(store, update.clone(), None).await, refused);
    assert_eq!(C::restore(store, update, None).await, refused);
    let mut burial = deletion(&read);
    burial.audit = vec![audit("delete")];
    assert_eq!(C::delete(store, burial, None).await, refused);
    let mut removal = purge(&read);
    removal.audit = vec![audit("purge")];
    assert_eq!(C::purge(store, removal, None).await, refused);
}

pub(crate) async fn an_entry_without_an_id_is_given_one_that_stays<S: Stores>(stores: &mut S) {
    let organization = organization();
    let (store, trail) = (stores.store(), stores.trail());
    for _ in 0..2 {
        // As an earlier release wrote it.
        let mut owner = holder(organization);
        owner.audit[0].id = Uuid::nil();
        assert_eq!(store.create_holder(owner, vec![], None).await.unwrap(), Commit::Stored);
    }
    let before = waiting(&*trail, organization).await;
    let given = ids(before.iter().map(|waiting| &waiting.entry));
    assert_eq!(given.len(), 2, "each has one of its own");
    assert!(!given.contains(&Uuid::nil()));
    assert_eq!(waiting(&*trail, organization).await, before);
    drop((store, trail));
    stores.reopen().await;
    let trail = stores.trail();
    assert_eq!(waiting(&*trail, organization).await, before);
    settle_all(&*trail, organization).await;
}
