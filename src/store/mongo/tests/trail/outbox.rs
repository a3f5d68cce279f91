//! Entries in the documents of their records.

use super::super::Mongo;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::audit::{AuditEntry, AuditedRecord, EntryKind, WaitingEntry};
use crate::registry::ports::store::Commit;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{alias_account, audit, holder, organization};
use crate::store::conformance::trail_entries::{ids, settle_all, waiting, waiting_ids};
use crate::store::conformance::writes::purge;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_entries_of_records_that_may_be_taken_back_do_not_wait_yet() {
    let stores = Mongo::fresh().await;
    let (trail, organization) = (stores.trail(), organization());
    let owner = holder(organization);
    let accounts = [alias_account(&owner), alias_account(&owner)];
    let end = stores.store().create_holder(owner.clone(), accounts.to_vec(), None).await;
    assert_eq!(end.unwrap(), Commit::Stored);
    let entries: Vec<AuditEntry> =
        accounts.iter().flat_map(|account| account.audit.clone()).chain(owner.audit.clone()).collect();
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries));
    stores.hold(&owner, "held").await;
    assert_eq!(waiting(&*trail, organization).await, []);
    assert!(trail.oldest_waiting().await.unwrap().is_some(), "that nobody settles them must be seen");
    // The holder is there, and so are those that came with it; whoever settles them says so.
    stores.hold(&owner, "live").await;
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&owner.audit));
    for account in &accounts {
        let live = doc! { "$set": { "state": "live" }, "$unset": { "unsettled": "" } };
        stores.by_hand("alias_accounts", account.clear.id.0, live).await;
    }
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&entries));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_entry_of_an_operation_that_is_not_committed_does_not_wait_yet() {
    let stores = Mongo::fresh().await;
    let (trail, organization) = (stores.trail(), organization());
    let owner = Holder::stored(&*stores.store(), organization).await;
    let carries = doc! { "$set": { "operation": { "id": "x", "attempt": "y" } } };
    stores.by_hand("holders", owner.clear.id.0, carries).await;
    assert_eq!(waiting(&*trail, organization).await, []);
    stores.by_hand("holders", owner.clear.id.0, doc! { "$unset": { "operation": "" } }).await;
    assert_eq!(waiting_ids(&*trail, organization).await, ids(&owner.audit));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settling_leaves_revision_and_stamp_and_every_other_field_alone() {
    let stores = Mongo::fresh().await;
    let (trail, organization) = (stores.trail(), organization());
    let owner = Holder::stored(&*stores.store(), organization).await;
    let read = async || -> Document {
        let found = stores.collection("holders").find_one(doc! {}).await;
        found.unwrap().unwrap()
    };
    let mut before = read().await;
    assert_eq!(before.get_array("audit").unwrap().len(), owner.audit.len());
    settle_all(&*trail, organization).await;
    before.insert("audit", Vec::<mongodb::bson::Bson>::new());
    assert_eq!(read().await, before);
}

/// A holder's removal, as a use case tells it, with two deleted alias accounts that go with it.
async fn purged(stores: &Mongo) -> (AuditEntry, [Uuid; 2], Vec<WaitingEntry>) {
    let (store, organization) = (stores.store(), organization());
    let owner = Holder::stored(&*store, organization).await;
    let accounts = [alias_account(&owner), alias_account(&owner)];
    for account in &accounts {
        assert_eq!(store.link(account.clone(), None).await.unwrap(), Commit::Stored);
        account.clear.bury(&*store).await;
    }
    settle_all(&*stores.trail(), organization).await;
    let mut entry = audit("deleteHolder").about([AuditedRecord::Holder(owner.clear.id)]);
    entry.kind = EntryKind::Purge;
    let mut removal = purge(&owner.clear.now(&*store).await);
    removal.audit = vec![entry.clone()];
    assert_eq!(Holder::purge(&*store, removal, None).await, Commit::Stored);
    let again = waiting(&*stores.trail(), organization).await;
    let waiting = waiting(&*stores.trail(), organization).await;
    assert_eq!(again, waiting, "their ids stay");
    settle_all(&*stores.trail(), organization).await;
    for account in &accounts {
        assert_eq!(stores.entries_in("alias_accounts", account.clear.id.0).await, []);
    }
    (entry, accounts.map(|account| account.clear.id.0), waiting)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alias_account_that_went_with_its_holder_has_an_entry_of_its_own() {
    let stores = Mongo::fresh().await;
    let (entry, accounts, waiting) = purged(&stores).await;
    assert_eq!(waiting.len(), 3);
    let (of_holder, of_accounts): (Vec<_>, Vec<_>) =
        waiting.into_iter().map(|waiting| waiting.entry).partition(|one| one.id == entry.id);
    assert_eq!(of_holder, std::slice::from_ref(&entry));
    let told: BTreeSet<Uuid> = of_accounts.iter().map(|one| one.records[0].id()).collect();
    assert_eq!(told, BTreeSet::from(accounts));
    assert_ne!(of_accounts[0].id, of_accounts[1].id);
    for one in of_accounts {
        assert!(matches!(one.records[..], [AuditedRecord::AliasAccount(_)]) && one.record_count == 1);
        let expected = AuditEntry { id: one.id, records: one.records.clone(), ..entry.clone() };
        assert_eq!(one, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_of_an_earlier_release_gets_an_id_and_its_record_and_goes_alone() {
    let stores = Mongo::fresh().await;
    let (trail, organization) = (stores.trail(), organization());
    let account = AliasAccount::stored(&*stores.store(), organization).await;
    settle_all(&*trail, organization).await;
    let id = account.clear.id.0;
    let earlier = |request: &str| {
        doc! { "at": 7_i64, "subject": "acme/ana", "operation": "createAliasAccount", "request_id": request }
    };
    let push = doc! { "$push": { "audit": { "$each": [earlier("req-1"), earlier("req-2")] } } };
    stores.by_hand("alias_accounts", id, push).await;
    let before = waiting(&*trail, organization).await;
    let told: Vec<_> = before.iter().map(|waiting| waiting.entry.request_id.clone()).collect();
    assert_eq!(told, ["req-1", "req-2"]);
    assert_ne!(before[0].entry.id, before[1].entry.id);
    for WaitingEntry { entry, .. } in &before {
        assert_eq!(entry.records, [AuditedRecord::AliasAccount(account.clear.id)]);
        assert_eq!((entry.id.get_version_num(), entry.record_count), (8, 1));
    }
    trail.settle_entries(organization, vec![before[0].place.clone()]).await.unwrap();
    assert_eq!(waiting(&*trail, organization).await, before[1..]);
    settle_all(&*trail, organization).await;
    assert_eq!(stores.entries_in("alias_accounts", id).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_none_is_refused() {
    use crate::registry::ports::audit::WaitingPlace;
    let stores = Mongo::fresh().await;
    for place in [vec![], vec![0], vec![7; 34], vec![1; 20]] {
        let end = stores.trail().settle_entries(organization(), vec![WaitingPlace(place)]).await;
        assert!(end.unwrap_err().to_string().contains("place"));
    }
}
