//! How a connection is opened and what is set on each.

use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for a lock that another process holds.
pub(super) const BUSY: Duration = Duration::from_secs(2);

/// More than there are usual statements, so that each is compiled once a connection.
const STATEMENTS: usize = 256;

/// `temp_store`: savepoints keep their undo pages in memory, never in a file outside the store's directory.
/// `wal_autocheckpoint`: SQLite's own checkpoint hides its faults, so the writer makes them itself.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 0;
";

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Read only; SQLite refuses anything else.
    Read,
    /// Read and write.
    Write,
}

/// Opens a file that is there.
pub(super) fn open(file: &Path, access: Access) -> rusqlite::Result<Connection> {
    let mode = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    // A connection is never used by two threads at once, so SQLite's own lock on it is not needed.
    let db = Connection::open_with_flags(file, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    db.execute_batch(SETTINGS)?;
    if access == Access::Read {
        db.execute_batch("PRAGMA query_only = ON")?;
    }
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(db)
}

/// Turns the write-ahead log on; whether the file system allows it.
pub(super) fn use_write_ahead_log(db: &Connection) -> rusqlite::Result<bool> {
    // To its end: a switch that fails does so after the row that tells of it.
    let mode: String = db.query_one("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    Ok(mode == "wal")
}

/// A statement, compiled once a connection.
pub(super) fn prepare<'db>(db: &'db Connection, statement: &str) -> rusqlite::Result<CachedStatement<'db>> {
    #[cfg(test)]
    super::tests::statements::note(statement);
    db.prepare_cached(statement)
}

/// Runs a statement that has no parameters and gives no rows.
pub(super) fn run(db: &Connection, statement: &'static str) -> rusqlite::Result<()> {
    prepare(db, statement)?.execute([]).map(drop)
}
