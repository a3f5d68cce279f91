//! An audit trail that the test holds in its hands; of a store it can do what this group needs.

use async_trait::async_trait;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::domain::time::Timestamp;
use holdergraph::registry::ports::audit::{
    AuditEntry, AuditStore, Checkpoint, FoundBy, Recorded, TrailFilter, TrailHead, TrailLink, TrailMac,
    TrailPage, TrailPlace, WaitingEntry, WaitingPlace,
};
use holdergraph::registry::ports::store::StoreError;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use uuid::Uuid;

/// Chains of links, and at how many of them one call looks.
pub(super) struct Trail {
    links: Mutex<HashMap<OrganizationId, Vec<TrailLink>>>,
    look_max: usize,
}

impl Trail {
    pub(super) fn new(look_max: usize) -> Self {
        Self { links: Mutex::default(), look_max }
    }

    /// Appends an entry.
    pub(super) fn append(&self, organization: OrganizationId, entry: &AuditEntry) {
        let text = serde_json::to_string(entry).unwrap();
        self.append_text(organization, FoundBy::of(entry), text);
    }

    /// Appends what may be no entry at all.
    pub(super) fn append_text(&self, organization: OrganizationId, found_by: FoundBy, entry: String) {
        let mut links = self.links.lock().unwrap();
        let chain = links.entry(organization).or_default();
        let number = chain.len() as u64 + 1;
        let (mac, sealed_at) = (TrailMac([number as u8; 32]), found_by.at.plus(1_000));
        chain.push(TrailLink { number, mac, sealed_at, entry, found_by });
    }
}

fn place(link: &TrailLink) -> TrailPlace {
    TrailPlace { at: link.found_by.at, number: link.number }
}

/// What the filter says of one link: as plain as can be.
pub(super) fn lets_through(filter: &TrailFilter, found_by: &FoundBy) -> bool {
    filter.subject.as_ref().is_none_or(|subject| *subject == found_by.subject)
        && filter.operation.as_ref().is_none_or(|operation| *operation == found_by.operation)
        && filter.record.is_none_or(|record| found_by.records.contains(&record))
        && filter.from.is_none_or(|from| from <= found_by.at)
        && filter.to.is_none_or(|to| found_by.at < to)
}

fn other<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("this trail is only read".to_owned()))
}

#[async_trait]
impl AuditStore for Trail {
    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError> {
        let mut links = self.links.lock().unwrap().get(&organization).cloned().unwrap_or_default();
        links.sort_by_key(place);
        if newest_first {
            links.reverse();
        }
        links.retain(|link| {
            after.is_none_or(|after| if newest_first { place(link) < after } else { place(link) > after })
        });
        let (mut found, mut looked_at) = (Vec::new(), None);
        for (index, link) in links.into_iter().enumerate() {
            if index == self.look_max || found.len() == most {
                return Ok(TrailPage { links: found, next: looked_at });
            }
            looked_at = Some(place(&link));
            if lets_through(filter, &link.found_by) {
                found.push(link);
            }
        }
        Ok(TrailPage { links: found, next: None })
    }

    async fn keep_entries(&self, _: Vec<Recorded>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn organizations_waiting(&self, _: usize) -> Result<Vec<OrganizationId>, StoreError> {
        other()
    }

    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError> {
        other()
    }

    async fn waiting_entries(&self, _: OrganizationId, _: usize) -> Result<Vec<WaitingEntry>, StoreError> {
        other()
    }

    async fn settle_entries(&self, _: OrganizationId, _: Vec<WaitingPlace>) -> Result<(), StoreError> {
        other()
    }

    async fn lead_trail(
        &self,
        _: OrganizationId,
        _: Uuid,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        other()
    }

    async fn trail_head(&self, _: OrganizationId) -> Result<TrailHead, StoreError> {
        other()
    }

    async fn chained(&self, _: OrganizationId, _: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
        other()
    }

    async fn append_links(&self, _: OrganizationId, _: Vec<TrailLink>) -> Result<bool, StoreError> {
        other()
    }

    async fn audited_organizations(
        &self,
        _: Option<OrganizationId>,
        _: usize,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        other()
    }

    async fn links_after(&self, _: OrganizationId, _: u64, _: usize) -> Result<Vec<TrailLink>, StoreError> {
        other()
    }

    async fn checkpoint(&self, _: OrganizationId) -> Result<Option<Checkpoint>, StoreError> {
        other()
    }

    async fn set_checkpoint(&self, _: OrganizationId, _: Checkpoint) -> Result<(), StoreError> {
        other()
    }

    async fn prune_links(&self, _: OrganizationId, _: usize) -> Result<u64, StoreError> {
        other()
    }
}
