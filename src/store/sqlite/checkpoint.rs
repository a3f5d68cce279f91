//! Moving the write-ahead log into the database, after the callers have been answered.

use super::faults;
use rusqlite::Connection;

/// So many pages in the log make a checkpoint due.
const DUE: i64 = 1000;

/// Moves what can be moved, once the log has grown.
pub(super) fn when_due(db: &Connection) {
    match log(db, "PRAGMA wal_checkpoint(NOOP)") {
        Ok((pages, moved)) if pages - moved >= DUE => now(db),
        Ok(_) => {}
        Err(error) => warn(error),
    }
}

/// Moves what can be moved without waiting for readers.
pub(super) fn now(db: &Connection) {
    if let Err(error) = log(db, "PRAGMA wal_checkpoint(PASSIVE)") {
        warn(error);
    }
}

/// Pages in the log, and how many of them are in the database too.
fn log(db: &Connection, checkpoint: &'static str) -> rusqlite::Result<(i64, i64)> {
    db.prepare_cached(checkpoint)?.query_one([], |row| Ok((row.get(1)?, row.get(2)?)))
}

/// Nothing is lost: the records are in the log, and the next group tries again.
fn warn(error: rusqlite::Error) {
    let fault = faults::told(error);
    tracing::warn!(%fault, "the write-ahead log could not be moved into the database");
}
