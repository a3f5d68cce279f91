//! One number for all that a store holds of a kind, whatever the order in which it is read.

use super::super::ports::audit::{Checkpoint, FoundBy, TrailHead, TrailLink};
use super::super::ports::inspection::Kept;
use super::super::ports::record::{AuditEntry, Sealed, Stored};
use super::super::ports::transfer::{KeptEntry, KeptOperation};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// How many things there are, and the sum of their SHA-256 digests: two stores that hold the same have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    count: u64,
    sum: [u8; 32],
}

impl Digest {
    /// How many were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds one thing by all that is known of it.
    pub(super) fn add(&mut self, thing: &Value) {
        self.count += 1;
        let digest = Sha256::digest(thing.to_string());
        let mut carry = 0_u16;
        for (byte, other) in self.sum.iter_mut().zip(digest) {
            let total = u16::from(*byte) + u16::from(other) + carry;
            carry = total >> 8;
            *byte = (total & 0xFF) as u8;
        }
    }
}

/// The sum, in hexadecimal.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.sum))
    }
}

/// All that is kept of a holder.
pub(super) fn of_holder(kept: &Kept<Holder>) -> Value {
    let holder = &kept.record.clear;
    json!([
        holder.organization,
        holder.id,
        holder.holder_type,
        holder.external_id,
        holder.metadata,
        [Some(holder.created_at), Some(holder.updated_at), holder.deleted_at],
        whole(kept),
    ])
}

/// All that is kept of an alias account.
pub(super) fn of_alias_account(kept: &Kept<AliasAccount>) -> Value {
    let account = &kept.record.clear;
    json!([
        account.organization,
        account.id,
        account.holder_id,
        account.holder_type,
        account.ledger_id,
        account.account_id,
        account.banking,
        account.parties,
        account.link,
        account.metadata,
        [Some(account.created_at), Some(account.updated_at), account.deleted_at],
        whole(kept),
    ])
}

fn whole<C>(kept: &Kept<C>) -> Value {
    let Stored { version, revision, sealed, .. } = &kept.record;
    let claims: BTreeSet<&str> = kept.claims.iter().map(|claim| claim.0.as_str()).collect();
    let tokens: BTreeSet<&str> = kept.tokens.iter().map(|token| token.0.as_str()).collect();
    let sealed = sealed.as_ref().map(|Sealed(bytes)| hex::encode(bytes));
    json!([version, revision, sealed, claims, tokens, kept.generations])
}

/// All that is kept of an operation.
pub(super) fn of_operation(operation: &KeptOperation) -> Value {
    json!([
        operation.organization,
        hex::encode(operation.key.0),
        operation.mutation,
        hex::encode(operation.fingerprint.0),
        operation.outcome,
        operation.expires_at,
    ])
}

/// An entry for the audit trail.
pub(super) fn of_entry(kept: &KeptEntry) -> Value {
    let entry: &AuditEntry = &kept.entry;
    json!([kept.organization, kept.record, entry])
}

/// A link of an organization's chain.
pub(super) fn of_link(organization: OrganizationId, link: &TrailLink) -> Value {
    let TrailLink { number, mac, sealed_at, entry, found_by } = link;
    let FoundBy { id, at, subject, operation, records } = found_by;
    json!([organization, number, hex::encode(mac.0), sealed_at, entry, [id], at, subject, operation, records])
}

/// Where an organization's chain begins.
pub(super) fn of_checkpoint(organization: OrganizationId, checkpoint: &Checkpoint) -> Value {
    let Checkpoint { last: TrailHead { number, mac, sealed_at }, proof } = checkpoint;
    json!([organization, number, hex::encode(mac.0), sealed_at, hex::encode(proof.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_matter_and_each_thing_does() {
        let of = |things: &[i32]| {
            let mut digest = Digest::default();
            things.iter().for_each(|thing| digest.add(&json!(thing)));
            digest
        };
        assert_eq!(of(&[1, 2, 3]), of(&[3, 1, 2]));
        assert_ne!(of(&[1, 2, 3]), of(&[1, 2, 4]));
        assert_ne!(of(&[1, 2]), of(&[1, 2, 2]));
        assert_ne!(of(&[1, 1, 2]), of(&[1, 2, 2]));
        assert_eq!(of(&[5, 6]).count(), 2);
    }
}
