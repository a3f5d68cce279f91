//! What comes from files that may change while the service runs: certificates, secrets, keys, the manifest. All of it
//! is looked at by one task; what cannot be used is told once, and what was in use stays.

mod fresh;
mod reread;
mod seen;
#[cfg(test)]
mod tests;
mod watch;

pub use fresh::{Fresh, Renewed, Version};
pub use reread::Reread;
pub use seen::{Content, Seen};
pub use watch::{LOOK_EVERY, Watched, keep_fresh};

use crate::telemetry::metrics::{SECRET_PENDING, SECRET_RELOADS};

/// Counts a change of a secret's file.
pub fn count(of: &'static str, outcome: Outcome) {
    let outcome = match outcome {
        Outcome::Taken => "taken",
        Outcome::Refused => "refused",
    };
    metrics::counter!(SECRET_RELOADS, "of" => of, "outcome" => outcome).increment(1);
    pending(of, outcome == "refused");
}

/// Tells whether a secret's file holds something else than what is in use.
pub fn pending(of: &'static str, is_pending: bool) {
    metrics::gauge!(SECRET_PENDING, "of" => of).set(f64::from(u8::from(is_pending)));
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in use.
    Taken,
    /// What was in use stays.
    Refused,
}
