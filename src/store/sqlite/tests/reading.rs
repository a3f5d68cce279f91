//! Reads: snapshots, faults, and how much they look at.

use super::super::alias_accounts::OF_HOLDER;
use super::super::{Role, SqliteStore};
use super::Sqlite;
use crate::domain::alias_account::AliasAccount;
use crate::domain::ids::AliasAccountId;
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{Detail, NewHolder};
use crate::registry::ports::store::{Commit, State, Store, StoreError};
use crate::store::conformance::records::{alias_account, holder, organization};
use futures::future::join_all;
use rusqlite::{Connection, StatementStatus, params};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use uuid::Uuid;

async fn stored(store: &SqliteStore) -> NewHolder {
    let holder = holder(organization());
    assert_eq!(store.create_holder(holder.clone(), None).await.unwrap(), Commit::Stored);
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
async fn a_record_that_does_not_read_as_written_is_damage_told_without_its_value() {
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
        assert!(matches!(read, StoreError::Damaged(_)), "{read}");
        assert!(!read.to_string().contains(secret), "{read}");
        stores.beside().execute_batch("DELETE FROM claims; DELETE FROM holders").unwrap();
    }
}

#[tokio::test]
async fn damaged_pages_are_told_as_damage() {
    let Sqlite { store, dir } = Sqlite::new();
    let store = store.unwrap();
    let holder = stored(&store).await;
    drop(store);
    let file = dir.path().join("holdergraph.db");
    let pages = fs::metadata(&file).unwrap().len() / 4096;
    let open = File::options().write(true).open(&file).unwrap();
    for page in 1..pages {
        open.write_all_at(&[0xA5; 4096], page * 4096).unwrap();
    }
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let (organization, ids) = (holder.clear.organization, [holder.clear.id]);
    let read = store.holders(organization, &ids, State::Live, Detail::Clear).await;
    assert!(matches!(read, Err(StoreError::Damaged(_))));
    let write = store.create_holder(holder, None).await;
    assert!(matches!(write, Err(StoreError::Damaged(_))));
}

/// Steps of SQLite's machine for one page of three.
fn steps(db: &Connection, account: &AliasAccount, after: (Timestamp, AliasAccountId)) -> i32 {
    let mut select = db.prepare(OF_HOLDER(Detail::Clear)).unwrap();
    let place = params![account.organization, account.holder_id, after.0, after.1, 4];
    assert_eq!(select.query_map(place, |_| Ok(())).unwrap().count(), 4);
    assert_eq!(select.get_status(StatementStatus::Sort), 0);
    assert_eq!(select.get_status(StatementStatus::FullscanStep), 0);
    select.get_status(StatementStatus::VmStep)
}

#[tokio::test]
async fn the_cost_of_a_page_grows_neither_with_its_depth_nor_with_what_follows() {
    let stores = Sqlite::new();
    let store = stores.sqlite();
    let owner = stored(store).await;
    let mut accounts: Vec<_> = (0..200)
        .map(|i| {
            let mut account = alias_account(&owner);
            account.clear.created_at = account.clear.created_at.plus(i / 50);
            account
        })
        .collect();
    accounts.sort_by_key(|account| (account.clear.created_at, account.clear.id));
    let start = (Timestamp(i64::MIN), AliasAccountId(Uuid::nil()));
    let rest = accounts.split_off(4);
    for account in &accounts {
        store.link(account.clone(), None).await.unwrap();
    }
    let clear = &accounts[0].clear;
    let alone = steps(&stores.beside(), clear, start);
    let ends = join_all(rest.iter().map(|account| store.link(account.clone(), None))).await;
    assert!(ends.into_iter().all(|end| end.unwrap() == Commit::Stored));
    let among_many = steps(&stores.beside(), clear, start);
    let last = &rest[rest.len() - 6].clear;
    let deep = steps(&stores.beside(), clear, (last.created_at, last.id));
    // The next record among 50 of one instant is found without walking the others: that would be hundreds of steps.
    assert!((among_many - alone).abs() < 40 && (deep - alone).abs() < 40, "{alone} {among_many} {deep}");
}
