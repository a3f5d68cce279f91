//! Automatic persisted queries: texts that clients register under their SHA-256, within a bound of memory.

use super::hash::Hash;
use crate::domain::redacted;
use moka::sync::Cache;
use std::sync::Arc;

/// Longest text that is remembered, in bytes: one client must not push out all others.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// What one entry takes beside its text.
const ENTRY_BYTES: usize = 256;

/// A text to be remembered under its hash.
pub struct Registration(Hash);
redacted!(Registration);

/// The texts.
pub(super) struct Automatic {
    texts: Cache<Hash, Arc<str>>,
}

impl Automatic {
    pub(super) fn new(bytes: u64) -> Self {
        let weight = |_: &Hash, text: &Arc<str>| {
            u32::try_from(ENTRY_BYTES.saturating_add(text.len())).unwrap_or(u32::MAX)
        };
        Self { texts: Cache::builder().max_capacity(bytes).weigher(weight).build() }
    }

    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<str>> {
        self.texts.get(hash)
    }

    /// What is to be remembered of a text that came with its hash.
    pub(super) fn registration(&self, text: &str, hash: Option<Hash>) -> Option<Registration> {
        hash.filter(|hash| text.len() <= TEXT_BYTES_MAX && !self.texts.contains_key(hash)).map(Registration)
    }

    pub(super) fn remember(&self, Registration(hash): &Registration, text: &Arc<str>) {
        self.texts.insert(*hash, text.clone());
    }

    /// The bytes that are remembered, once housekeeping is done.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> u64 {
        self.texts.run_pending_tasks();
        self.texts.weighted_size()
    }
}
