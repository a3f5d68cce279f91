//! An embedded store is moved into a database.

use super::super::MongoStore;
use super::{Mongo, PATIENCE, connect_with};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::copy::{CopyError, Progress, Proof, Stage, copy};
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::operation::Begun;
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::{Commit, KeyCheck, Store};
use crate::registry::ports::transfer::Intake;
use crate::store::Role;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{alias_account, concluding, holder, operation, organization, wrote};
use crate::store::conformance::writes::purge;
use crate::store::sqlite::SqliteStore;
use mongodb::bson::{Document, doc};
use tempfile::TempDir;

/// Nobody looks.
struct Unseen;

impl Progress for Unseen {
    fn begins(&mut self, _: Stage, _: u64) {}
    fn done(&mut self, _: u64) {}
}

async fn target(mongo: &Mongo) -> MongoStore {
    let database = connect_with(mongo.database.name(), None).await;
    MongoStore::over(database, PATIENCE).await.unwrap()
}

/// Live, deleted and removed records of two organizations, a key, and more holders than fit into one page.
async fn filled() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    store.key_check(KeyCheck { id: KeyId("1".to_owned()), value: [3; 32] }).await.unwrap();
    for organization in [organization(), organization()] {
        for _ in 0..3 {
            let owner = holder(organization);
            let accounts = vec![alias_account(&owner), alias_account(&owner)];
            let key = operation(organization, 1);
            let end = store.create_holder(owner.clone(), accounts.clone(), concluding(&key, wrote(&owner)));
            if end.await.unwrap() == Commit::Stored {
                accounts[0].clear.bury(&store).await;
            }
        }
        let gone = Holder::stored(&store, organization).await.clear;
        let mut removal = purge(&gone.now(&store).await);
        removal.audit = holder(organization).audit;
        assert_eq!(Holder::purge(&store, removal, None).await, Commit::Stored);
        let dead = AliasAccount::stored(&store, organization).await;
        dead.clear.bury(&store).await;
    }
    let organization = organization();
    for _ in 0..600 {
        assert_eq!(store.create_holder(holder(organization), vec![], None).await.unwrap(), Commit::Stored);
    }
    (dir, store)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_arrives_and_proves_itself() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;
    let proof = copy(&source, &to, &mut Unseen).await.unwrap();
    let (holders, alias_accounts) = source.totals().await.unwrap();
    assert_eq!((proof.holders.count(), proof.alias_accounts.count()), (holders, alias_accounts));
    assert_eq!(proof.operations.count(), 2);
    assert!(proof.entries.count() > holders, "each creation and each removal left an entry");
    assert_eq!(to.strays(10).await.unwrap(), []);
    assert!(to.key_checks().await.unwrap() == source.key_checks().await.unwrap());

    // What was remembered is remembered, and what was live is found and can be changed.
    let kept = source.holders_after(None, 1).await.unwrap().remove(0);
    let organization = kept.record.clear.organization;
    let key = operation(organization, 1);
    let known = to.begin(&key).await.unwrap();
    assert_eq!(known, source.begin(&key).await.unwrap());
    assert_ne!(known, Begun::New);
    let linked = source.alias_accounts_after(None, 10).await.unwrap();
    let live = linked.iter().find(|linked| linked.kept.record.clear.deleted_at.is_none()).unwrap();
    live.kept.record.clear.bury(&to).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_holds_something_is_left_alone() {
    let mongo = Mongo::fresh().await;
    let there = Holder::stored(&*mongo.store(), organization()).await;
    let (_dir, source) = filled().await;
    let error = copy(&source, &target(&mongo).await, &mut Unseen).await.unwrap_err();
    assert!(error.to_string().contains("not empty, it has documents in the collection `holders`"), "{error}");
    assert_eq!(there.clear.now(&*mongo.store()).await.clear, there.clear);
    assert_eq!(mongo.inspection().totals().await.unwrap(), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_broke_off_is_begun_again_and_serves_nobody_until_then() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;
    copy(&source, &to, &mut Unseen).await.unwrap();
    // As if it had ended in the middle: something is missing, something is there that should not be.
    let layout = mongo.database.collection::<Document>("layout");
    layout.insert_one(doc! { "_id": "copy" }).await.unwrap();
    let holders = mongo.database.collection::<Document>("holders");
    holders.delete_one(doc! { "state": "live" }).await.unwrap();
    holders.update_one(doc! { "state": "live" }, doc! { "$set": { "version": 99 } }).await.unwrap();
    assert!(to.is_being_filled().await.unwrap());
    copy(&source, &to, &mut Unseen).await.unwrap();
    assert!(!to.is_being_filled().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_holds_something_else_is_told() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;

    /// Changes a record of the target between the copy and its proof.
    struct Meddler(MongoStore);
    impl Progress for Meddler {
        fn begins(&mut self, stage: Stage, _: u64) {
            if stage == Stage::Proving {
                let holders = self.0.collections.holders.clone();
                tokio::task::block_in_place(|| {
                    let change = doc! { "$set": { "version": 99 } };
                    tokio::runtime::Handle::current()
                        .block_on(async move { holders.update_one(doc! { "state": "live" }, change).await })
                        .unwrap()
                });
            }
        }
        fn done(&mut self, _: u64) {}
    }

    let mut meddler = Meddler(target(&mongo).await);
    let error = copy(&source, &to, &mut meddler).await.unwrap_err();
    let CopyError::Different { copied, found } = error else { panic!("{error}") };
    let Proof { holders, .. } = *found;
    assert_eq!(holders.count(), copied.holders.count());
    assert_ne!(holders, copied.holders);
    assert!(to.is_being_filled().await.unwrap(), "nobody is served from it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_copies_into_one_target_the_earlier_one_does_not_end_well() {
    let mongo = Mongo::fresh().await;
    let (first, second) = (target(&mongo).await, target(&mongo).await);
    assert_eq!(first.begin_copy().await.unwrap(), None);
    assert_eq!(second.begin_copy().await.unwrap(), None);
    assert!(!first.end_copy().await.unwrap());
    assert!(second.is_being_filled().await.unwrap());
    assert!(second.end_copy().await.unwrap());
    assert!(!second.is_being_filled().await.unwrap());
}
