//! The rate limit: how many requests one subject may send for one organization. Each pair has a bucket of its own that
//! fills evenly, so nobody's load takes from anybody else's. It counts what this process answers.

use crate::domain::ids::OrganizationId;
use crate::telemetry::metrics::RATE_LIMITED;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most buckets that are kept: some 20 MB. The one that was used longest ago goes first.
const BUCKETS_MAX: u64 = 100_000;
const MINUTE: Duration = Duration::from_secs(60);

/// A clock that nobody sets back.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// How many requests there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In a minute, in the long run; not 0.
    pub per_minute: u32,
    /// At once, out of a full bucket; not 0.
    pub burst: u32,
}

/// What is left after a request was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Requests in a minute.
    pub limit: u32,
    /// Requests that may follow at once.
    pub left: u32,
}

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// After so many whole seconds it will be taken, if nothing comes in between. `None`: it never will, for it is a
    /// batch of more requests than there may be at once.
    pub seconds: Option<u64>,
    /// Requests in a minute.
    pub limit: u32,
    /// Requests at once.
    pub burst: u32,
    /// Whether it is the first that was not taken since the last that was. Each gets an answer, but only this one an
    /// entry in the audit trail: who is held back must not fill that instead.
    pub is_first: bool,
}

/// What is wrong and what would be right, for the caller.
impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, burst, .. } = self;
        match self.seconds {
            None => write!(
                f,
                "the batch is larger than the rate limit ever lets through: send at most {burst} requests at once"
            ),
            Some(seconds) => {
                write!(
                    f,
                    "over the rate limit of {limit} requests a minute and organization: try again in {seconds} s"
                )
            }
        }
    }
}

/// A bucket for each subject and organization.
pub struct RateLimit {
    rate: Rate,
    /// In so much time one request comes back.
    interval: Duration,
    buckets: Cache<[u8; 32], Arc<Mutex<Bucket>>>,
    clock: Clock,
}

/// When the bucket is full again; what it lacks now is how far ahead that is (the generic cell rate algorithm).
struct Bucket {
    full: Instant,
    /// Whether a request was refused since the last that was taken.
    refuses: bool,
}

impl RateLimit {
    /// A limit by this machine's clock.
    pub fn new(rate: Rate) -> Self {
        Self::with_clock(rate, Arc::new(Instant::now))
    }

    /// A limit by another clock.
    pub fn with_clock(rate: Rate, clock: Clock) -> Self {
        Self::sized(rate, clock, BUCKETS_MAX)
    }

    fn sized(rate: Rate, clock: Clock, buckets: u64) -> Self {
        // Zero would be a limit that lets nothing through, ever: the settings refuse it.
        let rate = Rate { per_minute: rate.per_minute.max(1), burst: rate.burst.max(1) };
        let interval = MINUTE / rate.per_minute;
        let buckets = Cache::builder()
            .max_capacity(buckets)
            // The default lets newcomers in only once they come often, and would not count them until then.
            .eviction_policy(EvictionPolicy::lru())
            // A bucket that has had the time to fill up is as good as none.
            .time_to_idle(interval.saturating_mul(rate.burst).saturating_add(MINUTE))
            .build();
        Self { rate, interval, buckets, clock }
    }

    /// Takes so many requests, all of them or none.
    ///
    /// # Errors
    /// How long to wait, where there are not so many left; nothing is taken then.
    pub fn take(&self, subject: &str, organization: OrganizationId, requests: u32) -> Result<Left, Wait> {
        let taken = self.try_take(subject, organization, requests);
        if taken.is_err() {
            metrics::counter!(RATE_LIMITED).increment(1);
        }
        taken
    }

    fn try_take(&self, subject: &str, organization: OrganizationId, requests: u32) -> Result<Left, Wait> {
        let Rate { per_minute: limit, burst } = self.rate;
        if requests > burst {
            return Err(Wait { seconds: None, limit, burst, is_first: true });
        }
        let now = (self.clock)();
        let new = || Arc::new(Mutex::new(Bucket { full: now, refuses: false }));
        let bucket = self.buckets.get_with(key(subject, organization), new);
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let lacking = bucket.full.saturating_duration_since(now);
        let lacks = lacking.saturating_add(self.interval.saturating_mul(requests));
        let room = self.interval.saturating_mul(burst);
        match room.checked_sub(lacks) {
            None => {
                let wait = lacks.saturating_sub(room);
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                let is_first = !std::mem::replace(&mut bucket.refuses, true);
                Err(Wait { seconds: Some(seconds), limit, burst, is_first })
            }
            Some(rest) => {
                // To look whether there is room takes nothing.
                bucket.refuses &= requests == 0;
                bucket.full = now.checked_add(lacks).unwrap_or(bucket.full);
                let left = rest.as_nanos() / self.interval.as_nanos().max(1);
                Ok(Left { limit, left: u32::try_from(left).unwrap_or(burst) })
            }
        }
    }
}

/// A digest, because a subject may be somebody's e-mail address and of any length.
fn key(subject: &str, organization: OrganizationId) -> [u8; 32] {
    Sha256::new().chain_update(organization.as_bytes()).chain_update(subject).finalize().into()
}

#[cfg(test)]
mod tests;
