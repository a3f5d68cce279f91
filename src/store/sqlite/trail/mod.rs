//! The audit trail: the entries that wait for it, and the chain of each organization. All that is written goes through
//! the writer, so a batch shares its fsync with whatever else is written at that moment.

mod chain;
pub(super) mod find;
mod lead;
mod link_row;
mod organizations;
pub(super) mod outbox;
mod retention;

use super::SqliteStore;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{
    AuditStore, Checkpoint, Recorded, TrailFilter, TrailHead, TrailLink, TrailPage, TrailPlace, WaitingEntry,
    WaitingPlace,
};
use crate::registry::ports::store::StoreError;
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use rusqlite::Connection;
use std::collections::HashSet;
use uuid::Uuid;

/// A row of the trail is no record that others could be read without: what cannot be read of it is damage.
fn damage(error: StoreError) -> StoreError {
    match error {
        StoreError::Unreadable(what) => {
            StoreError::Damaged(format!("a row of the audit trail cannot be read: {what}"))
        }
        other => other,
    }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

impl SqliteStore {
    async fn read_trail<T, F>(&self, call: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        measured(call, never, async { self.readers.read(work).await.map_err(damage) }).await
    }

    /// Where `done` says no, nothing stays of what the work wrote, and the call is counted as refused.
    async fn write_trail<T, F>(
        &self,
        call: &'static str,
        done: fn(&T) -> bool,
        refused: fn(&T) -> bool,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        measured(call, refused, async { self.writer.write(done, work).await.map_err(damage) }).await
    }
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn keep_entries(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        self.write_trail("keep_entries", |()| true, never, move |db| outbox::keep(db, &entries)).await
    }

    async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError> {
        self.read_trail("organizations_waiting", move |db| outbox::organizations(db, most)).await
    }

    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read_trail("oldest_waiting", outbox::oldest).await
    }

    async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError> {
        self.read_trail("waiting_entries", move |db| outbox::waiting(db, organization, most)).await
    }

    async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError> {
        let rows = outbox::rows(&places)?;
        let work = move |db: &Connection| outbox::settle(db, organization, &rows);
        self.write_trail("settle_entries", |()| true, never, work).await
    }

    async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = move |db: &Connection| lead::take(db, organization, leader, now, until);
        self.write_trail("lead_trail", |leads| *leads, |leads| !*leads, work).await
    }

    async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError> {
        self.read_trail("trail_head", move |db| chain::head(db, organization)).await
    }

    async fn chained(&self, organization: OrganizationId, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
        let ids = ids.to_vec();
        self.read_trail("chained", move |db| chain::chained(db, organization, &ids)).await
    }

    async fn append_links(
        &self,
        organization: OrganizationId,
        links: Vec<TrailLink>,
    ) -> Result<bool, StoreError> {
        let work = move |db: &Connection| chain::append(db, organization, &links);
        self.write_trail("append_links", |appended| *appended, |appended| !*appended, work).await
    }

    async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        self.read_trail("audited_organizations", move |db| organizations::audited(db, after, most)).await
    }

    async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError> {
        let read = self.read_trail("links_after", move |db| chain::after(db, organization, number, most));
        read.await?.map_err(|number| {
            StoreError::Damaged(format!("link {number} of organization {organization} cannot be read"))
        })
    }

    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError> {
        let filter = filter.clone();
        let work = move |db: &Connection| find::page(db, organization, &filter, after, newest_first, most);
        self.read_trail("find_links", work).await
    }

    async fn checkpoint(&self, organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError> {
        self.read_trail("checkpoint", move |db| retention::checkpoint(db, organization)).await
    }

    async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError> {
        let work = move |db: &Connection| retention::move_to(db, organization, &checkpoint);
        self.write_trail("set_checkpoint", |()| true, never, work).await
    }

    async fn prune_links(&self, organization: OrganizationId, most: usize) -> Result<u64, StoreError> {
        let work = move |db: &Connection| retention::prune(db, organization, most);
        self.write_trail("prune_links", |pruned| *pruned > 0, never, work).await
    }
}
