//! The store, in the domain's own words. Every adapter passes the same conformance suite.

use super::list::{Count, Filter, Page, PageRequest, State};
use super::operation::{Begun, Conclusion, Operation, Outcome};
use super::record::{
    AliasAccountRecord, Change, Claim, Deletion, Detail, HolderRecord, KeyId, LinkCheck, NewAliasAccount,
    NewHolder, Purge,
};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::redacted;
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
    /// A record's row cannot be read; others can.
    #[error("a record cannot be read: {0}")]
    Unreadable(String),
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

/// The rule that a write would break. Where it would break several, the first of these is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The idempotency key was used with another input or mutation.
    KeyReused,
    /// The record is not as it was read: its revision is another, or it is gone.
    Changed,
    /// The holder is not there, or not live.
    HolderNotLive,
    /// The holder has live alias accounts.
    HasAliasAccounts,
    /// Other live records hold claims of these.
    Taken(Taken),
}

/// Whose claims other live records hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Whether the holder's own.
    pub holder: bool,
    /// Those of these alias accounts, by their places in the call, from 0.
    pub alias_accounts: Vec<usize>,
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
///
/// Each write is all or nothing, with its claims, its tokens and its conclusion, and it is durable when it is answered.
/// A write with a conclusion whose operation is known already writes nothing and tells of it before it looks at any
/// other rule. A record's tokens are those of its protected part and the [`super::terms`] of its clear part.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether it can be read and written now.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Remembers a generation's check value, or returns the one that it was first written with.
    async fn key_check(&self, check: KeyCheck) -> Result<KeyCheck, StoreError>;

    /// What is known of an operation, at its own time `at`.
    async fn begin(&self, operation: &Operation) -> Result<Begun, StoreError>;

    /// Commits an operation that has nothing else to write.
    async fn conclude(&self, conclusion: Conclusion) -> Result<Commit, StoreError>;

    /// Inserts a live holder and its live alias accounts.
    async fn create_holder(
        &self,
        holder: NewHolder,
        alias_accounts: Vec<NewAliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Changes a live holder, which stays live.
    async fn update_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Soft-deletes a live holder that has no live alias account.
    async fn delete_holder(
        &self,
        deletion: Deletion<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Puts a soft-deleted holder back: it takes the claims of its protected part.
    async fn restore_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Removes a holder that has no live alias account for good, and its soft-deleted alias accounts with it.
    async fn purge_holder(
        &self,
        purge: Purge<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Inserts a live alias account of a live holder.
    async fn link(
        &self,
        alias_account: NewAliasAccount,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Changes a live alias account, which stays live.
    async fn update_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Records a check of a live alias account against the ledger.
    async fn record_link_check(&self, check: LinkCheck) -> Result<Commit, StoreError>;

    /// Soft-deletes a live alias account.
    async fn delete_alias_account(
        &self,
        deletion: Deletion<AliasAccountId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Puts a soft-deleted alias account of a live holder back: it takes the claims of its protected part.
    async fn restore_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError>;

    /// Removes an alias account for good.
    async fn purge_alias_account(
        &self,
        purge: Purge<AliasAccountId>,
        conclusion: Option<Conclusion>,
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

    /// One page of the holders that a filter lets through.
    async fn list_holders(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<HolderRecord>, StoreError>;

    /// How many holders a filter lets through.
    async fn count_holders(&self, organization: OrganizationId, filter: &Filter)
    -> Result<Count, StoreError>;

    /// The alias accounts with these ids that are in this state, in any order.
    async fn alias_accounts(
        &self,
        organization: OrganizationId,
        ids: &[AliasAccountId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError>;

    /// The live alias accounts that hold one of these claims, each once, in any order.
    async fn alias_accounts_with_claims(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError>;

    /// One page of the alias accounts that a filter lets through.
    async fn list_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<AliasAccountRecord>, StoreError>;

    /// How many alias accounts a filter lets through.
    async fn count_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError>;

    /// For each of these holders one page of its alias accounts that the filter lets through, in one call. A holder
    /// whose page is empty may be missing in the answer.
    async fn alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError>;

    /// For each of these holders how many of its alias accounts the filter lets through, in one call.
    async fn count_alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, StoreError>;
}
