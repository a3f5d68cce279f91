//! The service's own token: got from Access Manager for a client's id and secret (OAuth 2.0's client credentials), and
//! renewed by one at a time at 80 % of its life, while all go on with the one that still holds. A secret that has changed
//! is logged in with at once, so that a wrong one shows while the token of the old one still holds.

use super::client::Client;
use crate::domain::redacted;
use crate::registry::ports::call::Call;
use crate::registry::ports::own_token::{NoToken, OwnToken};
use crate::reload::{Fresh, Outcome, Renewed, Watched, count, pending};
use crate::upstream::Failure;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

/// The client that Access Manager knows this service by.
#[derive(Clone)]
pub struct Credentials {
    /// The client's id.
    pub id: String,
    /// Its secret, as its file says now where one holds it.
    pub secret: Arc<Fresh<SecretString>>,
}
redacted!(Credentials);

/// What a log-in gave: a token, and how long it holds from when it was asked for.
pub(super) struct Granted {
    pub(super) token: SecretString,
    pub(super) life: Duration,
}

/// How long nobody logs in again after that has failed: those who waited for it meanwhile are told the same.
const REST: Duration = Duration::from_secs(1);

/// While a token still holds nobody waits, and a log-in that fails again and again is repeated more and more rarely, down
/// to this: each try with a wrong secret is one that Access Manager may count.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// What the secret is, as a metric's label.
const OF: &str = "midaz_client_secret";

/// How long a log-in may take with its retries.
const LOG_IN_TIME: Duration = Duration::from_secs(5);

/// A token this young that is refused was not withdrawn: another one would be refused too, and each would cost Access
/// Manager a log-in.
const YOUNG: Duration = Duration::from_secs(30);

/// Logs in at Access Manager and keeps what it is given. Clones share it.
#[derive(Clone)]
pub struct ClientCredentials(Arc<Inner>);
redacted!(ClientCredentials);

struct Inner {
    access_manager: Arc<Client>,
    credentials: Credentials,
    held: RwLock<Option<Held>>,
    /// The number of the secret that a token was given for last; 0 is the first one.
    accepted: AtomicU64,
    /// Held by the one that logs in; within, the last failure.
    turn: Arc<Mutex<Option<Failed>>>,
}

/// A log-in that failed.
struct Failed {
    at: Instant,
    why: NoToken,
    /// The number of the secret that it was tried with.
    secret: u64,
    /// How often in a row with this one.
    times: u32,
}

impl Failed {
    /// Until when it is not tried again while a token still holds.
    fn rests_until(&self) -> Instant {
        self.at + LONGEST_REST.min(REST.saturating_mul(1 << self.times.saturating_sub(1).min(8)))
    }
}

#[derive(Clone)]
struct Held {
    token: SecretString,
    /// The number of the secret that it was given for.
    secret: u64,
    granted: Instant,
    renewed_from: Instant,
    until: Instant,
}

impl ClientCredentials {
    /// Has no token yet: the first call that needs one logs in.
    pub fn new(access_manager: Arc<Client>, credentials: Credentials) -> Self {
        let (held, accepted, turn) = (RwLock::default(), AtomicU64::default(), Arc::default());
        Self(Arc::new(Inner { access_manager, credentials, held, accepted, turn }))
    }

    /// Renews the token in a task of its own, unless somebody does already: nobody waits for it while one still holds.
    fn renew(&self) {
        let Ok(mut failed) = self.0.turn.clone().try_lock_owned() else { return };
        let inner = self.0.clone();
        let number = inner.credentials.secret.current().number;
        if failed
            .as_ref()
            .is_some_and(|failed| failed.secret == number && Instant::now() < failed.rests_until())
        {
            return;
        }
        tokio::spawn(async move {
            let call = Call::of_service("system/own-token", LOG_IN_TIME);
            // Why it failed is told in the log, and kept with the turn.
            drop(inner.log_in(&call, &mut failed).await);
        });
    }
}

