//! A value of a file, as it stands there now: whoever needs it asks each time anew.

use super::{Content, Outcome, Reread, Seen, Watched, count};
use std::fmt;
use std::sync::Arc;
use tokio::sync::watch;

/// The value that was read last and can be used.
pub struct Fresh<T> {
    /// What it is, as a metric's label and in the log.
    of: &'static str,
    reread: Option<Reread<T>>,
    current: watch::Sender<Version<T>>,
    seen: Seen<T>,
}

/// A value, and the how manieth it is: two that say the same may be told apart.
pub struct Version<T> {
    /// The value.
    pub value: Arc<T>,
    /// Counted from 0, where the service started.
    pub number: u64,
}

impl<T> Clone for Version<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), number: self.number }
    }
}

impl<T: Content> Fresh<T> {
    /// Begins with what was read at the start. Without a way to read it again it never changes.
    pub fn new(of: &'static str, first: T, reread: Option<Reread<T>>) -> Self {
        let seen = Seen::new(first.clone());
        let current = watch::Sender::new(Version { value: Arc::new(first), number: 0 });
        Self { of, reread, current, seen }
    }

    /// One that never changes.
    pub fn fixed(value: T) -> Self {
        Self::new("", value, None)
    }

    /// What holds now.
    pub fn current(&self) -> Version<T> {
        self.current.borrow().clone()
    }

    /// Whether there is a file to look at.
    pub fn changes(&self) -> bool {
        self.reread.is_some()
    }

    /// Reads it again; true where another value holds from now on.
    pub fn renew(&self) -> bool {
        let Some(reread) = &self.reread else { return false };
        let found = reread.read();
        if !self.seen.note(&found) {
            return false;
        }
        match found {
            Ok(value) if value.is(&self.current().value) => {
                tracing::info!(of = self.of, "the file says again what is in use");
                false
            }
            Ok(value) => {
                let value = Arc::new(value);
                self.current.send_modify(|current| {
                    *current = Version { value, number: current.number.wrapping_add(1) };
                });
                tracing::info!(of = self.of, "the file has changed: its content is used from now on");
                count(self.of, Outcome::Taken);
                true
            }
            Err(reason) => {
                tracing::warn!(
                    of = self.of,
                    reason,
                    "the file has changed and cannot be used: what was in use stays"
                );
                count(self.of, Outcome::Refused);
                false
            }
        }
    }
}

/// Nothing of the value.
impl<T> fmt::Debug for Fresh<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fresh").field("of", &self.of).finish_non_exhaustive()
    }
}

impl<T: Content> Watched for Fresh<T> {
    fn begin(&self) {}

    fn look(&self) {
        self.renew();
    }
}
