//! Who may change the layout: one process at a time, for as long as it gives signs of life.
//!
//! The lock is a document with the holder's id and a number that the holder raises again and again. Whoever waits
//! compares what it sees with what it saw before, by its own clock alone: a number that stands still for a lease is a
//! holder that has gone, whatever the clocks of the machines say. The lock saves work and keeps logs quiet; nothing
//! breaks if a holder that only slept goes on, because every step of a migration may be done twice.

use super::connect_error::ConnectError;
use super::events::watched;
use mongodb::Collection;
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind, WriteFailure};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

/// How fast the lock lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// From one sign of life to the next, and from one look to the next.
    pub(super) beat: Duration,
    /// After so long without a sign the lock is anybody's.
    pub(super) lease: Duration,
    /// No answer of the database takes longer.
    pub(super) answer: Duration,
}

impl Pace {
    /// Between machines.
    pub(super) const USUAL: Self = Self {
        beat: Duration::from_secs(1),
        lease: Duration::from_secs(15),
        answer: Duration::from_secs(15),
    };
}

/// The document's id.
const ID: &str = "lock";

/// What the lock's document says.
#[derive(Clone, PartialEq, Eq)]
struct Seen {
    holder: String,
    beat: i64,
}

/// What a waiting process has seen of the lock until now.
#[derive(Default)]
struct Patience {
    last: Option<(Seen, Instant)>,
}

impl Patience {
    /// Whether the holder has gone, by what is seen now.
    fn ends(&mut self, seen: &Seen, now: Instant, lease: Duration) -> bool {
        match &self.last {
            Some((before, since)) if before == seen => now.duration_since(*since) >= lease,
            _ => {
                self.last = Some((seen.clone(), now));
                false
            }
        }
    }
}

/// Whether anybody has the lock, or died with it.
pub(super) async fn is_held(layout: &Collection<Document>, pace: Pace) -> Result<bool, ConnectError> {
    Ok(Lock::of(layout, pace).look().await?.is_some())
}

/// Takes the lock, works, and gives it back. The work is dropped where the lock is lost meanwhile.
pub(super) async fn locked<T>(
    layout: &Collection<Document>,
    pace: Pace,
    work: impl Future<Output = Result<T, ConnectError>>,
) -> Result<T, ConnectError> {
    let lock = Lock::of(layout, pace);
    lock.take().await?;
    let end = tokio::select! {
        end = work => end,
        lost = lock.keep() => Err(lost),
    };
    let given_back = lock.give_back().await;
    let end = end?;
    // What was done is done, and whoever comes next waits for no longer than a lease.
    if let Err(error) = given_back {
        tracing::warn!(%error, "the lock of the layout could not be given back: it ends by itself");
    }
    Ok(end)
}

struct Lock<'a> {
    layout: &'a Collection<Document>,
    pace: Pace,
    holder: String,
}

impl<'a> Lock<'a> {
    fn of(layout: &'a Collection<Document>, pace: Pace) -> Self {
        Self { layout, pace, holder: Uuid::new_v4().to_string() }
    }

    /// Waits until it is ours.
    async fn take(&self) -> Result<(), ConnectError> {
        let mut patience = Patience::default();
        loop {
            match self.look().await? {
                None if self.insert().await? => return Ok(()),
                None => continue,
                Some(seen) => {
                    if patience.last.is_none() {
                        tracing::info!("another process changes the layout: waiting for it");
                    }
                    let gone = patience.ends(&seen, Instant::now(), self.pace.lease);
                    if gone && self.inherit(&seen).await? {
                        return Ok(());
                    }
                }
            }
            tokio::time::sleep(self.pace.beat).await;
        }
    }

    async fn look(&self) -> Result<Option<Seen>, ConnectError> {
        let found = self.ask("find", self.layout.find_one(doc! { "_id": ID })).await?;
        let Some(found) = found else { return Ok(None) };
        match (found.get_str("holder"), found.get_i64("beat")) {
            (Ok(holder), Ok(beat)) => Ok(Some(Seen { holder: holder.to_owned(), beat })),
            _ => Err(ConnectError::Unreadable { what: "lock" }),
        }
    }

