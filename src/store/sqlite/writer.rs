//! The one thread that writes, and the queue in front of it.

use super::group::{self, Job, Task};
use super::{checkpoint, faults};
use crate::registry::ports::store::StoreError;
use rusqlite::Connection;
use std::iter;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// As many writes may wait, and no more are taken into one transaction.
const WAITING: usize = 1024;

/// Writes are handed over here.
#[derive(Debug)]
pub(super) struct Writer {
    // Both are there until the drop.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(db: Connection) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(WAITING);
        let thread =
            thread::Builder::new().name("store-writer".to_owned()).spawn(move || serve(db, &jobs))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Does the work in a savepoint of its own and answers after the commit. Where `stays` says no, or the work
    /// fails, what it wrote is taken back. It is done even if nobody waits for it any more.
    pub(super) async fn write<T, F>(&self, stays: fn(&T) -> bool, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreError::Unavailable("its writer has stopped".to_owned());
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(Box::new(Task::new(work, stays, reply))).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Unavailable("too many writes are waiting".to_owned()),
            TrySendError::Disconnected(_) => stopped(),
        })?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends when the queue is closed and empty.
        self.queue = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the store's writer ended in a panic");
        }
    }
}

fn serve(db: Connection, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let waiting = iter::once(first).chain(jobs.try_iter()).take(WAITING).collect();
        group::commit(&db, waiting);
        checkpoint::when_due(&db);
    }
    checkpoint::now(&db);
    if let Err((_, error)) = db.close() {
        let fault = faults::told(error);
        tracing::warn!(%fault, "the database did not close");
    }
}
