//! Group commit: many writes, one transaction, one fsync.

use super::checkpoint::Remains;
use super::connection::run;
use super::faults;
use crate::registry::ports::store::StoreError;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// One write of a group.
pub(super) trait Job: Send {
    /// Does the work; whether what it wrote shall stay.
    fn run(&mut self, db: &Connection) -> bool;

    /// Whether what it removes must be gone from the log too before it is answered.
    fn erases(&self) -> bool;

    /// Answers the caller, once it is known how the group ended.
    fn answer(self: Box<Self>, group: Result<(), StoreError>);
}

/// A job whose caller waits for a value.
pub(super) struct Task<T, F> {
    work: Option<F>,
    stays: fn(&T) -> bool,
    erases: bool,
    end: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Task<T, F> {
    /// A job that was not run yet.
    pub(super) fn new(work: F, stays: fn(&T) -> bool, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), stays, erases: false, end: None, reply }
    }

    /// The same job, whose removals are not left in the log.
    pub(super) fn erasing(self) -> Self {
        Self { erases: true, ..self }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        let Some(work) = self.work.take() else { return false };
        let end = match catch_unwind(AssertUnwindSafe(|| work(db))) {
            Ok(done) => done.map_err(faults::told),
            Err(_) => {
                Err(StoreError::Unavailable("a write stopped at a fault of the program's own".to_owned()))
            }
        };
        let stays = end.as_ref().is_ok_and(self.stays);
        self.end = Some(end);
        stays
    }

    fn erases(&self) -> bool {
        self.erases
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let end = match (self.end, group) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(lost)) => Err(lost),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StoreError::Unavailable("the write was not done".to_owned())),
        };
        // A caller that went away needs no answer.
        let _ = self.reply.send(end);
    }
}

/// Runs the jobs in one transaction, commits, and answers them all. If the commit fails, all are told so, also those
/// that were refused: what they were refused for may be among what is lost.
pub(super) fn commit(db: &Connection, mut jobs: Vec<Box<dyn Job>>, remains: &mut Remains) {
    let end = transact(db, &mut jobs);
    if end.is_err()
        && !db.is_autocommit()
        && let Err(error) = run(db, "ROLLBACK")
    {
        let fault = faults::told(error);
        tracing::error!(%fault, "a transaction could not be rolled back");
    }
    if end.as_ref().is_ok_and(|written| written.erased) {
        remains.clear(db);
    }
    for job in jobs {
        job.answer(end.clone().map(drop));
    }
}

/// What a group wrote.
#[derive(Clone)]
struct Written {
    /// Whether anything was removed for good.
    erased: bool,
}

fn transact(db: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<Written, StoreError> {
    run(db, "BEGIN IMMEDIATE").map_err(faults::told)?;
    let (mut written, mut erased) = (false, false);
    for job in jobs {
        run(db, "SAVEPOINT job").map_err(faults::told)?;
        let stays = job.run(db);
        if db.is_autocommit() {
            // After some faults (a full disk, no memory) SQLite rolls back the whole transaction by itself.
            return Err(StoreError::Unavailable("another write that was done with it failed".to_owned()));
        }
        if !stays {
            run(db, "ROLLBACK TO job").map_err(faults::told)?;
        }
        run(db, "RELEASE job").map_err(faults::told)?;
        written |= stays;
        erased |= stays && job.erases();
    }
    // Nothing to keep is nothing to sync.
    run(db, if written { "COMMIT" } else { "ROLLBACK" }).map_err(faults::told)?;
    Ok(Written { erased })
}
