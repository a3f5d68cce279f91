//! An embedded store is moved into a database.

use super::super::MongoStore;
use super::super::values::bytes;
use super::meddling::{before, does};
use super::{Mongo, connect, connect_with, over};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::time::Timestamp;
use crate::registry::copy::{CopyError, Progress, Proof, Stage, copy};
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::operation::{Begun, Operation, Outcome};
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::{Commit, KeyCheck, Store};
use crate::registry::ports::transfer::{Intake, Outlet};
use crate::store::Role;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{
    NOW, alias_account, concluding, holder, operation, organization, wrote,
};
use crate::store::conformance::writes::purge;
use crate::store::sqlite::SqliteStore;
use mongodb::bson::{Document, doc};
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// Nobody looks.
pub(super) struct Unseen;

impl Progress for Unseen {
    fn begins(&mut self, _: Stage, _: u64) {}
    fn done(&mut self, _: u64) {}
}

pub(super) async fn target(mongo: &Mongo) -> MongoStore {
    over(connect(mongo.database.name()).await).await
}

async fn meddled(mongo: &Mongo, handler: EventHandler<CommandEvent>) -> MongoStore {
    let database = connect_with(mongo.database.name(), Some(handler)).await;
    over(database).await
}

/// What a copy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Begun,
    /// Records were read.
    Records,
    Proving,
}

/// Does something there.
pub(super) struct Meddler<F>(pub(super) F);

impl<F: AsyncFn(At) + Send> Progress for Meddler<F> {
    fn begins(&mut self, stage: Stage, _: u64) {
        self.meddle(if stage == Stage::Copying { At::Begun } else { At::Proving });
    }
    fn done(&mut self, _: u64) {
        self.meddle(At::Records);
    }
}

impl<F: AsyncFn(At)> Meddler<F> {
    fn meddle(&self, at: At) {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on((self.0)(at)));
    }
}

fn key_check(value: u8) -> KeyCheck {
    KeyCheck { id: KeyId("1".to_owned()), value: [value; 32] }
}

