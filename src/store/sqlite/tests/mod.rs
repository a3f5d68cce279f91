//! The conformance suite over SQLite, and what only SQLite can do wrong.

mod closing;
mod crashing;
mod erasing;
mod inspecting;
mod measuring;
mod migrating;
mod opening;
mod reading;
pub(super) mod statements;
mod tables;
mod tour;
mod trail;
mod walking;
mod writing;

use super::{Role, SqliteStore};
use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::LinkWalks;
use crate::registry::ports::store::Store;
use crate::store::conformance::Stores;
use rusqlite::Connection;
use std::sync::Arc;
use tempfile::TempDir;

/// A store in a directory of its own.
struct Sqlite {
    store: Option<Arc<SqliteStore>>,
    dir: TempDir,
}

impl Sqlite {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
        Self { store: Some(Arc::new(store)), dir }
    }

    fn sqlite(&self) -> &Arc<SqliteStore> {
        self.store.as_ref().unwrap()
    }

    /// A connection beside the store's own.
    fn beside(&self) -> Connection {
        Connection::open(self.dir.path().join("holdergraph.db")).unwrap()
    }

    fn count(&self, table: &str) -> i64 {
        self.beside().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }
}

impl Stores for Sqlite {
    async fn fresh() -> Self {
        Self::new()
    }

    fn store(&self) -> Arc<dyn Store> {
        Arc::clone(self.sqlite()) as Arc<dyn Store>
    }

    async fn reopen(&mut self) {
        // Its lock is still held where anything keeps the store, and then this fails.
        self.store = None;
        self.store = Some(Arc::new(SqliteStore::open(self.dir.path(), Role::Server).unwrap()));
    }

    fn inspection(&self) -> Arc<dyn Inspection> {
        Arc::clone(self.sqlite()) as Arc<dyn Inspection>
    }

    fn walks(&self) -> Arc<dyn LinkWalks> {
        Arc::clone(self.sqlite()) as Arc<dyn LinkWalks>
    }

    fn trail(&self) -> Arc<dyn AuditStore> {
        Arc::clone(self.sqlite()) as Arc<dyn AuditStore>
    }
}

mod conformance {
    crate::store::conformance::suite!(crate::store::sqlite::tests::Sqlite);
}
