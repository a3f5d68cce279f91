//! Moving a whole store into another one: beside the records and the chains of the audit trail, what else it has to
//! keep.

use super::audit::AuditStore;
use super::inspection::{Inspection, Kept};
use super::operation::{Fingerprint, OperationKey, Outcome};
use super::record::AuditEntry;
use super::store::{KeyCheck, StoreError};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

/// A committed operation: what a repeat of it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOperation {
    /// The tenant.
    pub organization: OrganizationId,
    /// Which key it came with.
    pub key: OperationKey,
    /// The mutation's name in the schema.
    pub mutation: String,
    /// What it asked for.
    pub fingerprint: Fingerprint,
    /// What a repeat of it is told.
    pub outcome: Outcome,
    /// From when on its key is free again.
    pub expires_at: Timestamp,
}

/// An entry for the audit trail that was not moved there yet.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptEntry {
    /// The tenant.
    pub organization: OrganizationId,
    /// The record that it was written with, which need not be there any more; `None` where it was written without one.
    pub record: Option<Uuid>,
    /// What it says.
    pub entry: AuditEntry,
}

/// Where a page of a walk ended; only the store that made it understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark(pub Vec<u8>);

/// Some of what is walked over, and where to go on; `None` at the end.
pub type Pages<T> = (Vec<T>, Option<Bookmark>);

/// A store that can be read as a whole while nobody writes to it.
#[async_trait]
pub trait Outlet: Inspection + AuditStore {
    /// About so many committed operations.
    async fn operations_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptOperation>, StoreError>;

    /// The entries for the audit trail of about so many records; those of one record in their order.
    async fn entries_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptEntry>, StoreError>;
}

/// A store that can be filled. It serves nobody from the beginning of a copy until that is complete.
#[async_trait]
pub trait Intake: Outlet {
    /// Begins a copy. What an earlier one left that did not end is removed; where there is anything else, nothing is
    /// changed and this tells what is there.
    async fn begin_copy(&self) -> Result<Option<String>, StoreError>;

    /// Whether no other copy has begun into it since this one did.
    async fn is_under_way(&self) -> Result<bool, StoreError>;

    /// The check value of a key generation; false where it has another one, which somebody else wrote.
    async fn take_key_check(&self, check: KeyCheck) -> Result<bool, StoreError>;

    /// Holders with all that was written with them, as they are.
    async fn take_holders(&self, holders: Vec<Kept<Holder>>) -> Result<(), StoreError>;

    /// The same of alias accounts.
    async fn take_alias_accounts(&self, alias_accounts: Vec<Kept<AliasAccount>>) -> Result<(), StoreError>;

    /// Operations.
    async fn take_operations(&self, operations: Vec<KeptOperation>) -> Result<(), StoreError>;

    /// Entries for the audit trail; all records are there by now.
    async fn take_entries(&self, entries: Vec<KeptEntry>) -> Result<(), StoreError>;

    /// It is complete, and may serve; false where another copy has begun since, and this one is none any more.
    async fn end_copy(&self) -> Result<bool, StoreError>;
}
