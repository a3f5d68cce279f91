//! Writes: groups, faults, and callers that go away.

use super::super::checkpoint::Remains;
use super::super::connection::{self, Access};
use super::super::group::{self, Job, Task};
use super::super::writer::Writer;
use super::Sqlite;
use crate::domain::holder::Holder;
use crate::registry::ports::list::State;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Store, StoreError};
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{holder, holder_with, organization};
use rusqlite::Connection;
use std::sync::mpsc;
use tokio::sync::oneshot;

type Answer = oneshot::Receiver<Result<i64, StoreError>>;

/// A job that writes its number and then does something else; only even numbers stay.
fn job(number: i64, then: fn(&Connection) -> rusqlite::Result<()>) -> (Box<dyn Job>, Answer) {
    let (reply, answer) = oneshot::channel();
    let work = move |db: &Connection| {
        db.execute("INSERT INTO numbers VALUES (?1)", [number])?;
        then(db)?;
        Ok(number)
    };
    (Box::new(Task::new(work, |number: &i64| number % 2 == 0, reply)), answer)
}

fn numbers() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = ON; CREATE TABLE numbers (n INTEGER PRIMARY KEY);
         CREATE TABLE parts (n INTEGER REFERENCES numbers DEFERRABLE INITIALLY DEFERRED)",
    )
    .unwrap();
    db
}

