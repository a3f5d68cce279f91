//! Whether links follow each other as they must: judged one after the other, in constant memory.

use super::key::{TrailKey, head_at};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditEntry, Checkpoint, FoundBy, TrailHead, TrailLink};
use std::collections::BTreeSet;

/// What is wrong with a chain at one place. It holds no value of an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Somebody without the audit key has made or changed the checkpoint.
    #[error("the checkpoint's proof is not that of the audit key: it was made or changed without the key")]
    Checkpoint,
    /// Links are missing before this one.
    #[error("follows on number {before}: what stood between is missing")]
    Gap {
        /// The number that was there before; 0 at the beginning of a chain.
        before: u64,
    },
    /// The HMAC is another.
    #[error(
        "the HMAC does not fit: this link, or the one before it, was changed, moved or made without the audit key"
    )]
    Mac,
    /// It was sealed before the one before it.
    #[error("was sealed before the link before it")]
    Time,
    /// It was sealed before its entry happened.
    #[error("was sealed before its entry happened")]
    Early,
    /// The entry cannot be read, though its HMAC fits.
    #[error("the HMAC fits, but this release cannot read the entry: a newer one may have written it")]
    Unreadable,
    /// What it is found by is not what the entry says.
    #[error("is found by another id, time, subject, operation or record than its entry says")]
    FoundBy,
}

/// A chain, proven up to a link.
#[derive(Debug)]
pub struct Proof<'a> {
    key: &'a TrailKey,
    organization: OrganizationId,
    head: TrailHead,
}

impl<'a> Proof<'a> {
    /// The beginning of a chain: at its checkpoint, where it has one.
    ///
    /// # Errors
    /// The checkpoint was not made with this key.
    pub fn begin(
        key: &'a TrailKey,
        organization: OrganizationId,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, Wrong> {
        if checkpoint.is_some_and(|checkpoint| !key.proves_checkpoint(organization, checkpoint)) {
            return Err(Wrong::Checkpoint);
        }
        let head = checkpoint.map_or(TrailHead::NONE, |checkpoint| checkpoint.last);
        Ok(Self { key, organization, head })
    }

    /// The last link that is proven, or where the chain begins.
    pub fn head(&self) -> TrailHead {
        self.head
    }

    /// Takes the next link.
    ///
    /// # Errors
    /// What is wrong with it; the proof then stays before it.
    pub fn follow(&mut self, link: &TrailLink) -> Result<(), Wrong> {
        let before = self.head;
        if Some(link.number) != before.number.checked_add(1) {
            return Err(Wrong::Gap { before: before.number });
        }
        if !self.key.proves(self.organization, &before.mac, link) {
            return Err(Wrong::Mac);
        }
        if link.sealed_at < before.sealed_at {
            return Err(Wrong::Time);
        }
        let entry: AuditEntry = serde_json::from_str(&link.entry).map_err(|_| Wrong::Unreadable)?;
        if link.sealed_at < entry.at {
            return Err(Wrong::Early);
        }
        if !agree(&link.found_by, &FoundBy::of(&entry)) {
            return Err(Wrong::FoundBy);
        }
        self.head = head_at(link);
        Ok(())
    }
}

/// A store may keep the records in any order, and each once.
fn agree(stored: &FoundBy, said: &FoundBy) -> bool {
    let records = |found_by: &FoundBy| found_by.records.iter().copied().collect::<BTreeSet<_>>();
    (stored.id, stored.at, &stored.subject, &stored.operation)
        == (said.id, said.at, &said.subject, &said.operation)
        && records(stored) == records(said)
}
