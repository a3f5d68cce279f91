//! What was found in files last, so that nothing is told twice.

use secrecy::{ExposeSecret, SecretString};
use std::sync::{Mutex, PoisonError};

/// Something that can be compared with what was read before.
pub trait Content: Clone + Send + Sync + 'static {
    /// Whether both say the same.
    fn is(&self, other: &Self) -> bool;
}

/// Both come from the operator, so the time that this takes tells nobody anything.
impl Content for SecretString {
    fn is(&self, other: &Self) -> bool {
        self.expose_secret() == other.expose_secret()
    }
}

/// What was found last, usable or not.
pub struct Seen<T>(Mutex<Result<T, String>>);

impl<T: Content> Seen<T> {
    /// Nothing but this was found until now.
    pub fn new(first: T) -> Self {
        Self(Mutex::new(Ok(first)))
    }

    /// Notes what is found now; false where that is the same as the last time.
    pub fn note(&self, found: &Result<T, String>) -> bool {
        // A poisoned lock is no matter: what it guards is only ever replaced whole.
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = match (&*seen, found) {
            (Ok(before), Ok(now)) => now.is(before),
            (Err(before), Err(now)) => now == before,
            _ => false,
        };
        if !same {
            *seen = found.clone();
        }
        !same
    }
}