/// Live, deleted and removed records of two organizations, a key, and more holders than fit into one page.
async fn filled() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    store.key_check(key_check(3)).await.unwrap();
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
    let proof = copy(&source, &to, NOW, &mut Unseen).await.unwrap();
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
    let error = copy(&source, &target(&mongo).await, NOW, &mut Unseen).await.unwrap_err();
    assert!(error.to_string().contains("not empty, it has documents in the collection `holders`"), "{error}");
    assert_eq!(there.clear.now(&*mongo.store()).await.clear, there.clear);
    assert_eq!(mongo.inspection().totals().await.unwrap(), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_broke_off_is_begun_again_and_serves_nobody_until_then() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;
    copy(&source, &to, NOW, &mut Unseen).await.unwrap();
    // As if it had ended in the middle: something is missing, something is there that should not be.
    let layout = mongo.database.collection::<Document>("layout");
    layout.insert_one(doc! { "_id": "copy", "stamp": 1, "foundEmpty": true }).await.unwrap();
    let holders = mongo.database.collection::<Document>("holders");
    holders.delete_one(doc! { "state": "live" }).await.unwrap();
    holders.update_one(doc! { "state": "live" }, doc! { "$set": { "version": 99 } }).await.unwrap();
    assert!(to.is_being_filled().await.unwrap());
    copy(&source, &to, NOW, &mut Unseen).await.unwrap();
    assert!(!to.is_being_filled().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_holds_something_else_is_told() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;

    // Between the copy and its proof.
    let holders = mongo.database.collection::<Document>("holders");
    let mut meddler = Meddler(async |at: At| {
        if at == At::Proving {
            let change = doc! { "$set": { "version": 99 } };
            holders.update_one(doc! { "state": "live" }, change).await.unwrap();
        }
    });
    let error = copy(&source, &to, NOW, &mut meddler).await.unwrap_err();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mark_alone_allows_nobody_to_remove_anything() {
    let mongo = Mongo::fresh().await;
    let there = Holder::stored(&*mongo.store(), organization()).await;
    let layout = mongo.database.collection::<Document>("layout");
    // Of copies that stopped before they had found the database empty.
    for mark in [doc! { "_id": "copy" }, doc! { "_id": "copy", "stamp": 1 }] {
        layout.insert_one(mark).await.unwrap();
        let told = target(&mongo).await.begin_copy().await.unwrap();
        assert_eq!(told.as_deref(), Some("documents in the collection `holders`"));
        assert!(!target(&mongo).await.is_being_filled().await.unwrap(), "the database serves again");
    }
    assert_eq!(there.clear.now(&*mongo.store()).await.clear, there.clear);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_begins_as_another_one_ends_leaves_what_that_one_brought() {
    let mongo = Mongo::fresh().await;
    let first = Arc::new(target(&mongo).await);
    assert_eq!(first.begin_copy().await.unwrap(), None);
    first.take_key_check(key_check(3)).await.unwrap();
    let ending = first.clone();
    let end = async move || assert!(ending.end_copy().await.unwrap());
    let second = meddled(&mongo, before(|command| does(command, "update", "layout"), end)).await;
    let told = second.begin_copy().await.unwrap();
    assert_eq!(told.as_deref(), Some("documents in the collection `key_checks`"));
    assert!(!first.is_being_filled().await.unwrap());
    assert!(first.key_checks().await.unwrap() == [key_check(3)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_copy_and_a_server_that_begin_at_once_one_notices_the_other() {
    // The server writes its check value between the first look of the copy and its mark.
    let mongo = Mongo::fresh().await;
    let store = mongo.store();
    let serve = async move || assert!(store.key_check(key_check(1)).await.unwrap() == key_check(1));
    let copying = meddled(&mongo, before(|command| does(command, "insert", "layout"), serve)).await;
    let told = copying.begin_copy().await.unwrap();
    assert_eq!(told.as_deref(), Some("documents in the collection `key_checks`"));
    assert!(!copying.is_being_filled().await.unwrap());

    // The copy finds nothing, for the server has looked for its mark and not written yet.
    let mongo = Mongo::fresh().await;
    let copying = Arc::new(target(&mongo).await);
    let begin = copying.clone();
    let begin = async move || assert_eq!(begin.begin_copy().await.unwrap(), None);
    let server = meddled(&mongo, before(|command| does(command, "insert", "key_checks"), begin)).await;
    assert!(!server.is_being_filled().await.unwrap());
    let error = server.key_check(key_check(1)).await.unwrap_err();
    assert!(error.to_string().contains("a copy into the database has begun"), "{error}");
    assert!(copying.is_under_way().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_overtaken_stops_at_its_next_page() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    for at in [At::Records, At::Proving] {
        let (to, later) = (target(&mongo).await, target(&mongo).await);
        let mut meddler = Meddler(async |now: At| {
            if now == at && !later.is_under_way().await.unwrap() {
                assert_eq!(later.begin_copy().await.unwrap(), None);
            }
        });
        let error = copy(&source, &to, NOW, &mut meddler).await.unwrap_err();
        assert!(matches!(error, CopyError::Overtaken), "{error}");
        let holders = mongo.database.collection::<Document>("holders");
        assert_eq!(holders.count_documents(doc! {}).await.unwrap(), 0, "{at:?}");
        assert!(later.is_under_way().await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_other_keys_that_was_faster_is_told() {
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let to = target(&mongo).await;
    let key_checks = mongo.database.collection::<Document>("key_checks");
    let mut meddler = Meddler(async |at: At| {
        if at == At::Begun {
            let theirs = doc! { "_id": "1", "value": bytes(&[9; 32]) };
            key_checks.insert_one(theirs).await.unwrap();
        }
    });
    let error = copy(&source, &to, NOW, &mut meddler).await.unwrap_err();
    assert!(matches!(error, CopyError::ForeignKeys), "{error}");
    assert_eq!(mongo.inspection().totals().await.unwrap(), (0, 0), "no record was moved");
    copy(&source, &to, NOW, &mut Unseen).await.unwrap();
    assert!(to.key_checks().await.unwrap() == [key_check(3)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_whose_keys_are_free_stay_behind_and_the_others_outlive_the_copy() {
    const WEEK_MS: i64 = 7 * 86_400_000;
    let mongo = Mongo::fresh().await;
    let (_dir, source) = filled().await;
    let begun = Timestamp::now();
    let organization = organization();
    for (key, expires_at) in [(1, begun.plus(-1)), (2, begun), (3, begun.plus(1)), (4, begun.plus(WEEK_MS))] {
        let operation = Operation { expires_at, ..operation(organization, key) };
        let conclusion = concluding(&operation, Outcome::default()).unwrap();
        assert_eq!(source.conclude(conclusion).await.unwrap(), Commit::Stored);
    }
    let to = target(&mongo).await;
    let proof = copy(&source, &to, begun, &mut Unseen).await.unwrap();
    assert_eq!(proof.operations.count(), 2, "those of all other tests expired long ago");
    let (kept, _) = to.operations_after(None, 9).await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.key.0[0]).collect::<Vec<_>>(), [3, 4]);
    let operations = mongo.database.collection::<Document>("operations");
    for kept in kept {
        let id = bytes(&[kept.organization.as_bytes().as_slice(), &kept.key.0].concat());
        let found = operations.find_one(doc! { "_id": id }).await.unwrap().unwrap();
        let removed = found.get_datetime("removeAt").unwrap().timestamp_millis();
        assert!(removed >= kept.expires_at.plus(WEEK_MS).0 && removed >= begun.plus(WEEK_MS).0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_come_without_what_is_sealed() {
    let mongo = Mongo::fresh().await;
    Holder::stored(&*mongo.store(), organization()).await;
    let answers: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = answers.clone();
    let handler = EventHandler::callback(move |event| {
        if let CommandEvent::Succeeded(answer) = event {
            keep.lock().unwrap().push(answer.reply.to_string());
        }
    });
    let (entries, _) = meddled(&mongo, handler).await.entries_after(None, 9).await.unwrap();
    assert_eq!(entries.len(), 1);
    let answers = answers.lock().unwrap();
    assert!(answers.iter().any(|answer| answer.contains("audit")));
    assert!(answers.iter().all(|answer| !answer.contains("sealed") && !answer.contains("claims")));
}
