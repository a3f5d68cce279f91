//! Operations: what makes the repeat of a mutation give the first outcome again (rule 9).

use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId, RelatedPartyId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// HMAC of an idempotency key; the key itself is never kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OperationKey(pub [u8; 32]);
redacted!(OperationKey);

/// HMAC of a mutation's normalised input: tells a repeat from another call with the same key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);
redacted!(Fingerprint);

/// One mutation that carries an idempotency key.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The tenant; keys of two organizations never meet.
    pub organization: OrganizationId,
    /// Which key it came with.
    pub key: OperationKey,
    /// The mutation's name in the schema.
    pub mutation: String,
    /// What it asked for.
    pub fingerprint: Fingerprint,
    /// When it began.
    pub at: Timestamp,
    /// From when on its key is free again.
    pub expires_at: Timestamp,
}

/// An operation with what it will have written, to be committed together with that.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// The operation.
    pub operation: Operation,
    /// What a repeat of it is told.
    pub outcome: Outcome,
}

/// What a committed operation wrote: ids only, no personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderId>,
    /// The alias accounts, in the order of the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alias_accounts: Vec<AliasAccountId>,
    /// The related party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_party: Option<RelatedPartyId>,
}

/// What is known of an operation before its work begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: the work may begin.
    New,
    /// It is committed: this is its outcome.
    Repeated(Outcome),
    /// The key was used with another input or mutation.
    KeyReused,
}
