//! The audit trail.

use super::SqliteStore;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{
    AuditStore, Checkpoint, Recorded, TrailFilter, TrailHead, TrailLink, TrailPage, TrailPlace, WaitingEntry,
    WaitingPlace,
};
use crate::registry::ports::store::StoreError;
use async_trait::async_trait;
use std::collections::HashSet;
use uuid::Uuid;

fn not_yet<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("the audit trail is not kept yet".to_owned()))
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn keep_entries(&self, _entries: Vec<Recorded>) -> Result<(), StoreError> {
        not_yet()
    }
    async fn organizations_waiting(&self, _most: usize) -> Result<Vec<OrganizationId>, StoreError> {
        not_yet()
    }
    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        not_yet()
    }
    async fn waiting_entries(
        &self,
        _organization: OrganizationId,
        _most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError> {
        not_yet()
    }
    async fn settle_entries(
        &self,
        _organization: OrganizationId,
        _places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError> {
        not_yet()
    }
    async fn lead_trail(
        &self,
        _organization: OrganizationId,
        _leader: Uuid,
        _now: Timestamp,
        _until: Timestamp,
    ) -> Result<bool, StoreError> {
        not_yet()
    }
    async fn trail_head(&self, _organization: OrganizationId) -> Result<TrailHead, StoreError> {
        not_yet()
    }
    async fn chained(
        &self,
        _organization: OrganizationId,
        _ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, StoreError> {
        not_yet()
    }
    async fn append_links(
        &self,
        _organization: OrganizationId,
        _links: Vec<TrailLink>,
    ) -> Result<bool, StoreError> {
        not_yet()
    }
    async fn audited_organizations(
        &self,
        _after: Option<OrganizationId>,
        _most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        not_yet()
    }
    async fn links_after(
        &self,
        _organization: OrganizationId,
        _number: u64,
        _most: usize,
    ) -> Result<Vec<TrailLink>, StoreError> {
        not_yet()
    }
    async fn find_links(
        &self,
        _organization: OrganizationId,
        _filter: &TrailFilter,
        _after: Option<TrailPlace>,
        _newest_first: bool,
        _most: usize,
    ) -> Result<TrailPage, StoreError> {
        not_yet()
    }
    async fn checkpoint(&self, _organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError> {
        not_yet()
    }
    async fn set_checkpoint(
        &self,
        _organization: OrganizationId,
        _checkpoint: Checkpoint,
    ) -> Result<(), StoreError> {
        not_yet()
    }
    async fn prune_links(&self, _organization: OrganizationId, _most: usize) -> Result<u64, StoreError> {
        not_yet()
    }
}
