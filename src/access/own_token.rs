//! The service's own token: got from Access Manager for a client's id and secret (OAuth 2.0's client credentials), and
//! renewed by one caller at a time at 80 % of its life, while all others go on with the one that still holds.

use super::client::Client;
use crate::domain::redacted;
use crate::registry::ports::call::Call;
use crate::registry::ports::own_token::{NoToken, OwnToken};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The client that Access Manager knows this service by.
#[derive(Clone)]
pub struct Credentials {
    /// The client's id.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}
redacted!(Credentials);

/// What a log-in gave: a token, and how long it holds from when it was asked for.
pub(super) struct Granted {
    pub(super) token: SecretString,
    pub(super) life: Duration,
}

/// How long nobody logs in again after that has failed: those who waited for it meanwhile are told the same.
const REST: Duration = Duration::from_secs(1);

/// Logs in at Access Manager and keeps what it is given.
pub struct ClientCredentials {
    access_manager: Arc<Client>,
    credentials: Credentials,
    held: RwLock<Option<Held>>,
    /// Held by the one that logs in; within, the last failure.
    turn: Mutex<Option<(Instant, NoToken)>>,
}
redacted!(ClientCredentials);

#[derive(Clone)]
struct Held {
    token: SecretString,
    renewed_from: Instant,
    until: Instant,
}

impl ClientCredentials {
    /// Has no token yet: the first call that needs one logs in.
    pub fn new(access_manager: Arc<Client>, credentials: Credentials) -> Self {
        Self { access_manager, credentials, held: RwLock::default(), turn: Mutex::default() }
    }

    /// The token that still holds.
    fn held(&self) -> Option<Held> {
        // A poisoned lock is no matter: what it guards is only ever replaced whole.
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone().filter(|held| Instant::now() < held.until)
    }

    fn keep(&self, held: Option<Held>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Logs in, unless that has failed just now.
    async fn log_in(
        &self,
        call: &Call,
        failed: &mut Option<(Instant, NoToken)>,
    ) -> Result<SecretString, NoToken> {
        if let Some((at, why)) = failed.as_ref()
            && at.elapsed() < REST
        {
            return Err(why.clone());
        }
        let asked = Instant::now();
        match self.access_manager.log_in(call, &self.credentials).await {
            Ok(Granted { token, life }) => {
                let (renewed_from, until) = (asked + life.mul_f64(0.8), asked + life);
                self.keep(Some(Held { token: token.clone(), renewed_from, until }));
                *failed = None;
                Ok(token)
            }
            Err(failure) => {
                let why = NoToken(failure.to_string());
                tracing::error!(reason = %failure, "Access Manager gives this service no token of its own");
                *failed = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
    }
}

#[async_trait]
impl OwnToken for ClientCredentials {
    async fn token(&self, call: &Call) -> Result<SecretString, NoToken> {
        match self.held() {
            Some(held) if Instant::now() < held.renewed_from => Ok(held.token),
            Some(held) => {
                // Somebody else is renewing it, or that fails now: this one still holds.
                let Ok(mut failed) = self.turn.try_lock() else { return Ok(held.token) };
                Ok(self.log_in(call, &mut failed).await.unwrap_or(held.token))
            }
            None => {
                let mut failed = self.turn.lock().await;
                match self.held() {
                    Some(held) => Ok(held.token),
                    None => self.log_in(call, &mut failed).await,
                }
            }
        }
    }

    fn refused(&self, token: &SecretString) {
        if self.held().is_some_and(|held| held.token.expose_secret() == token.expose_secret()) {
            self.keep(None);
        }
    }
}
