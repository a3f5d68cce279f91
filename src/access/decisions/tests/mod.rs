//! Decisions that are shared and kept, over an Access Manager and clocks that the test holds in its hands.

mod keeping;
mod measured;
mod sharing;

use super::flights::Answer;
use super::{Clock, Decisions, Settings};
use crate::domain::time::Timestamp;
use crate::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use crate::upstream::stand_in::{self, PATIENT};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const TTL: Duration = Duration::from_secs(10);

/// An Access Manager that writes down what it is asked and answers when the test says.
#[derive(Default)]
struct Held {
    asked: Mutex<Vec<Question>>,
    /// What it answers at once to whom; all others wait until they are answered.
    at_once: Mutex<HashMap<String, Answer>>,
}

struct Question {
    call: Call,
    answer: Option<oneshot::Sender<Answer>>,
}

#[async_trait]
impl AccessManager for Held {
    async fn identify(&self, _: Option<&str>) -> Result<Identity, Unidentified> {
        Err(BadToken("it reads no token").into())
    }

    async fn decide(&self, call: &Call, _: Resource, _: Action) -> Result<Decision, NoDecision> {
        let (sender, answer) = oneshot::channel();
        self.asked.lock().unwrap().push(Question { call: call.clone(), answer: Some(sender) });
        let at_once = self.at_once.lock().unwrap().get(&token_of(call)).cloned();
        match at_once {
            Some(answer) => answer,
            // As the real one: not beyond the time of whoever asks.
            None => tokio::time::timeout_at(call.deadline.into(), answer)
                .await
                .unwrap_or(Ok(Err(NoDecision("out of time".to_owned()))))
                .unwrap_or(Err(NoDecision("the test has ended".to_owned()))),
        }
    }

    async fn health(&self) -> Result<(), String> {
        Err("it is not well".to_owned())
    }
}

fn token_of(call: &Call) -> String {
    call.identity.token.as_ref().map_or_else(String::new, |token| token.expose_secret().to_owned())
}

/// Decisions around a [`Held`].
struct World {
    held: Arc<Held>,
    decisions: Arc<Decisions>,
    /// Milliseconds that have passed on both clocks.
    passed: Arc<AtomicI64>,
}

impl World {
    fn new(cache_ttl: Option<Duration>) -> Self {
        Self::with(Settings { cache_ttl, patience: PATIENT })
    }

    fn with(settings: Settings) -> Self {
        let (held, passed) = (Arc::new(Held::default()), Arc::new(AtomicI64::new(0)));
        let (began, ours, theirs) = (Instant::now(), passed.clone(), passed.clone());
        let clock = Clock {
            monotonic: Arc::new(move || began + Duration::from_millis(ours.load(Ordering::SeqCst) as u64)),
            wall: Arc::new(move || Timestamp(theirs.load(Ordering::SeqCst))),
        };
        let decisions = Arc::new(Decisions::new(held.clone(), settings, clock));
        Self { held, decisions, passed }
    }

    fn pass(&self, time: Duration) {
        self.passed.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }

    /// From now on whoever has this token is answered at once.
    fn answers(&self, token: &str, answer: Answer) {
        self.held.at_once.lock().unwrap().insert(token.to_owned(), answer);
    }

    async fn decide(&self, call: &Call) -> Answer {
        self.decisions.decide(call, Resource::Holders, Action::Get).await
    }

    /// Somebody who waits for a decision.
    fn waits(&self, call: Call) -> JoinHandle<Answer> {
        self.waits_for(call, Resource::Holders, Action::Get)
    }

    fn waits_for(&self, call: Call, resource: Resource, action: Action) -> JoinHandle<Answer> {
        let decisions = self.decisions.clone();
        tokio::spawn(async move { decisions.decide(&call, resource, action).await })
    }

    fn asked(&self) -> usize {
        self.held.asked.lock().unwrap().len()
    }

    /// Lets everybody go on until so many questions have reached Access Manager and nothing more happens.
    async fn settle(&self, asked: usize) {
        while self.asked() < asked {
            tokio::task::yield_now().await;
        }
        // The runtime has one thread and takes turns: after these, all who were ready have had theirs.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.asked(), asked);
    }

    /// Answers one of the questions.
    fn answer(&self, index: usize, answer: Answer) {
        let sender = self.held.asked.lock().unwrap()[index].answer.take().unwrap();
        // Where nobody waits any longer, that is what the test is about.
        drop(sender.send(answer));
    }

    /// Whether somebody still waits for the answer to this question.
    fn is_awaited(&self, index: usize) -> bool {
        self.held.asked.lock().unwrap()[index].answer.as_ref().is_some_and(|sender| !sender.is_closed())
    }
}

/// A call by a person with this token that holds for so long from the clock's beginning.
fn call(token: &str, expires: Option<Duration>) -> Call {
    let mut call = stand_in::call(Asked::Person("lerian/7f3c".to_owned()));
    call.identity.token = Some(SecretString::from(token));
    call.identity.expires = expires.map(|expires| Timestamp(expires.as_millis() as i64));
    call
}

/// The same, of a token that holds for long.
fn genuine() -> Call {
    call("genuine", Some(PATIENT))
}

fn outage() -> Answer {
    Err(NoDecision("it is down".to_owned()))
}
