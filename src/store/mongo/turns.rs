//! Who may try again after a lost race for a lock. Many that want one index entry at once may each be another one's
//! deadlock, and where all of them come back soon, none of them ever ends. So those of one organization come back one
//! at a time, as far as this process goes: claims are an organization's, and replicas are few.

use crate::domain::ids::OrganizationId;
use crate::domain::redacted;
use tokio::sync::Mutex;

/// So many organizations may have a turn at once; those that share one only wait for each other now and then.
const TURNS: usize = 64;

/// Held by whoever tries again, for one command. Whoever has it waits for no other call.
pub(super) type Turn = Mutex<()>;

/// The turns of all organizations.
pub(super) struct Turns([Turn; TURNS]);
redacted!(Turns);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Turn::default()))
    }
}

impl Turns {
    /// The turn of an organization.
    pub(super) fn of(&self, organization: OrganizationId) -> &Turn {
        // The last byte of an id is random.
        let [.., last] = *organization.0.as_bytes();
        let [first, ..] = &self.0;
        self.0.get(usize::from(last) % TURNS).unwrap_or(first)
    }
}
