//! Reads: a few connections that cannot write, each used on a blocking thread by one read at a time.

use super::connection::{self, Access, run};
use super::faults;
use crate::registry::ports::store::StoreError;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The connections for reading.
#[derive(Debug)]
pub(super) struct Readers {
    pool: Arc<Pool>,
    turns: Arc<Semaphore>,
}

#[derive(Debug)]
struct Pool {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Opens so many connections.
    pub(super) fn open(file: &Path, count: usize) -> rusqlite::Result<Self> {
        let idle = (0..count).map(|_| connection::open(file, Access::Read)).collect::<Result<_, _>>()?;
        let pool = Pool { file: file.to_owned(), idle: Mutex::new(idle) };
        Ok(Self { pool: Arc::new(pool), turns: Arc::new(Semaphore::new(count)) })
    }

    /// Reads in one snapshot, when a connection is free. The work ends even if nobody waits for it any more.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Unavailable("it is closed".to_owned()))?;
        let pool = Arc::clone(&self.pool);
        // What is logged there belongs to the same request.
        let span = tracing::Span::current();
        let reading = tokio::task::spawn_blocking(move || {
            let read = span.in_scope(|| pool.read(work));
            drop(turn);
            read
        });
        reading.await.unwrap_or_else(|_| {
            Err(StoreError::Unavailable("a read stopped at a fault of the program's own".to_owned()))
        })
    }
}

impl Pool {
    /// A connection that panicked or kept a transaction open is not given back: the next read opens another.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let db = match idle {
            Some(db) => db,
            None => connection::open(&self.file, Access::Read).map_err(faults::told)?,
        };
        let read = snapshot(&db, work);
        if db.is_autocommit() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        }
        read.map_err(faults::told)
    }
}

fn snapshot<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    run(db, "BEGIN")?;
    let read = work(db);
    let ended = run(db, "COMMIT");
    let read = read?;
    ended.map(|()| read)
}
