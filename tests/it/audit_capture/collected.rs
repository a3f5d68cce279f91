//! An audit log that keeps what it is told in memory, or takes nothing.

use async_trait::async_trait;
use holdergraph::registry::ports::audit::{AuditEntry, AuditLog, Recorded};
use holdergraph::registry::ports::store::StoreError;
use std::future::pending;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

const TAKES: u8 = 0;
const REFUSES: u8 = 1;
const IS_SILENT: u8 = 2;

/// What the service told beside changes.
#[derive(Default)]
pub(crate) struct Collected {
    recorded: Mutex<Vec<Recorded>>,
    mood: AtomicU8,
}

impl Collected {
    /// What was told, which is then forgotten.
    pub(crate) fn take(&self) -> Vec<AuditEntry> {
        std::mem::take(&mut *self.recorded.lock().unwrap()).into_iter().map(|one| one.entry).collect()
    }

    /// Takes nothing from now on.
    pub(crate) fn refuse(&self) {
        self.mood.store(REFUSES, Ordering::SeqCst);
    }

    /// Never comes to an end from now on.
    pub(crate) fn fall_silent(&self) {
        self.mood.store(IS_SILENT, Ordering::SeqCst);
    }
}

#[async_trait]
impl AuditLog for Collected {
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        // A real log does not answer at once either.
        tokio::task::yield_now().await;
        match self.mood.load(Ordering::SeqCst) {
            TAKES => self.recorded.lock().unwrap().extend(entries),
            REFUSES => return Err(StoreError::Unavailable("the test's log takes nothing".to_owned())),
            _ => pending().await,
        }
        Ok(())
    }
}
