//! From the outbox into the chains.
//!
//! Every server runs one. For each organization with waiting entries it tries to be the leader and moves one batch:
//!
//! | | the leader | if it stops here |
//! | --- | --- | --- |
//! | 1 | reads the head, then waiting entries, then which of them are in the trail already | nothing has happened |
//! | 2 | appends the others behind that head: all with numbers that nobody may have taken | some or all are links, and wait still; whoever is next finds them in the trail at step 1 |
//! | 3 | removes from the outbox what is in the trail now | they are removed later |
//!
//! A lease spares two servers the same work and proves nothing: should both append, the second one's numbers are
//! taken, and it reads again. The order of the three reads matters: what another one appends after the head was read
//! takes our numbers, and what it appended before is seen as chained.

mod advance;
mod heads;
mod leads;

pub use advance::BATCH;
pub(super) use leads::LEASE;

use super::key::TrailKey;
use super::stream::Stream;
use crate::domain::time::Timestamp;
use crate::registry::mint::Clock;
use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::store::StoreError;
use crate::telemetry::metrics::AUDIT_LAG;
use advance::Moved;
use heads::Heads;
use leads::Leads;
use metrics::gauge;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

/// How often it looks for waiting entries where there were none.
const LOOK: Duration = Duration::from_millis(500);
/// The longest pause after failures of the store; they begin with [`LOOK`].
const LONGEST: Duration = Duration::from_secs(30);
/// So many organizations get their turn before anybody gets a second one.
const AT_ONCE: usize = 64;
/// How often the lag is asked for.
const LAG_EVERY: Duration = Duration::from_secs(1);
/// How often the heads that moved are told.
const HEADS_EVERY: Duration = Duration::from_secs(60);
/// When the server leaves, so much time is given to what still waits.
const DRAIN: Duration = Duration::from_secs(3);

/// What moves entries, in one server.
pub struct Sequencer {
    store: Arc<dyn AuditStore>,
    key: Arc<TrailKey>,
    clock: Clock,
    stream: Stream,
    leads: Leads,
    heads: Heads,
    lag: Lag,
    told: Option<Instant>,
}

/// How old the oldest waiting entry is.
#[derive(Default)]
struct Lag {
    asked: Option<Instant>,
    oldest: Option<Timestamp>,
}

impl Lag {
    /// While the store says nothing, an entry may wait: the lag goes on from what is known.
    fn unknown(&mut self, now: Timestamp) {
        self.oldest.get_or_insert(now);
        self.publish(now);
    }

    fn publish(&self, now: Timestamp) {
        let waited = self.oldest.map_or(0, |oldest| now.0.saturating_sub(oldest.0).max(0));
        gauge!(AUDIT_LAG).set(waited as f64 / 1_000.0);
    }
}

impl Sequencer {
    /// One that goes by this clock, as `me`, and shows what it appended to `stream`.
    pub fn new(
        store: Arc<dyn AuditStore>,
        key: Arc<TrailKey>,
        clock: Clock,
        me: Uuid,
        stream: Stream,
    ) -> Self {
        let (leads, heads, lag) = (Leads::new(me), Heads::new(), Lag::default());
        Self { store, key, clock, stream, leads, heads, lag, told: None }
    }

    /// Goes on until `stop` is true, and then moves what it can within a few seconds.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let (mut pause, mut heads_at) = (Duration::ZERO, Instant::now() + HEADS_EVERY);
        let mut failures = LOOK;
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = sleep(pause) => {}
            }
            pause = match self.turn().await {
                Ok(moved) => {
                    failures = LOOK;
                    if moved { Duration::ZERO } else { LOOK }
                }
                Err(error) => {
                    self.lag.unknown((self.clock)());
                    tracing::warn!(%error, "the audit trail waits for the store");
                    failures = (failures * 2).min(LONGEST);
                    failures
                }
            };
            if Instant::now() >= heads_at {
                self.heads.tell_moved();
                heads_at = Instant::now() + HEADS_EVERY;
            }
        }
        self.leave().await;
    }

    /// Moves what still waits, tells the heads, and lets others lead at once.
    async fn leave(&mut self) {
        let drained = timeout(DRAIN, async { while matches!(self.turn().await, Ok(true)) {} }).await;
        if drained.is_err() {
            tracing::info!(
                "entries still wait for the audit trail: they are safe, and the next server moves them"
            );
        }
        self.heads.tell_moved();
        if timeout(DRAIN, self.leads.release(&*self.store, (self.clock)())).await.is_err() {
            tracing::debug!("leads of the audit trail were not given back: they end by themselves");
        }
    }

    /// One batch of each organization that has entries waiting; whether anything was moved.
    ///
    /// # Errors
    /// The store is not there.
    pub async fn turn(&mut self) -> Result<bool, StoreError> {
        self.heads.tell_next_page(&*self.store).await?;
        self.look_at_lag().await?;
        self.leads.forget_ended((self.clock)());
        let mut moved = false;
        for organization in self.store.organizations_waiting(AT_ONCE).await? {
            match self.advance(organization).await {
                Ok(Moved::Some) => moved = true,
                Ok(Moved::Nothing | Moved::NotOurs) => {}
                Ok(Moved::Overtaken) => {
                    self.leads.forget(organization);
                    tracing::debug!("another server has appended to the same audit trail: reading it again");
                }
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                // One organization's damage keeps no other one's entries waiting.
                Err(error) => self.tell_of(&error),
            }
        }
        Ok(moved)
    }

    async fn look_at_lag(&mut self) -> Result<(), StoreError> {
        if self.lag.asked.is_none_or(|asked| asked.elapsed() >= LAG_EVERY) {
            self.lag.asked = Some(Instant::now());
            match self.store.oldest_waiting().await {
                Ok(oldest) => self.lag.oldest = oldest,
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(error) => {
                    self.lag.unknown((self.clock)());
                    self.tell_of(&error);
                }
            }
        }
        self.lag.publish((self.clock)());
        Ok(())
    }

    fn tell_of(&mut self, error: &StoreError) {
        if self.told.is_none_or(|told| told.elapsed() >= HEADS_EVERY) {
            tracing::error!(%error, "entries of an organization cannot be moved to its audit trail");
            self.told = Some(Instant::now());
        }
    }
}
