//! Around Access Manager: what was answered a moment ago is not asked again, and what is being asked is asked once.
//!
//! Both go by the token's digest, never by whom the token names: a forged token would ride along with a genuine one.

mod cache;
mod clock;
mod flights;
mod key;
#[cfg(test)]
mod tests;

pub use clock::Clock;

use crate::domain::redacted;
use crate::registry::ports::access::{
    AccessManager, Action, Decision, Identity, NoDecision, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use crate::registry::ports::condition::Condition;
use crate::telemetry::metrics::DECISIONS;
use async_trait::async_trait;
use cache::Cache;
use flights::{Answer, Boarded, Departure, Flight, Flights};
use futures::FutureExt;
use key::Key;
use opentelemetry::trace::FutureExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// A question that ended so shortly before its own time was over may have been given up for lack of it.
const GIVEN_UP_EARLY: Duration = Duration::from_secs(1);

/// How long answers are kept, and how long a question may take.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a permission is kept; `None`: no answer is kept at all.
    pub cache_ttl: Option<Duration>,
    /// How long a question may take that others wait for too: as long as a whole request may.
    pub patience: Duration,
}

/// An Access Manager whose answers are shared by those that wait for them, and kept for a moment.
pub struct Decisions {
    access: Arc<dyn AccessManager>,
    flights: Arc<Flights>,
    cache: Option<Cache>,
    patience: Duration,
    clock: Clock,
}
redacted!(Decisions);

impl Decisions {
    /// Around this one.
    pub fn new(access: Arc<dyn AccessManager>, settings: Settings, clock: Clock) -> Self {
        let Settings { cache_ttl, patience } = settings;
        let cache = cache_ttl.map(|ttl| Cache::new(ttl, clock.clone()));
        Self { access, flights: Arc::default(), cache, patience, clock }
    }

    fn kept(&self, key: Key, identity: &Identity) -> Option<Decision> {
        self.cache.as_ref()?.get(key, identity)
    }

    /// A seat in the flight of this question; where none is under way, this caller leads a new one.
    fn board(&self, call: &Call, key: Key) -> Boarded {
        self.flights.board(key, || {
            // Looked at again: an answer may have landed since, and must not be asked for a second time.
            if let Some(decision) = self.kept(key, &call.identity) {
                return Departure::Known(decision);
            }
            let (deadline, question) = self.question(call, key);
            Departure::Asks { deadline, question: question.in_current_span().with_current_context().boxed() }
        })
    }

    /// The question in the name of the caller that leads, but not within that one's time: it may have little left, or
    /// go away, while others wait on. Each of them is bounded by its own deadline, and once nobody waits any longer the
    /// question is dropped.
    fn question(&self, call: &Call, key: Key) -> (Instant, impl Future<Output = Answer> + Send + use<>) {
        let asked = (self.clock.monotonic)();
        let deadline =
            asked.checked_add(self.patience).map_or(call.deadline, |latest| latest.max(call.deadline));
        let (access, cache) = (self.access.clone(), self.cache.clone());
        let call = Call { deadline, ..call.clone() };
        let question = async move {
            let answer = access.decide(&call, key.resource, key.action).await;
            if let (Some(cache), Ok(decision)) = (&cache, &answer) {
                cache.keep(key, &call.identity, *decision, asked);
            }
            answer
        };
        (deadline, question)
    }

    /// Whether no answer only means that the question's own time was over, and this caller has time left.
    fn may_ask_again(&self, call: &Call, flight: &Flight) -> bool {
        let now = (self.clock.monotonic)();
        let ran_out = now.checked_add(GIVEN_UP_EARLY).is_none_or(|soon| soon >= flight.deadline);
        ran_out && call.deadline > flight.deadline && call.deadline > now
    }
}

#[async_trait]
impl AccessManager for Decisions {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified> {
        self.access.identify(authorization).await
    }

    async fn decide(&self, call: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision> {
        let Some(key) = Key::of(&call.identity, resource, action) else {
            return self.access.decide(call, resource, action).await;
        };
        if let Some(decision) = self.kept(key, &call.identity) {
            return counted(Ok(decision), "cached");
        }
        loop {
            let (flight, source) = match self.board(call, key) {
                Boarded::Known(decision) => return counted(Ok(decision), "cached"),
                Boarded::Led(flight) => (flight, "asked"),
                Boarded::Joined(flight) => (flight, "shared"),
            };
            let answer = flight.answer.clone().await;
            if answer.is_ok() || !self.may_ask_again(call, &flight) {
                return counted(answer, source);
            }
        }
    }

    async fn health(&self) -> Result<(), String> {
        self.access.health().await
    }

    fn condition(&self) -> Option<Condition> {
        self.access.condition()
    }
}

/// Counts an answer, by what it is and where it came from.
fn counted(answer: Answer, source: &'static str) -> Answer {
    let outcome = match &answer {
        Ok(Decision::Allowed) => "allowed",
        Ok(Decision::Denied) => "denied",
        Ok(Decision::Unauthenticated) => "unauthenticated",
        Err(NoDecision(_)) => "no_decision",
    };
    metrics::counter!(DECISIONS, "outcome" => outcome, "source" => source).increment(1);
    answer
}
