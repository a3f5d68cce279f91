//! Closing, and moving the log into the database.

use super::super::{Role, SqliteStore};
use super::Sqlite;
use crate::registry::ports::list::State;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::records::{holder, organization};
use std::fs;

#[tokio::test]
async fn a_closed_store_is_one_file_that_holds_everything() {
    let Sqlite { store, dir } = Sqlite::new();
    let holder = holder(organization());
    let store = store.unwrap();
    assert_eq!(store.create_holder(holder.clone(), vec![], None).await.unwrap(), Commit::Stored);
    drop(store);
    assert!(!dir.path().join("holdergraph.db-wal").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(dir.path().join("holdergraph.db"), elsewhere.path().join("holdergraph.db")).unwrap();
    let copy = SqliteStore::open(elsewhere.path(), Role::Server).unwrap();
    let ids = [holder.clear.id];
    let found = copy.holders(holder.clear.organization, &ids, State::Live, Detail::Clear).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_log_that_has_grown_is_moved_into_the_database_while_it_runs() {
    let stores = Sqlite::new();
    let organization = organization();
    for _ in 0..4 {
        let mut holder = holder(organization);
        holder.protected.sealed.0 = vec![9; 2_000_000];
        assert_eq!(stores.sqlite().create_holder(holder, vec![], None).await.unwrap(), Commit::Stored);
    }
    // The checkpoint comes after the answer and before the next write.
    stores.sqlite().ready().await.unwrap();
    let pages: (i64, i64) = stores
        .beside()
        .query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| Ok((row.get(1)?, row.get(2)?)))
        .unwrap();
    assert!(pages.0 - pages.1 < 1000, "of {} pages in the log {} were moved", pages.0, pages.1);
    assert!(fs::metadata(stores.dir.path().join("holdergraph.db")).unwrap().len() > 2_000_000);
}
