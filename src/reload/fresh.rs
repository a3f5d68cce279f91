//! A value of a file, as it stands there now: whoever needs it asks each time anew.

use super::{Content, Outcome, Reread, Seen, Watched, count, pending};
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

/// What a look at the file has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// What was found the last time, too.
    Nothing,
    /// What is in use, after something that could not be used.
    Back,
    /// Another value, which holds from now on.
    Taken,
    /// Something that cannot be used.
    Refused,
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

    /// Reads it again, and counts nothing.
    pub fn renew(&self) -> Renewed {
        let Some(reread) = &self.reread else { return Renewed::Nothing };
        let found = reread.read();
        if !self.seen.note(&found) {
            return Renewed::Nothing;
        }
        match found {
            Ok(value) if value.is(&self.current().value) => {
                tracing::info!(of = self.of, "the file says again what is in use");
                Renewed::Back
            }
            Ok(value) => {
                let value = Arc::new(value);
                self.current.send_modify(|current| {
                    *current = Version { value, number: current.number.wrapping_add(1) };
                });
                tracing::info!(of = self.of, "the file has changed: its content is used from now on");
                Renewed::Taken
            }
            Err(reason) => {
                tracing::warn!(
                    of = self.of,
                    reason,
                    "the file has changed and cannot be used: what was in use stays"
                );
                Renewed::Refused
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

    fn of(&self) -> &'static str {
        self.of
    }

    fn look(&self) {
        match self.renew() {
            Renewed::Nothing => {}
            Renewed::Back => pending(self.of, false),
            Renewed::Taken => count(self.of, Outcome::Taken),
            Renewed::Refused => count(self.of, Outcome::Refused),
        }
    }
}
