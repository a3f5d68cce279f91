//! What one question to Access Manager is told apart by.

use crate::registry::ports::access::{Action, Asked, Identity, Resource};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

/// One distinct question. Holds no part of the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The digest of the token and of whom Access Manager is asked about.
    speaker: [u8; 32],
    pub(super) resource: Resource,
    pub(super) action: Action,
}

impl Key {
    /// The key of a question; `None` where there is no token to tell its asker from others by.
    pub(super) fn of(identity: &Identity, resource: Resource, action: Action) -> Option<Self> {
        let token = identity.token.as_ref()?.expose_secret().as_bytes();
        let asked_as = match &identity.asked_as {
            Asked::Person(person) => person.as_bytes(),
            // A person is never called by nothing.
            Asked::Application => &[],
        };
        let speaker = Sha256::new()
            // Without it, the end of one and the beginning of the other could not be told apart.
            .chain_update((token.len() as u64).to_be_bytes())
            .chain_update(token)
            .chain_update(asked_as)
            .finalize()
            .into();
        Some(Self { speaker, resource, action })
    }
}