    /// Takes a lock that is not there; false where another was faster.
    async fn insert(&self) -> Result<bool, ConnectError> {
        let document = doc! { "_id": ID, "holder": &self.holder, "beat": 0_i64 };
        match self.time(self.layout.insert_one(document)).await? {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(self.refused("insert", &error)),
        }
    }

    /// Takes the lock of a holder that has gone; false where it is not gone, or another was faster.
    async fn inherit(&self, seen: &Seen) -> Result<bool, ConnectError> {
        let theirs = doc! { "_id": ID, "holder": &seen.holder, "beat": seen.beat };
        let ours = doc! { "$set": { "holder": &self.holder, "beat": 0_i64 } };
        Ok(self.ask("update", self.layout.update_one(theirs, ours)).await?.matched_count > 0)
    }

    /// Gives signs of life until one cannot be given.
    async fn keep(&self) -> ConnectError {
        let mut last = Instant::now();
        loop {
            tokio::time::sleep(self.pace.beat).await;
            let own = doc! { "_id": ID, "holder": &self.holder };
            let sign = self.layout.update_one(own, doc! { "$inc": { "beat": 1_i64 } });
            match self.ask("update", sign).await {
                Ok(end) if end.matched_count > 0 => last = Instant::now(),
                Ok(_) => return ConnectError::LockLost,
                Err(error) if last.elapsed() >= self.pace.lease => return error,
                // The next sign may come through in time.
                Err(error) => tracing::warn!(%error, "no sign of life could be given"),
            }
        }
    }

    /// Again until it is gone: on servers over PostgreSQL a removal may miss a document that a sign of life, whose
    /// sender has stopped listening, changes at the same moment.
    async fn give_back(&self) -> Result<(), ConnectError> {
        while self.look().await?.is_some_and(|seen| seen.holder == self.holder) {
            let own = doc! { "_id": ID, "holder": &self.holder };
            self.ask("delete", self.layout.delete_one(own)).await?;
        }
        Ok(())
    }

    async fn ask<T>(
        &self,
        command: &'static str,
        call: impl IntoFuture<Output = Result<T, Error>>,
    ) -> Result<T, ConnectError> {
        self.time(call).await?.map_err(|error| self.refused(command, &error))
    }

    async fn time<T>(&self, call: impl IntoFuture<Output = T>) -> Result<T, ConnectError> {
        let time = self.pace.answer;
        timeout(time, watched(call)).await.map_err(|_| ConnectError::Late { time })
    }

    fn refused(&self, command: &'static str, error: &Error) -> ConnectError {
        ConnectError::of(error, &self.layout.namespace().db, command)
    }
}

/// Whether a document with this id is there already.
pub(super) fn is_duplicate(error: &Error) -> bool {
    const DUPLICATE_KEY: i32 = 11_000;
    matches!(
        error.kind.as_ref(),
        ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == DUPLICATE_KEY
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_gone_once_its_number_has_stood_still_for_a_lease_and_not_before() {
        let seen = |holder: &str, beat| Seen { holder: holder.to_owned(), beat };
        let (start, lease) = (Instant::now(), Duration::from_secs(15));
        let mut patience = Patience::default();
        let mut ends = |seen: Seen, second| patience.ends(&seen, start + Duration::from_secs(second), lease);
        assert!(!ends(seen("a", 1), 0));
        assert!(!ends(seen("a", 1), 14));
        assert!(!ends(seen("a", 2), 15), "a sign of life");
        assert!(!ends(seen("a", 2), 29));
        assert!(!ends(seen("b", 2), 30), "another holder");
        assert!(!ends(seen("b", 2), 44));
        assert!(ends(seen("b", 2), 45));
    }
}