impl Inner {
    /// The token that still holds.
    fn held(&self) -> Option<Held> {
        // A poisoned lock is no matter: what it guards is only ever replaced whole.
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone().filter(|held| Instant::now() < held.until)
    }

    /// Whether another one is to be got while this one still holds.
    fn is_due(&self, held: &Held) -> bool {
        Instant::now() >= held.renewed_from || held.secret != self.credentials.secret.current().number
    }

    /// Whether no token was given yet for the secret of this number, which took the place of another.
    fn is_pending(&self, secret: u64) -> bool {
        self.accepted.load(Ordering::Relaxed) != secret
    }

    fn keep(&self, held: Option<Held>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Logs in, unless that has failed just now with the same secret.
    async fn log_in(&self, call: &Call, failed: &mut Option<Failed>) -> Result<SecretString, NoToken> {
        let secret = self.credentials.secret.current();
        if let Some(failed) = failed.as_ref()
            && failed.secret == secret.number
            && failed.at.elapsed() < REST
        {
            return Err(failed.why.clone());
        }
        let granted = Instant::now();
        // Others wait for this one: it may not use up all of a long call's time.
        let end = granted + LOG_IN_TIME;
        let bounded = Call { deadline: call.deadline.min(end.into_std()), ..call.clone() };
        match self.access_manager.log_in(&bounded, &self.credentials.id, &secret.value).await {
            Ok(Granted { token, life }) => {
                let (renewed_from, until) = (granted + life.mul_f64(0.8), granted + life);
                let secret = secret.number;
                if self.accepted.swap(secret, Ordering::Relaxed) != secret {
                    tracing::info!("Access Manager gives this service a token for its changed secret");
                    count(OF, Outcome::Taken);
                }
                self.keep(Some(Held { token: token.clone(), secret, granted, renewed_from, until }));
                *failed = None;
                Ok(token)
            }
            Err(failure) => {
                let why = NoToken(failure.to_string());
                // One caller's lack of time tells the others nothing.
                if failure != Failure::OutOfTime || bounded.deadline < call.deadline {
                    tracing::error!(reason = %failure, "Access Manager gives this service no token of its own");
                    let secret = secret.number;
                    let before = failed.as_ref().filter(|failed| failed.secret == secret);
                    if before.is_none() && self.is_pending(secret) {
                        count(OF, Outcome::Refused);
                    }
                    let times = before.map_or(1, |before| before.times.saturating_add(1));
                    *failed = Some(Failed { at: Instant::now(), why: why.clone(), secret, times });
                }
                Err(why)
            }
        }
    }
}

/// The file of the secret.
impl Watched for ClientCredentials {
    fn begin(&self) {}

    fn of(&self) -> &'static str {
        OF
    }

    /// A changed secret is taken once Access Manager takes it.
    fn look(&self) {
        match self.0.credentials.secret.renew() {
            Renewed::Nothing => {}
            Renewed::Back => pending(OF, self.0.is_pending(self.0.credentials.secret.current().number)),
            Renewed::Taken => {
                pending(OF, true);
                self.renew();
            }
            Renewed::Refused => count(OF, Outcome::Refused),
        }
    }
}

#[async_trait]
impl OwnToken for ClientCredentials {
    async fn token(&self, call: &Call) -> Result<SecretString, NoToken> {
        if let Some(held) = self.0.held() {
            if self.0.is_due(&held) {
                self.renew();
            }
            return Ok(held.token);
        }
        let turn = timeout_at(Instant::from_std(call.deadline), self.0.turn.lock());
        let mut failed = turn.await.map_err(|_| NoToken(Failure::OutOfTime.to_string()))?;
        match self.0.held() {
            Some(held) => Ok(held.token),
            None => self.0.log_in(call, &mut failed).await,
        }
    }

    fn refused(&self, token: &SecretString) -> bool {
        match self.0.held() {
            Some(held) if held.token.expose_secret() != token.expose_secret() => true,
            Some(held) if held.granted.elapsed() < YOUNG => false,
            _ => {
                self.0.keep(None);
                true
            }
        }
    }
}
