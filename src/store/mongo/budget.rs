//! The time that one call of the port has in all: whatever the database does, the call ends.

use super::events;
use super::trouble::Trouble;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::store::StoreError;
use crate::registry::turns::Turns;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// Longest pause between two tries.
const PAUSE_MAX_MS: u64 = 200;

/// When a call must have ended, how often it was tried again until now, and how many races in a row it has lost.
#[derive(Debug)]
pub(super) struct Budget {
    until: Instant,
    pauses: AtomicU32,
    lost_races: AtomicU32,
}

impl Budget {
    /// From now on.
    pub(super) fn of(time: Duration) -> Self {
        Self { until: Instant::now() + time, pauses: AtomicU32::new(0), lost_races: AtomicU32::new(0) }
    }

    /// Gives one command what is left of the time.
    pub(super) async fn run<T>(
        &self,
        command: impl IntoFuture<Output = mongodb::error::Result<T>>,
    ) -> Result<T, Trouble> {
        match timeout_at(self.until, events::watched(command)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Trouble::of(&error)),
            Err(_) => Err(Trouble::Late),
        }
    }

    /// The same for a write that others of an organization may want to make too, which is repeated after a lost race:
    /// it then waits for its turn, and pauses in it, so that what others have begun comes to its end. Many that want
    /// one index entry at once may each be another one's deadlock, and where all of them come back soon, none of them
    /// ever ends. Claims are an organization's; whoever has its turn waits for no other call.
    pub(super) async fn compete<T, C>(
        &self,
        turns: &Turns,
        organization: OrganizationId,
        command: impl FnOnce() -> C,
    ) -> Result<T, Trouble>
    where
        C: IntoFuture<Output = mongodb::error::Result<T>>,
    {
        const WHY: &str = "a lost race, then others that had lost it too";
        let lost = self.lost_races.load(Ordering::Relaxed);
        let _turn = if lost > 0 {
            let turn = timeout_at(self.until, turns.at(organization.0)).await;
            let turn = turn.map_err(|_| Trouble::Passing(WHY.to_owned()))?;
            self.rest(lost - 1, WHY.to_owned()).await?;
            Some(turn)
        } else {
            None
        };
        let end = self.run(command()).await;
        let lost = if let Err(Trouble::LostRace(_)) = end { lost.saturating_add(1) } else { 0 };
        self.lost_races.store(lost, Ordering::Relaxed);
        end
    }

    /// As [`Self::run`], and once more where what went wrong passes. For what may be done twice: reads, and writes that
    /// are the same after the second time.
    pub(super) async fn again<T, C>(&self, command: impl Fn() -> C) -> Result<T, Trouble>
    where
        C: IntoFuture<Output = mongodb::error::Result<T>>,
    {
        loop {
            match self.run(command()).await {
                Ok(done) => return Ok(done),
                Err(trouble) => self.outlast(trouble).await?,
            }
        }
    }

    /// Pauses where what went wrong passes; fails with it where it does not.
    pub(super) async fn outlast(&self, trouble: Trouble) -> Result<(), Trouble> {
        match trouble {
            Trouble::LostRace(why) | Trouble::Passing(why) | Trouble::Doubtful(why) => self.pause(why).await,
            Trouble::Duplicate | Trouble::Refused(_) | Trouble::Late => Err(trouble),
        }
    }

    /// Waits a little, longer each time and never in step with others; fails with `why` where the time would be over.
    pub(super) async fn pause(&self, why: String) -> Result<(), Trouble> {
        let before = self.pauses.fetch_add(1, Ordering::Relaxed);
        self.rest(before, why).await
    }

    async fn rest(&self, before: u32, why: String) -> Result<(), Trouble> {
        let most = (4_u64 << before.min(6)).min(PAUSE_MAX_MS);
        let [first, ..] = *Uuid::new_v4().as_bytes();
        let pause = Duration::from_millis(1 + most * u64::from(first) / 255);
        if Instant::now() + pause >= self.until {
            return Err(Trouble::Passing(why));
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }

    /// Waits for what another call is about to finish.
    pub(super) async fn wait_for(&self, whom: &'static str) -> Result<(), StoreError> {
        self.pause(whom.to_owned()).await.map_err(|_| {
            StoreError::Unavailable(format!("{whom} did not end in time; the same call may succeed now"))
        })
    }
}

#[cfg(test)]
mod tests;
