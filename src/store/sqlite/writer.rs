//! The one thread that writes, and the queue in front of it.

use super::checkpoint::{self, Remains};
use super::faults;
use super::group::{self, Job, Task};
use crate::registry::ports::store::StoreError;
use rusqlite::Connection;
use std::iter;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// As many writes may wait, and no more are taken into one transaction.
const WAITING: usize = 1024;

/// How long an idle writer waits before it tries again to empty the log.
const AGAIN: Duration = Duration::from_secs(1);

/// Writes are handed over here.
#[derive(Debug)]
pub(super) struct Writer {
    // Both are there until the drop.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(db: Connection, remains: Remains) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(WAITING);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(db, &jobs, remains))?;
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
        self.hand_over(Box::new(Task::new(of_this_request(work), stays, reply)), answer).await
    }

    /// As [`Self::write`], and what the work removes is not left in the log when it is answered.
    pub(super) async fn erase<T, F>(&self, stays: fn(&T) -> bool, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.hand_over(Box::new(Task::new(of_this_request(work), stays, reply).erasing()), answer).await
    }

    async fn hand_over<T>(
        &self,
        job: Box<dyn Job>,
        answer: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let stopped = || StoreError::Unavailable("its writer has stopped".to_owned());
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(job).map_err(|refused| match refused {
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

/// The same work, whose log lines tell which request it is for.
fn of_this_request<T>(work: impl FnOnce(&Connection) -> T + Send) -> impl FnOnce(&Connection) -> T + Send {
    let span = tracing::Span::current();
    move |db| span.in_scope(|| work(db))
}

fn serve(db: Connection, jobs: &Receiver<Box<dyn Job>>, mut remains: Remains) {
    loop {
        remains.clear_again(&db);
        let first = match remains.maybe() {
            false => jobs.recv().map_err(RecvTimeoutError::from),
            true => jobs.recv_timeout(AGAIN),
        };
        match first {
            Ok(first) => {
                let waiting = iter::once(first).chain(jobs.try_iter()).take(WAITING).collect();
                group::commit(&db, waiting, &mut remains);
                checkpoint::when_due(&db);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    checkpoint::now(&db);
    if let Err((_, error)) = db.close() {
        let fault = faults::told(error);
        tracing::warn!(%fault, "the database did not close");
    }
}
