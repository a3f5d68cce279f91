//! The manifest in use, made anew when its files change. What cannot be used is told once, and what was in use stays.

use super::files::{self, Fingerprint, Look};
use super::manifest::{Check, Manifest};
use super::problem::Problem;
use crate::reload::Watched;
use crate::telemetry::metrics::{TRUSTED_DOCUMENT_RELOADS, TRUSTED_DOCUMENTS};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The manifest that was read last and can be used.
pub(super) struct Live {
    path: PathBuf,
    check: Check,
    current: watch::Sender<Arc<Manifest>>,
    /// What was found in the files last, usable or not: nothing is told twice.
    seen: Mutex<Fingerprint>,
}

impl Live {
    pub(super) fn load(path: PathBuf, check: Check) -> Result<Self, Vec<Problem>> {
        let Look { fingerprint, found } = files::read(&path);
        let files = found.map_err(|problem| vec![problem])?;
        let manifest = Manifest::of(&files, &check)?;
        let current = watch::Sender::new(Arc::new(manifest));
        Ok(Self { path, check, current, seen: Mutex::new(fingerprint) })
    }

    /// What holds for the next request.
    pub(super) fn current(&self) -> Arc<Manifest> {
        self.current.borrow().clone()
    }
}

impl Watched for Live {
    fn of(&self) -> &'static str {
        "trusted_documents"
    }

    fn begin(&self) {
        let documents = self.current().len();
        // A gauge's value; exact for any number of documents.
        metrics::gauge!(TRUSTED_DOCUMENTS).set(documents as f64);
        tracing::info!(documents, "trusted documents");
    }

    fn look(&self) {
        let Look { fingerprint, found } = files::read(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *seen, fingerprint) == fingerprint {
            return;
        }
        drop(seen);
        let made = found.map_err(|problem| vec![problem]).and_then(|files| Manifest::of(&files, &self.check));
        let outcome = match made {
            Ok(manifest) => {
                self.current.send_replace(Arc::new(manifest));
                self.begin();
                "taken"
            }
            Err(problems) => {
                for problem in problems {
                    tracing::warn!(%problem, "TRUSTED_DOCUMENTS_FILE has changed and cannot be used: what was in use stays");
                }
                "refused"
            }
        };
        metrics::counter!(TRUSTED_DOCUMENT_RELOADS, "outcome" => outcome).increment(1);
    }
}
