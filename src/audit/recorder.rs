//! Entries that tell of no change of a record, on their way to the store.
//!
//! They are written in batches. Whoever brings one is let go as soon as it is taken, so a crash costs what was taken and
//! not written: never more than one second's worth, because nothing more is taken while the oldest such entry is
//! older than that. Where the store fails or hangs, callers therefore wait, and then are told that their entries were
//! not taken.

use crate::registry::ports::audit::{AuditLog, AuditStore, Recorded};
use crate::registry::ports::store::StoreError;
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// So many entries at most are taken and not written.
const CAPACITY: usize = 10_000;
/// So many are written at once.
const BATCH: usize = 1_000;
/// So long an entry waits for others to be written with it.
const LINGER: Duration = Duration::from_millis(250);
/// Nothing is taken while an entry has been waiting for so long: what a crash can cost.
const OLDEST: Duration = Duration::from_secs(1);
/// So long a caller waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// A batch that was not written is tried again after so long, then twice as long, up to the second number.
const AGAIN: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Stores entries as they come.
pub struct Direct(pub Arc<dyn AuditStore>);

#[async_trait]
impl AuditLog for Direct {
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        self.0.keep_entries(entries).await
    }
}

/// Collects entries and writes them in batches; somebody has to [`Recorder::run`] it.
pub struct Recorder {
    store: Arc<dyn AuditStore>,
    queue: Mutex<Queue>,
    /// An entry came, or it is closed.
    came: Notify,
    /// A batch was written.
    written: Notify,
}

/// What was taken and is not written.
#[derive(Default)]
struct Queue {
    /// When each came, the oldest first.
    waiting: VecDeque<(Instant, Recorded)>,
    /// So many are being written, and when the oldest of them came.
    writing: Option<(usize, Instant)>,
    closed: bool,
}

impl Queue {
    fn oldest(&self) -> Option<Instant> {
        self.writing.map(|(_, came)| came).or_else(|| self.waiting.front().map(|(came, _)| *came))
    }

    fn has_room_for(&self, more: usize, now: Instant) -> bool {
        let unwritten = self.waiting.len() + self.writing.map_or(0, |(count, _)| count);
        let fresh = self.oldest().is_none_or(|oldest| now.duration_since(oldest) < OLDEST);
        // More than all that fits are taken when nothing else is there.
        fresh && (unwritten == 0 || unwritten.saturating_add(more) <= CAPACITY)
    }
}

impl Recorder {
    /// A recorder that is open, and writes nothing until it is run.
    pub fn new(store: Arc<dyn AuditStore>) -> Self {
        Self { store, queue: Mutex::default(), came: Notify::new(), written: Notify::new() }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the entries if it may now; gives them back if it may not.
    fn take(&self, entries: Vec<Recorded>) -> Result<(), Refused> {
        let mut queue = self.queue();
        let now = Instant::now();
        if queue.closed {
            return Err(Refused::Closed);
        }
        if !queue.has_room_for(entries.len(), now) {
            return Err(Refused::Full(entries));
        }
        queue.waiting.extend(entries.into_iter().map(|entry| (now, entry)));
        drop(queue);
        self.came.notify_one();
        Ok(())
    }

    /// Writes batches until `stop` is true, then what is left. It ends when all is written, however long that takes:
    /// whoever waits for it says for how long.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow_and_update() {
            let ripe = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => false,
                () = self.ripe() => true,
            };
            if ripe {
                self.write().await;
            }
        }
        self.close();
        while self.unwritten() > 0 {
            self.write().await;
        }
    }

    /// How many entries were taken and are not written.
    pub fn unwritten(&self) -> usize {
        let queue = self.queue();
        queue.waiting.len() + queue.writing.map_or(0, |(count, _)| count)
    }

    /// From now on nothing is taken.
    fn close(&self) {
        self.queue().closed = true;
        self.written.notify_waiters();
    }

    /// Ends when there is a whole batch, or an entry that has waited for long enough.
    async fn ripe(&self) {
        loop {
            let came = self.came.notified();
            let (count, oldest) = {
                let queue = self.queue();
                (queue.waiting.len(), queue.waiting.front().map(|(came, _)| *came))
            };
            match oldest {
                None => came.await,
                Some(_) if count >= BATCH => return,
                Some(oldest) => tokio::select! {
                    () = sleep_until(oldest + LINGER) => return,
                    () = came => {}
                },
            }
        }
    }

    /// Writes one batch. One that fails is kept and tried again, for it was promised.
    async fn write(&self) {
        let Some(batch) = self.next_batch() else { return };
        let (mut pause, mut told) = (AGAIN.0, false);
        // The same call made again may keep entries twice: the trail holds each of them once.
        while let Err(error) = self.store.keep_entries(batch.clone()).await {
            if !told {
                tracing::error!(%error, entries = batch.len(), "audit entries cannot be written: trying again, and taking no more");
                told = true;
            }
            sleep(pause).await;
            pause = (pause * 2).min(AGAIN.1);
        }
        if told {
            tracing::info!(entries = batch.len(), "audit entries are written again");
        }
        self.queue().writing = None;
        self.written.notify_waiters();
    }

    fn next_batch(&self) -> Option<Vec<Recorded>> {
        let mut queue = self.queue();
        let (oldest, _) = queue.waiting.front()?;
        let (oldest, count) = (*oldest, queue.waiting.len().min(BATCH));
        queue.writing = Some((count, oldest));
        Some(queue.waiting.drain(..count).map(|(_, entry)| entry).collect())
    }
}

/// Why entries are not taken now.
enum Refused {
    /// It is being shut down.
    Closed,
    /// There is no room for these, or the store is behind.
    Full(Vec<Recorded>),
}

#[async_trait]
impl AuditLog for Recorder {
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let deadline = Instant::now() + PATIENCE;
        let mut entries = entries;
        loop {
            let mut written = std::pin::pin!(self.written.notified());
            // From here on no batch that is written is missed.
            written.as_mut().enable();
            entries = match self.take(entries) {
                Ok(()) => return Ok(()),
                Err(Refused::Closed) => {
                    return Err(StoreError::Unavailable("audit entries are not taken any more".to_owned()));
                }
                Err(Refused::Full(entries)) => entries,
            };
            if timeout_at(deadline, written).await.is_err() {
                let why = "audit entries are not being written fast enough";
                return Err(StoreError::Unavailable(why.to_owned()));
            }
        }
    }
}
