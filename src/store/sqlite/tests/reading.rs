//! Reads: snapshots, faults, and how much they look at.

use super::super::{Role, SqliteStore};
use super::Sqlite;
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Detail, NewHolder};
use crate::registry::ports::store::{Commit, Store, StoreError};
use crate::store::conformance::records::{holder, organization};
use futures::future::join_all;
use std::fs::File;
use std::os::unix::fs::FileExt;

async fn stored(store: &SqliteStore) -> NewHolder {
    let holder = holder(organization());
    assert_eq!(store.create_holder(holder.clone(), vec![], None).await.unwrap(), Commit::Stored);
    holder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_read_loses_no_connection() {
    let stores = Sqlite::new();
    let store = stores.sqlite();
    for _ in 0..20 {
        let read = store.readers.read(|_| -> rusqlite::Result<()> { panic!("a read's own fault") }).await;
        assert!(matches!(read, Err(StoreError::Unavailable(_))));
    }
    let reads =
        (0..20).map(|_| store.readers.read(|db| db.query_row("SELECT 7", [], |row| row.get::<_, i64>(0))));
    for read in join_all(reads).await {
        assert_eq!(read.unwrap(), 7);
    }
}

#[tokio::test]
async fn a_failed_read_leaves_its_connection_usable() {
    let stores = Sqlite::new();
    let store = stores.sqlite();
    for _ in 0..20 {
        let read = store.readers.read(|db| db.execute_batch("SELECT * FROM nothing")).await;
        assert!(matches!(read, Err(StoreError::Unavailable(_))));
    }
    store.ready().await.unwrap();
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let stores = Sqlite::new();
    let read = stores.sqlite().readers.read(|db| db.execute_batch("DELETE FROM holders")).await;
    assert!(matches!(read, Err(StoreError::Unavailable(text)) if text.contains("may not be written")));
}

#[tokio::test]
async fn a_read_goes_on_beside_a_writer_that_holds_the_lock() {
    let stores = Sqlite::new();
    let holder = stored(stores.sqlite()).await;
    let other = stores.beside();
    other.execute_batch("BEGIN EXCLUSIVE; DELETE FROM claims; DELETE FROM holders").unwrap();
    let ids = [holder.clear.id];
    let organization = holder.clear.organization;
    let found = stores.sqlite().holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_record_that_does_not_read_as_written_is_told_without_its_value() {
    let stores = Sqlite::new();
    for (change, secret) in [
        ("UPDATE holders SET metadata = '{\"k\":[\"911\"]}'", "911"),
        ("UPDATE holders SET type = 'ROBOT'", "ROBOT"),
        ("UPDATE holders SET version = 99999999999", "99999999999"),
    ] {
        let holder = stored(stores.sqlite()).await;
        stores.beside().execute_batch(change).unwrap();
        let (organization, ids) = (holder.clear.organization, [holder.clear.id]);
        let read = stores.sqlite().holders(organization, &ids, State::Live, Detail::Clear).await.unwrap_err();
        assert!(matches!(read, StoreError::Unreadable(_)), "{read}");
        assert!(!read.to_string().contains(secret), "{read}");
        stores.beside().execute_batch("DELETE FROM claims; DELETE FROM holders").unwrap();
    }
}

#[tokio::test]
async fn damaged_pages_are_told_as_damage() {
    let stores = Sqlite::new();
    let holder = stored(stores.sqlite()).await;
    // All but the page that tells where the others are: without it the store would not open.
    let roots: Vec<u64> = stores
        .beside()
        .prepare("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")
        .unwrap()
        .query_map([], |row| row.get::<_, u32>(0))
        .unwrap()
        .map(|page| u64::from(page.unwrap() - 1))
        .collect();
    let Sqlite { store, dir } = stores;
    drop(store);
    let open = File::options().write(true).open(dir.path().join("holdergraph.db")).unwrap();
    for page in roots {
        open.write_all_at(&[0xA5; 4096], page * 4096).unwrap();
    }
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let (organization, ids) = (holder.clear.organization, [holder.clear.id]);
    let read = store.holders(organization, &ids, State::Live, Detail::Clear).await;
    assert!(matches!(read, Err(StoreError::Damaged(_))));
    let write = store.create_holder(holder, vec![], None).await;
    assert!(matches!(write, Err(StoreError::Damaged(_))));
}
