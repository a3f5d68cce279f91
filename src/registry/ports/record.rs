//! What a store is given and gives back: records with a clear part, a sealed part and what makes them unique
//! and searchable. A store knows nothing of GraphQL, HTTP or keys.

pub use super::audit::AuditEntry;
use crate::domain::alias_account::{AccountLink, AliasAccount};
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, OrganizationId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Format version, key id, nonce, ciphertext and tag of a record's personal data, as one message.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);
redacted!(Sealed);

/// What at most one live record of the organization may hold: `document.1/<keyId>/<token>` on a holder,
/// `account/<ledgerId>/<accountId>` on an alias account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim(pub String);
redacted!(Claim);

/// A blind-index string, `<field>/<keyId>/<base64url>`, or a metadata entry in clear, `meta/<key>/<typed value>`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub String);
redacted!(Token);

/// The id of a key generation: 1–16 characters of `[a-z0-9-]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub String);

/// All of a record that was made with keys; always replaced as a whole, so that no token outlives its value.
#[derive(Clone, Debug)]
pub struct Protected {
    /// The personal data.
    pub sealed: Sealed,
    /// Held while the record is live.
    pub claims: Vec<Claim>,
    /// Found by search; what is found by its clear part is told by [`super::terms`].
    pub tokens: Vec<Token>,
    /// Every key generation that had a part in the above.
    pub generations: Vec<KeyId>,
}

/// A record to be inserted, with version and revision 1.
#[derive(Clone, Debug)]
pub struct New<C> {
    /// Its clear part.
    pub clear: C,
    /// Its protected part.
    pub protected: Protected,
    /// What the audit trail shall say of it.
    pub audit: Vec<AuditEntry>,
}

/// A record that is there, as it shall be from now on.
#[derive(Clone, Debug)]
pub struct Change<C> {
    /// Its clear part; organization and id say which record it is.
    pub clear: C,
    /// Its protected part.
    pub protected: Protected,
    /// The version that it will have.
    pub version: i32,
    /// The revision that it was read with: any other refuses the change.
    pub revision: i64,
    /// What the audit trail shall say of it.
    pub audit: Vec<AuditEntry>,
}

/// A live record that is to be soft-deleted: it loses its claims, nothing else of it is touched.
#[derive(Clone, Debug)]
pub struct Deletion<I> {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which record.
    pub id: I,
    /// The moment that becomes `deleted_at` and `updated_at`.
    pub at: Timestamp,
    /// The version that it will have.
    pub version: i32,
    /// The revision that it was read with: any other refuses the deletion.
    pub revision: i64,
    /// What the audit trail shall say of it.
    pub audit: Vec<AuditEntry>,
}

/// A record, live or soft-deleted, that is to be removed for good.
#[derive(Clone, Debug)]
pub struct Purge<I> {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which record.
    pub id: I,
    /// The revision that it was read with: any other refuses the removal.
    pub revision: i64,
    /// What the audit trail shall say of it.
    pub audit: Vec<AuditEntry>,
}

/// What a check against the ledger found; it raises neither version nor `updated_at`.
#[derive(Clone, Debug)]
pub struct LinkCheck {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which live alias account.
    pub id: AliasAccountId,
    /// What was found.
    pub link: AccountLink,
    /// The revision that it was read with: any other refuses the record of the check.
    pub revision: i64,
    /// What the audit trail shall say of it.
    pub audit: Vec<AuditEntry>,
}

/// A record as it was read.
#[derive(Clone, Debug)]
pub struct Stored<C> {
    /// Its clear part.
    pub clear: C,
    /// Public: up by one with each change that a client can read.
    pub version: i32,
    /// Internal: up by one with every write by anyone.
    pub revision: i64,
    /// Its personal data; `None` where it was read with [`Detail::Clear`].
    pub sealed: Option<Sealed>,
}

/// A holder to be inserted.
pub type NewHolder = New<Holder>;
/// An alias account to be inserted.
pub type NewAliasAccount = New<AliasAccount>;
/// A holder as it was read.
pub type HolderRecord = Stored<Holder>;
/// An alias account as it was read.
pub type AliasAccountRecord = Stored<AliasAccount>;

/// How much of a record is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// The clear part only: the sealed blob is not fetched.
    Clear,
    /// The sealed blob too.
    Sealed,
}