fn kept(db: &Connection) -> Vec<i64> {
    let mut select = db.prepare("SELECT n FROM numbers ORDER BY n").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn told(mut answer: Answer) -> Result<i64, StoreError> {
    answer.try_recv().unwrap()
}

#[test]
fn a_job_that_fails_or_is_refused_or_panics_hinders_no_other_of_its_group() {
    let db = numbers();
    let (jobs, answers): (Vec<_>, Vec<_>) = [
        job(2, |_| Ok(())),
        job(2, |_| Ok(())),
        job(3, |_| Ok(())),
        job(4, |db| db.execute_batch("DELETE FROM numbers; SELECT * FROM nothing")),
        job(6, |_| panic!("a write's own fault")),
        job(8, |_| Ok(())),
    ]
    .into_iter()
    .unzip();
    group::commit(&db, jobs, &mut Remains::default());
    let answers: Vec<_> = answers.into_iter().map(|answer| told(answer).ok()).collect();
    assert_eq!(answers, [Some(2), None, Some(3), None, None, Some(8)]);
    assert_eq!(kept(&db), [2, 8]);
    assert!(db.is_autocommit());
}

#[test]
fn where_the_commit_fails_nobody_is_told_of_success_and_nothing_stays() {
    let db = numbers();
    let (jobs, answers): (Vec<_>, Vec<_>) = [
        job(2, |_| Ok(())),
        job(3, |_| Ok(())),
        // A broken deferred reference shows at the commit only.
        job(4, |db| db.execute_batch("INSERT INTO parts VALUES (99)")),
    ]
    .into_iter()
    .unzip();
    group::commit(&db, jobs, &mut Remains::default());
    for answer in answers {
        assert!(matches!(told(answer), Err(StoreError::Unavailable(_))));
    }
    assert!(kept(&db).is_empty() && db.is_autocommit());
}

#[test]
fn where_sqlite_takes_the_whole_transaction_back_all_are_told_so() {
    let db = numbers();
    let (jobs, answers): (Vec<_>, Vec<_>) =
        [job(2, |_| Ok(())), job(4, |db| db.execute_batch("ROLLBACK")), job(6, |_| Ok(()))]
            .into_iter()
            .unzip();
    group::commit(&db, jobs, &mut Remains::default());
    for answer in answers {
        assert!(
            matches!(told(answer), Err(StoreError::Unavailable(text)) if text.starts_with("another write"))
        );
    }
    assert!(kept(&db).is_empty());
    let (next, answer) = job(8, |_| Ok(()));
    group::commit(&db, vec![next], &mut Remains::default());
    assert_eq!(told(answer).unwrap(), 8);
}

#[tokio::test]
async fn a_write_meets_a_foreign_lock_and_works_again_afterwards() {
    let stores = Sqlite::new();
    let store = stores.sqlite();
    let holder = holder(organization());
    let other = stores.beside();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let end = store.create_holder(holder.clone(), vec![], None).await.unwrap_err();
    assert!(matches!(&end, StoreError::Unavailable(text) if text.contains("another process")), "{end}");
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    other.execute_batch("COMMIT").unwrap();
    let ids = [holder.clear.id];
    let organization = holder.clear.organization;
    assert!(store.holders(organization, &ids, State::Any, Detail::Clear).await.unwrap().is_empty());
    store.ready().await.unwrap();
    assert_eq!(store.create_holder(holder, vec![], None).await.unwrap(), Commit::Stored);
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_stored_before_stays() {
    let Sqlite { store, dir } = Sqlite::new();
    drop(store);
    let file = dir.path().join("holdergraph.db");
    let db = connection::open(&file, Access::Write).unwrap();
    let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    db.query_row(&format!("PRAGMA max_page_count = {}", pages + 8), [], |_| Ok(())).unwrap();
    let writer = Writer::start(db, Remains::default()).unwrap();
    let create = |bytes: usize| {
        let mut holder = holder(organization());
        holder.protected.sealed.0 = vec![9; bytes];
        writer.write(
            |commit| *commit == Commit::Stored,
            move |db| super::super::create_holder::create_holder(db, &holder, &[], None),
        )
    };
    assert_eq!(create(10).await.unwrap(), Commit::Stored);
    let full = create(100_000).await.unwrap_err();
    assert!(matches!(&full, StoreError::Unavailable(text) if text.contains("disk is full")), "{full}");
    assert_eq!(create(10).await.unwrap(), Commit::Stored);
    drop(writer);
    let rows: i64 = Connection::open(&file)
        .unwrap()
        .query_row("SELECT count(*) FROM holders", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_told() {
    let Sqlite { store, dir } = Sqlite::new();
    let db = connection::open(&dir.path().join("holdergraph.db"), Access::Read).unwrap();
    let writer = Writer::start(db, Remains::default()).unwrap();
    let end = writer.write(|()| true, |db| db.execute_batch("DELETE FROM key_checks")).await.unwrap_err();
    assert!(matches!(&end, StoreError::Unavailable(text) if text.contains("may not be written")), "{end}");
    drop(store);
}

/// Keeps the writer busy until the sender is dropped; returns once it is.
async fn hold(stores: &Sqlite) -> mpsc::SyncSender<()> {
    let (release, held) = mpsc::sync_channel::<()>(0);
    let (busy, is_busy) = oneshot::channel();
    let store = stores.sqlite().clone();
    tokio::spawn(async move {
        let wait = move |_: &Connection| {
            busy.send(()).unwrap();
            Ok(held.recv().is_err())
        };
        store.writer.write(|_| false, wait).await.unwrap();
    });
    is_busy.await.unwrap();
    release
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_went_away_hinders_nobody_and_its_write_is_done() {
    let stores = Sqlite::new();
    let (left, next) = (holder(organization()), holder(organization()));
    let release = hold(&stores).await;
    let mut waiting = Box::pin(stores.sqlite().create_holder(left.clone(), vec![], None));
    assert!(futures::poll!(waiting.as_mut()).is_pending());
    drop(waiting);
    drop(release);
    assert_eq!(stores.sqlite().create_holder(next, vec![], None).await.unwrap(), Commit::Stored);
    let ids = [left.clear.id];
    let organization = left.clear.organization;
    let found = stores.sqlite().holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_at_once_and_what_waits_is_done() {
    let stores = Sqlite::new();
    let release = hold(&stores).await;
    let organization = organization();
    let mut waiting: Vec<_> = (0..1024)
        .map(|i| {
            Box::pin(stores.sqlite().create_holder(
                holder_with(organization, &[&i.to_string()]),
                vec![],
                None,
            ))
        })
        .collect();
    for write in &mut waiting {
        assert!(futures::poll!(write.as_mut()).is_pending());
    }
    let refused = stores.sqlite().create_holder(holder(organization), vec![], None).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Unavailable(text) if text.contains("too many writes")),
        "{refused}"
    );
    drop(release);
    for write in waiting {
        assert_eq!(write.await.unwrap(), Commit::Stored);
    }
    assert_eq!(stores.count("holders"), 1024);
}

#[tokio::test]
async fn a_store_that_is_dropped_does_what_waits() {
    let stores = Sqlite::new();
    let db = connection::open(&stores.dir.path().join("holdergraph.db"), Access::Write).unwrap();
    let writer = Writer::start(db, Remains::default()).unwrap();
    let insert = |i: u8| {
        let value = move |db: &Connection| db.execute("INSERT INTO key_checks VALUES (?1, ?2)", (i, [i; 32]));
        writer.write(|_| true, value)
    };
    let mut waiting: Vec<_> = (0..50).map(|i| Box::pin(insert(i))).collect();
    for write in &mut waiting {
        let _ = futures::poll!(write.as_mut());
    }
    drop(waiting);
    drop(writer);
    assert_eq!(stores.count("key_checks"), 50);
}

#[tokio::test]
async fn a_group_without_anything_to_keep_writes_no_log() {
    let stores = Sqlite::new();
    let organization = organization();
    let log =
        || -> i64 { stores.beside().query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1)).unwrap() };
    let before = log();
    let create = || stores.sqlite().create_holder(holder_with(organization, &["a"]), vec![], None);
    assert_eq!(create().await.unwrap(), Commit::Stored);
    let written = log();
    assert!(written > before);
    assert_eq!(create().await.unwrap(), Holder::taken());
    assert_eq!(log(), written);
}
