//! What is made of files, and made anew when they change. What cannot be used is told once, and what was in use stays.

use super::expiry::expires;
use super::files::{Fingerprint, Look};
use super::problem::Problem;
use crate::reload::Watched;
use crate::telemetry::metrics::{TLS_CERTIFICATE_EXPIRES, TLS_RELOADS};
use rustls::sign::CertifiedKey;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Files, and how something is made of them.
pub(super) trait Source: Send + Sync + 'static {
    /// What is made.
    type Made: Send + Sync;
    /// Whose files they are, as a metric's label.
    const OF: &'static str;
    /// The setting that names our own certificate.
    const CERTIFICATE: &'static str;

    /// Reads them, or tells everything that is wrong with them.
    fn make(&self, look: &mut Look) -> Result<Self::Made, Vec<Problem>>;

    /// Our own certificate, if there is one.
    fn certificate(made: &Self::Made) -> Option<&CertifiedKey>;
}

/// What was made last.
pub(super) struct Live<S: Source> {
    source: S,
    current: watch::Sender<Arc<S::Made>>,
    /// What was found in the files last, usable or not: nothing is told twice.
    seen: Mutex<Fingerprint>,
}

impl<S: Source> Live<S> {
    pub(super) fn load(source: S) -> Result<Self, Vec<Problem>> {
        let mut look = Look::default();
        let made = source.make(&mut look)?;
        let seen = Mutex::new(look.fingerprint());
        Ok(Self { source, current: watch::Sender::new(Arc::new(made)), seen })
    }

    /// What to use for the next connection.
    pub(super) fn current(&self) -> Arc<S::Made> {
        self.current.borrow().clone()
    }

    fn expires(&self) -> Option<i64> {
        let current = self.current();
        S::certificate(&current).and_then(|pair| pair.end_entity_cert().ok()).and_then(expires)
    }

    fn tell_expiry(&self) {
        if let Some(expires) = self.expires() {
            // A gauge's value; exact for any date.
            metrics::gauge!(TLS_CERTIFICATE_EXPIRES, "setting" => S::CERTIFICATE).set(expires as f64);
        }
    }
}

impl<S: Source> Watched for Live<S> {
    fn of(&self) -> &'static str {
        S::OF
    }

    fn begin(&self) {
        self.tell_expiry();
        let now = jiff::Timestamp::now().as_second();
        let Some(expires) = self.expires() else { return };
        let until = jiff::Timestamp::from_second(expires).map_or_else(|_| String::new(), |at| at.to_string());
        if expires < now {
            tracing::warn!(setting = S::CERTIFICATE, until, "the certificate has expired");
        } else {
            tracing::info!(setting = S::CERTIFICATE, until, "the certificate holds");
        }
    }

    fn look(&self) {
        let mut look = Look::default();
        let made = self.source.make(&mut look);
        let found = look.fingerprint();
        let before = std::mem::replace(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner), found);
        if before == found {
            return;
        }
        let outcome = match made {
            Ok(made) => {
                self.current.send_replace(Arc::new(made));
                tracing::info!(of = S::OF, "TLS files have changed: new connections use them");
                self.begin();
                "taken"
            }
            Err(problems) => {
                for problem in problems {
                    tracing::warn!(of = S::OF, %problem, "TLS files have changed and cannot be used: what was in use stays");
                }
                "refused"
            }
        };
        metrics::counter!(TLS_RELOADS, "of" => S::OF, "outcome" => outcome).increment(1);
    }
}
