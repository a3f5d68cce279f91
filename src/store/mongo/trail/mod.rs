//! The audit trail: where entries wait, the links of all chains, and who may append to one.
//!
//! # Where entries wait
//!
//! The entries of a change stand in the `audit` array of the record's own document, so they are written with it and
//! outlive it in the document that a purge leaves. An entry without a record is a document of its own in
//! `audit_entries`, with an array of one. All three collections have the same two indexes, partial on `audit.at`: a
//! document without entries is in neither, so what waits is found without looking at what does not.
//!
//! An entry is given when its change can no more be taken back: never while its record is `held` or `joining`, nor
//! while it carries an operation, which whoever settles that record commits. It is removed by a `$pull` of this one
//! element, which touches neither `revision` nor `stamp`: a write that goes by them is neither missed nor mistaken. No
//! write of a record puts an array in the place of another, and none adds entries twice (its revision is used up), so
//! what was removed does not come back.
//!
//! A purge of a holder leaves the same entry with each alias account that goes with it. There it is told as **an entry
//! of its own, about that alias account**, with an id made of the entry's and the record's; so a report on an alias
//! account tells how it ended. An entry of an earlier release has no id: it gets one made of its bytes and its record,
//! and is removed by comparing the whole of it.
//!
//! # Chains
//!
//! A link's `_id` is organization and number, so two links with one number cannot be, and the order of ids is that of
//! numbers. An entry's id is unique in its organization. Links are inserted in their order and the server stops at the
//! first that it refuses; so of two that append at once one gets nothing behind the other's, and a try that is carried
//! out late finds its first number taken, or continues the chain as it stood. A link that is there already is our own
//! if it is the same in every part.

mod append;
mod chain;
mod find;
mod keep;
mod link;
mod organizations;
mod outbox;
mod place;
mod settle;

pub(super) use chain::chain;
pub(super) use keep::kept;
pub(super) use link::{id_of, link};

#[cfg(test)]
pub(super) use place::Outbox;

use super::MongoStore;
use super::values::Wrong;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{
    AuditStore, Checkpoint, Recorded, TrailFilter, TrailHead, TrailLink, TrailPage, TrailPlace, WaitingEntry,
    WaitingPlace,
};
use crate::registry::ports::store::StoreError;
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use std::collections::HashSet;
use uuid::Uuid;

/// A part of the trail that does not read as it was written: nobody may go on as if it were not there.
fn damaged(wrong: Wrong) -> StoreError {
    StoreError::Damaged(wrong.to_string())
}

#[async_trait]
impl AuditStore for MongoStore {
    async fn keep_entries(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        measured("keep_entries", never, self.collections().keep_entries(&entries)).await
    }

    async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError> {
        measured("organizations_waiting", never, self.collections().organizations_waiting(most)).await
    }

    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        measured("oldest_waiting", never, self.collections().oldest_waiting()).await
    }

    async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError> {
        measured("waiting_entries", never, self.collections().waiting_entries(organization, most)).await
    }

    async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError> {
        measured("settle_entries", never, self.collections().settle_entries(organization, &places)).await
    }

    async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let on = self.collections();
        let work = on.lead_trail(organization, leader, now, until);
        measured("lead_trail", |leads| !*leads, work).await
    }

    async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError> {
        measured("trail_head", never, self.collections().trail_head(organization)).await
    }

    async fn chained(&self, organization: OrganizationId, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
        measured("chained", never, self.collections().chained(organization, ids)).await
    }

    async fn append_links(
        &self,
        organization: OrganizationId,
        links: Vec<TrailLink>,
    ) -> Result<bool, StoreError> {
        let on = self.collections();
        let work = on.append_links(organization, &links);
        measured("append_links", |appended| !*appended, work).await
    }

    async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        measured("audited_organizations", never, self.collections().audited_organizations(after, most)).await
    }

    async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError> {
        measured("links_after", never, self.collections().links_after(organization, number, most)).await
    }

    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError> {
        let on = self.collections();
        let work = on.find_links(organization, filter, after, newest_first, most);
        measured("find_links", never, work).await
    }

    async fn checkpoint(&self, organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError> {
        measured("checkpoint", never, self.collections().checkpoint(organization)).await
    }

    async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError> {
        measured("set_checkpoint", never, self.collections().set_checkpoint(organization, checkpoint)).await
    }

    async fn prune_links(&self, organization: OrganizationId, most: usize) -> Result<u64, StoreError> {
        measured("prune_links", never, self.collections().prune_links(organization, most)).await
    }
}
