//! The embedded store: SQLite in one file under `DATA_DIR`, for one server.
//!
//! One thread writes. It takes all waiting writes into one transaction, each in a savepoint of its own, and answers
//! them after the commit: many callers share one fsync, and one that is refused does not hinder the others. Readers
//! work on snapshots beside it, on connections that cannot write.
//!
//! A record is a row with its claims (what no other live record may hold) and its tokens (what it is listed and found
//! by) in tables of their own. All of them are written together: each write is a file of its own here, made of the
//! steps in `whole`. Every list is a walk along the rows of a token.
//!
//! What the audit trail shall say of a change is written with it, into an outbox, and waits there until it is moved to
//! the chain of its organization, which is kept in the same file (`trail`).

mod alias_accounts;
mod audit;
mod checkpoint;
mod claims;
mod columns;
mod connection;
mod create_holder;
mod delete;
mod erase;
mod faults;
mod group;
mod holders;
mod inspection;
mod key_checks;
mod layout_2;
mod link;
mod link_check;
mod link_walks;
mod list;
mod lock;
mod migrate;
mod open;
mod operations;
mod port;
mod purge;
mod read;
mod readers;
mod restore;
mod schema;
mod strays;
mod table;
mod tokens;
mod trail;
mod transfer;
mod update;
mod whole;
mod writer;

#[cfg(test)]
mod tests;

pub use super::Role;
pub use erase::erase;
pub use open::OpenError;

use checkpoint::Remains;
use connection::Access;
use lock::Lock;
use readers::Readers;
use rusqlite::Connection;
use std::path::Path;
use std::thread;
use writer::Writer;

/// The store in one SQLite file. Dropping it finishes the writes that wait, which blocks the thread for so long.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the writer's connection closes last and takes the log with it, then the lock goes.
    readers: Readers,
    writer: Writer,
    _lock: Option<Lock>,
}

impl SqliteStore {
    /// Opens `holdergraph.db` in a directory.
    pub fn open(dir: &Path, role: Role) -> Result<Self, OpenError> {
        let (dir, lock) = match role {
            Role::Server => {
                let dir = open::directory(dir)?;
                let lock = Lock::take(&dir)?;
                (dir, Some(lock))
            }
            Role::Operator => (dir.canonicalize().map_err(|error| OpenError::of_io(dir, error))?, None),
        };
        let file = dir.join("holdergraph.db");
        let db = match role {
            Role::Server => serve(&file, &dir)?,
            Role::Operator => attend(&file, &dir)?,
        };
        let mut remains = match role {
            Role::Server => Remains::of_the_last_run(),
            Role::Operator => Remains::default(),
        };
        remains.clear_again(&db);
        let readers = Readers::open(&file, readers()).map_err(|error| OpenError::of_sqlite(&file, error))?;
        let writer = Writer::start(db, remains)
            .map_err(|error| OpenError::Unavailable { path: file, reason: error.to_string() })?;
        Ok(Self { readers, writer, _lock: lock })
    }
}

fn serve(file: &Path, dir: &Path) -> Result<Connection, OpenError> {
    open::database(file)?;
    let sqlite = |error| OpenError::of_sqlite(file, error);
    let db = connection::open(file, Access::Write).map_err(sqlite)?;
    let found = schema::layout(&db).map_err(sqlite)?;
    if found > schema::KNOWN {
        return Err(OpenError::NewerLayout { dir: dir.to_owned(), found, known: schema::KNOWN });
    }
    if !connection::use_write_ahead_log(&db).map_err(sqlite)? {
        return Err(OpenError::NoWriteAheadLog { dir: dir.to_owned() });
    }
    schema::migrate(&db).map_err(sqlite)?;
    open::names(dir)?;
    Ok(db)
}

fn attend(file: &Path, dir: &Path) -> Result<Connection, OpenError> {
    let sqlite = |error| OpenError::of_sqlite(file, error);
    file.metadata().map_err(|error| OpenError::of_io(file, error))?;
    let db = connection::open(file, Access::Write).map_err(sqlite)?;
    let (dir, found, known) = (dir.to_owned(), schema::layout(&db).map_err(sqlite)?, schema::KNOWN);
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(OpenError::OlderLayout { dir, found, known }),
        std::cmp::Ordering::Equal => Ok(db),
        std::cmp::Ordering::Greater => Err(OpenError::NewerLayout { dir, found, known }),
    }
}

/// Reads are computation and page cache: more of them at once than processors only make each slower.
fn readers() -> usize {
    thread::available_parallelism().map_or(2, |processors| processors.get().clamp(2, 8))
}
