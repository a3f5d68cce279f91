//! What a store does for the audit trail, and what the trail is told beside changes.

use super::super::store::StoreError;
use super::chain::{Checkpoint, TrailFilter, TrailHead, TrailLink, TrailPage, TrailPlace};
use super::entry::{AuditEntry, Recorded};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use std::collections::HashSet;
use uuid::Uuid;

/// Where an entry waits; only the store that made it understands it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WaitingPlace(pub Vec<u8>);

/// An entry that was not moved to the trail yet.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingEntry {
    /// Where it waits.
    pub place: WaitingPlace,
    /// What it says. The store has given an id to one of an earlier release that has none, always the same.
    pub entry: AuditEntry,
}

/// Where the audit trail lives. All calls are safe to make from many tasks and processes at once.
#[async_trait]
pub trait AuditStore: Send + Sync + 'static {
    /// Keeps entries that tell of no change of a record, until they are moved to the trail. They are durable when it
    /// is answered. The same call made again may keep them twice: the trail holds each id once.
    async fn keep_entries(&self, entries: Vec<Recorded>) -> Result<(), StoreError>;

    /// Some of the organizations that have entries waiting, those first that have waited longest as far as the store
    /// can tell cheaply.
    async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError>;

    /// When the entry happened that has waited longest of all, over all organizations.
    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Some entries that wait, the oldest first as far as the store can tell cheaply. An entry whose change is not
    /// committed yet is not among them.
    async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError>;

    /// Removes entries from where they wait. What is gone already is no fault. It touches neither version nor revision
    /// of a record.
    async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError>;

    /// Takes or renews the right to append to a chain until `until`; false while another one has it. It spares work and
    /// proves nothing: [`Self::append_links`] is what refuses a second one.
    async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The last link, or the checkpoint where no link is left, or [`TrailHead::NONE`].
    async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError>;

    /// Those of these entries' ids that are in the trail.
    async fn chained(&self, organization: OrganizationId, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError>;

    /// Appends links in their order, durably; false where somebody else has appended meanwhile (a link has a number or
    /// an entry that is there already): then a beginning of them, or nothing, was appended.
    async fn append_links(
        &self,
        organization: OrganizationId,
        links: Vec<TrailLink>,
    ) -> Result<bool, StoreError>;

    /// All organizations that have a chain or entries waiting, in order of their ids, behind this one.
    async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Links with larger numbers than this, in order of their numbers.
    async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError>;

    /// One page of the links that a filter lets through, behind a place, by when they happened: the newest first where
    /// `newest_first`. It looks at no more than [`TRAIL_LOOK_MAX`](super::TRAIL_LOOK_MAX) entries.
    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError>;

    /// Where the chain begins, where older links were removed.
    async fn checkpoint(&self, organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError>;

    /// Moves the beginning of a chain. One with a smaller number than the present one's changes nothing.
    async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError>;

    /// Removes some of the links up to the checkpoint, the oldest first; how many it removed.
    async fn prune_links(&self, organization: OrganizationId, most: usize) -> Result<u64, StoreError>;
}

/// What the use cases and the endpoint tell the audit trail beside changes of records: refusals, reads, repeats, and
/// mutations that found nothing to change.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Takes entries, to be stored within a second. An error means that they were not taken: then what they tell of must
    /// not be answered.
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError>;
}
