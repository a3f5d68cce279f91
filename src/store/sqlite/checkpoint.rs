//! Moving the write-ahead log into the database.

use super::connection::{BUSY, prepare};
use super::faults;
use rusqlite::Connection;
use std::time::Duration;

/// How long a purge waits for readers: a look over the whole store may take far longer.
const PATIENCE: Duration = Duration::from_millis(200);

/// So many pages in the log make a checkpoint due.
const DUE: i64 = 1000;

/// Moves what can be moved, once the log has grown.
pub(super) fn when_due(db: &Connection) {
    match log(db, "PRAGMA wal_checkpoint(NOOP)") {
        Ok(log) if log.pages - log.moved >= DUE => now(db),
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

/// What was removed for good may still stand in the log, as the pages were before. Only a log that is empty, also as
/// a file, holds none of it.
#[derive(Debug, Default)]
pub(super) struct Remains {
    maybe: bool,
}

impl Remains {
    /// What a process may have left that ended before it could empty the log.
    pub(super) fn of_the_last_run() -> Self {
        Self { maybe: true }
    }

    /// Whether there may be any.
    pub(super) fn maybe(&self) -> bool {
        self.maybe
    }

    /// After a purge: waits for readers, but not long, for writers wait meanwhile.
    pub(super) fn clear(&mut self, db: &Connection) {
        self.maybe = !self.truncated(db, PATIENCE);
        if self.maybe {
            tracing::warn!(
                "a reader keeps the write-ahead log from being emptied after a purge: tried again"
            );
        }
    }

    /// Where that failed: without waiting, for writers wait meanwhile.
    pub(super) fn clear_again(&mut self, db: &Connection) {
        if self.maybe {
            self.maybe = !self.truncated(db, Duration::ZERO);
        }
    }

    fn truncated(&self, db: &Connection, patience: Duration) -> bool {
        let tried = db.busy_timeout(patience).and_then(|()| truncate(db));
        emptied(db.busy_timeout(BUSY).and(tried))
    }
}

/// Moves all of the log and empties its file; whether others kept it from doing so.
fn truncate(db: &Connection) -> rusqlite::Result<bool> {
    log(db, "PRAGMA wal_checkpoint(TRUNCATE)").map(|log| log.kept)
}

fn emptied(tried: rusqlite::Result<bool>) -> bool {
    match tried {
        Ok(kept) => !kept,
        Err(error) => {
            warn(error);
            false
        }
    }
}

/// What a checkpoint tells.
struct Log {
    /// Whether others kept it from its end.
    kept: bool,
    /// Pages in the log.
    pages: i64,
    /// How many of them are in the database too.
    moved: i64,
}

fn log(db: &Connection, checkpoint: &'static str) -> rusqlite::Result<Log> {
    prepare(db, checkpoint)?
        .query_one([], |row| Ok(Log { kept: row.get(0)?, pages: row.get(1)?, moved: row.get(2)? }))
}

/// Nothing is lost: the records are in the log, and the next group tries again.
fn warn(error: rusqlite::Error) {
    let fault = faults::told(error);
    tracing::warn!(%fault, "the write-ahead log could not be moved into the database");
}
