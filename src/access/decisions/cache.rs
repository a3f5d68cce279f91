//! Answers that are kept for a moment: permissions for the time that is set and never past the token's end, refusals
//! only just long enough to calm somebody who tries again and again.

use super::clock::Clock;
use super::key::Key;
use crate::registry::ports::access::{Decision, Identity};
use std::time::{Duration, Instant};

/// Most answers that are kept: some 20 MB.
const ANSWERS_MAX: u64 = 100_000;
/// How long a refusal is kept at most, and a permission of a token that does not say when it ends.
const REFUSAL_TTL: Duration = Duration::from_secs(2);

/// The answers. Clones share them.
#[derive(Clone)]
pub(super) struct Cache {
    answers: moka::sync::Cache<Key, Kept>,
    ttl: Duration,
    clock: Clock,
}

/// One answer and when it is to be asked for anew. The end is kept with it rather than left to the map's own clock, so
/// that no delay in the map's housekeeping makes a permission live longer.
#[derive(Clone, Copy)]
struct Kept {
    decision: Decision,
    until: Instant,
}

impl Cache {
    pub(super) fn new(ttl: Duration, clock: Clock) -> Self {
        let answers = moka::sync::Cache::builder().max_capacity(ANSWERS_MAX).time_to_live(ttl).build();
        Self { answers, ttl, clock }
    }

    /// An answer that may still be relied on.
    pub(super) fn get(&self, key: Key, identity: &Identity) -> Option<Decision> {
        let Kept { decision, until } = self.answers.get(&key)?;
        let fresh = (self.clock.monotonic)() < until;
        // Identities are taken until some seconds after their end, for clocks that differ; permissions are not kept
        // for that time.
        let held = decision != Decision::Allowed || !self.has_ended(identity);
        (fresh && held).then_some(decision)
    }

    /// Keeps an answer. Its time counts from when it was asked for: Access Manager may have made up its mind at once and
    /// answered late.
    pub(super) fn keep(&self, key: Key, identity: &Identity, decision: Decision, asked: Instant) {
        let life = match decision {
            Decision::Allowed if self.has_ended(identity) => return,
            Decision::Allowed if identity.expires.is_some() => self.ttl,
            Decision::Allowed | Decision::Denied | Decision::Unauthenticated => self.ttl.min(REFUSAL_TTL),
        };
        if let Some(until) = asked.checked_add(life) {
            self.answers.insert(key, Kept { decision, until });
        }
    }

    /// How many it keeps at most.
    #[cfg(test)]
    pub(super) fn most(&self) -> Option<u64> {
        self.answers.policy().max_capacity()
    }

    fn has_ended(&self, identity: &Identity) -> bool {
        identity.expires.is_some_and(|expires| (self.clock.wall)() >= expires)
    }
}
