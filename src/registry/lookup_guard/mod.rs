//! The search guard: how many look-ups by a sealed value may find nobody. An equality search is an oracle: who may ask
//! often enough learns who is a customer. Whoever knows whom they look for hardly ever misses.
//!
//! A look-up takes its place before it is made and gives it back where it found somebody. So those under way at once
//! cannot pass the limit together, whatever they are: fields of one document, requests of a batch, many requests.

mod watched;
mod window;

#[cfg(test)]
mod tests;

use super::caller::Caller;
use super::failure::Failure;
use super::ports::audit::Actor;
use crate::domain::ids::OrganizationId;
use crate::telemetry::metrics::{LOOKUP_GUARDED, LOOKUP_MISSES};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use watched::{Told, Watched};

/// Most subjects that are watched: some 40 MB. The one that looked something up longest ago is forgotten first.
const WATCHED_MAX: u64 = 100_000;
/// Who looked nothing up for so long has no miss that counts.
const IDLE: Duration = Duration::from_secs(180);
/// So often it is counted whose look-ups are refused.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// A digest: a subject may be somebody's e-mail address and of any length.
type Key = [u8; 32];

/// Why a look-up is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// So many may find nobody within a minute.
    pub limit: u32,
    /// After so many whole seconds one is made again.
    pub seconds: u64,
}

/// What is wrong and what would be right, for the caller.
impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, seconds } = self;
        write!(
            f,
            "over the limit of {limit} look-ups a minute and organization that find nobody: try again in {seconds} s"
        )
    }
}

/// Counts, for each subject and organization, the look-ups that find nobody.
pub struct LookupGuard {
    /// `None`: there is no limit.
    limit: Option<u32>,
    began: Instant,
    watched: Cache<Key, Arc<Watched>>,
    /// Whose look-ups are refused, and until when.
    held: Mutex<HashMap<Key, Instant>>,
}

impl LookupGuard {
    /// So many look-ups of a subject may find nobody within a minute; `None`: any number.
    pub fn new(limit: Option<u32>) -> Self {
        Self::sized(limit, WATCHED_MAX)
    }

    fn sized(limit: Option<u32>, watched: u64) -> Self {
        let watched = Cache::builder()
            .max_capacity(watched)
            // The default lets newcomers in only once they come often, and would not count them until then.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        Self { limit, began: Instant::now(), watched, held: Mutex::default() }
    }

    /// Makes a look-up, where the subject has not missed too often. `found` says whether the outcome shows anybody.
    ///
    /// The caller's permission was asked for before: so the subject is one that Access Manager knows, and nobody
    /// spends another one's misses with a forged token.
    pub(super) async fn look_up<T>(
        &self,
        caller: &Caller,
        work: impl Future<Output = Result<T, Failure>> + Send,
        found: impl FnOnce(&T) -> bool + Send,
    ) -> Result<T, Failure> {
        let place = caller.within(self.place(caller)).await?;
        // An outcome that is not answered tells nobody anything, so its place is given back.
        let outcome = work.await?;
        if !found(&outcome) {
            metrics::counter!(LOOKUP_MISSES, "outcome" => "counted").increment(1);
            place.missed();
        }
        Ok(outcome)
    }

    /// Keeps the count of those whose look-ups are refused true where nobody asks any more. It never ends.
    pub async fn keep_counting(&self) {
        let mut every = tokio::time::interval(COUNT_EVERY);
        loop {
            every.tick().await;
            let now = Instant::now();
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.retain(|_, until| *until > now);
            metrics::gauge!(LOOKUP_GUARDED).set(held.len() as f64);
        }
    }

    /// A place among the look-ups that may miss.
    async fn place(&self, caller: &Caller) -> Result<Place, Failure> {
        let Some(limit) = self.limit else { return Ok(Place(None)) };
        let key = key(caller, caller.organization);
        let watched = self.watched.get_with(key, || Arc::new(Watched::new()));
        loop {
            // Asked for before looking: what ends in between is not overheard.
            let ended = watched.ended.notified();
            match watched.begin(limit, self.began.elapsed()) {
                Told::Go => {
                    let watched = watched.clone();
                    return Ok(Place(Some(Taken { watched, limit, began: self.began, missed: false })));
                }
                Told::Wait => ended.await,
                Told::Stop { seconds, log } => {
                    let guarded = Guarded { limit, seconds };
                    self.refused(caller, key, guarded, log);
                    return Err(Failure::RateLimited(guarded));
                }
            }
        }
    }

    fn refused(&self, caller: &Caller, key: Key, guarded: Guarded, log: bool) {
        metrics::counter!(LOOKUP_MISSES, "outcome" => "refused").increment(1);
        if log {
            let Guarded { limit, seconds } = guarded;
            let (subject, organization) = (&caller.call.identity.subject, caller.organization.0);
            tracing::warn!(
                subject,
                %organization,
                limit,
                seconds,
                "LOOKUP_MISS_LIMIT: too many look-ups of this subject found nobody, so further ones are refused"
            );
        }
        let until = Instant::now() + Duration::from_secs(guarded.seconds);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if (held.len() as u64) < WATCHED_MAX || held.contains_key(&key) {
            held.insert(key, until);
        }
        metrics::gauge!(LOOKUP_GUARDED).set(held.len() as f64);
    }
}

/// A person and an application may have the same text for a subject.
fn key(caller: &Caller, organization: OrganizationId) -> Key {
    let identity = &caller.call.identity;
    Sha256::new()
        .chain_update(organization.as_bytes())
        .chain_update([Actor::of(identity) as u8])
        .chain_update(&identity.subject)
        .finalize()
        .into()
}

/// A look-up under way; `None` where nothing is counted.
struct Place(Option<Taken>);

struct Taken {
    watched: Arc<Watched>,
    limit: u32,
    began: Instant,
    missed: bool,
}

impl Place {
    /// It found nobody.
    fn missed(mut self) {
        if let Some(taken) = &mut self.0 {
            taken.missed = true;
        }
    }
}

/// Also where the client went away, and the look-up with it.
impl Drop for Taken {
    fn drop(&mut self) {
        self.watched.end(self.limit, self.began.elapsed(), self.missed);
    }
}
