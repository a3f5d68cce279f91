//! The store, in the domain's own words. Every adapter passes the same conformance suite.

use super::operation::{Begun, Operation, Outcome};
use super::record::{AliasAccountRecord, Claim, Detail, HolderRecord, KeyId, NewAliasAccount, NewHolder};
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use std::collections::HashMap;

/// Why a store did not do what it was asked for. Messages hold no value of a record.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, is busy beyond its time, or refuses to write; the same call may succeed later.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// What it holds cannot be read as this release wrote it.
    #[error("the store holds what this release cannot read: {0}")]
    Damaged(String),
}

/// Which records a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Live ones.
    Live,
    /// Live and soft-deleted ones.
    Any,
}

/// How a write ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is durable.
    Stored,
    /// Its operation was committed before, by another call: this is its outcome; nothing was written now.
    Repeated(Outcome),
    /// It would break a rule; nothing was written.
    Refused(Refused),
}

/// The rule that a write would break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The idempotency key was used with another input or mutation.
    KeyReused,
    /// Another live record holds one of the claims.
    ClaimTaken,
    /// The holder is not there, or not live.
    HolderNotLive,
}

/// A place in a list ordered by creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Creation time of the record at this place.
    pub created_at: Timestamp,
    /// Its id.
    pub id: AliasAccountId,
}

/// One page to be read forwards.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// At most so many records.
    pub first: usize,
    /// Only what follows this place.
    pub after: Option<Position>,
    /// How much of each record.
    pub detail: Detail,
}

/// One page, in order.
#[derive(Clone, Debug)]
pub struct Page<R> {
    /// The records.
    pub records: Vec<R>,
    /// Whether more follow.
    pub more: bool,
}

/// A value that tells whether a keyring is the one that a store was written with.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyCheck {
    /// The generation.
    pub id: KeyId,
    /// Derived from its masters; tells nothing of them.
    pub value: [u8; 32],
}
redacted!(KeyCheck);

/// Where records live. All calls are safe to make from many tasks and processes at once.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether it can be read and written now.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Remembers a generation's check value, or returns the one that it was first written with.
    async fn key_check(&self, check: KeyCheck) -> Result<KeyCheck, StoreError>;

    /// What is known of an operation, at its own time `at`.
    async fn begin(&self, operation: &Operation) -> Result<Begun, StoreError>;

    /// Inserts a live holder with its claims and tokens, and commits the operation, all or nothing.
    async fn create_holder(
        &self,
        holder: NewHolder,
        operation: Option<Operation>,
    ) -> Result<Commit, StoreError>;

    /// Inserts a live alias account of a live holder, and commits the operation, all or nothing.
    async fn link(
        &self,
        alias_account: NewAliasAccount,
        operation: Option<Operation>,
    ) -> Result<Commit, StoreError>;

    /// The holders with these ids that are in this state, in any order.
    async fn holders(
        &self,
        organization: OrganizationId,
        ids: &[HolderId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<HolderRecord>, StoreError>;

    /// The live holder that holds one of these claims.
    async fn holder_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<HolderRecord>, StoreError>;

    /// The live alias accounts with these ids, in any order.
    async fn alias_accounts(
        &self,
        organization: OrganizationId,
        ids: &[AliasAccountId],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError>;

    /// The live alias account that holds one of these claims.
    async fn alias_account_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, StoreError>;

    /// One page of live alias accounts, by (creation time, id), for each of these holders, in one call that reads
    /// at most `first + 1` records a holder. A holder without any is not in the answer.
    async fn alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError>;
}
