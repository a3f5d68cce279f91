//! One batch of one organization's entries, from the outbox into its chain.

use super::super::key::head_at;
use super::Sequencer;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{TrailHead, TrailLink, WaitingEntry};
use crate::registry::ports::store::StoreError;
use crate::telemetry::metrics::AUDIT_LINKS;
use metrics::counter;
use std::collections::HashSet;
use uuid::Uuid;

/// So many entries are moved at once.
pub const BATCH: usize = 500;

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// Entries left the outbox.
    Some,
    /// None waits that may be moved yet.
    Nothing,
    /// Another server leads.
    NotOurs,
    /// Another server has appended meanwhile.
    Overtaken,
}

impl Sequencer {
    /// Moves one batch of this organization's entries.
    pub(super) async fn advance(&mut self, organization: OrganizationId) -> Result<Moved, StoreError> {
        if !self.leads.take(&*self.store, organization, (self.clock)()).await? {
            return Ok(Moved::NotOurs);
        }
        let head = self.store.trail_head(organization).await?;
        let waiting = self.store.waiting_entries(organization, BATCH).await?;
        if waiting.is_empty() {
            return Ok(Moved::Nothing);
        }
        let ids: Vec<Uuid> = waiting.iter().map(|waiting| waiting.entry.id).collect();
        let chained = self.store.chained(organization, &ids).await?;
        let links = self.links(organization, head, &waiting, chained)?;
        let last = links.last().map_or(head, head_at);
        if !links.is_empty() {
            // The lines are made before the links are given away, and shown when those are there.
            let lines = self.stream.lines(organization, &links);
            let count = u64::try_from(links.len()).unwrap_or(u64::MAX);
            if !self.store.append_links(organization, links).await? {
                return Ok(Moved::Overtaken);
            }
            counter!(AUDIT_LINKS).increment(count);
            self.stream.show(lines).await;
        }
        // Also where what was appended was not answered, and is only found to be there now.
        self.heads.moved(organization, last);
        let places = waiting.into_iter().map(|waiting| waiting.place).collect();
        self.store.settle_entries(organization, places).await?;
        Ok(Moved::Some)
    }

    /// Links for those entries that are in the trail neither yet nor twice among these.
    fn links(
        &self,
        organization: OrganizationId,
        head: TrailHead,
        waiting: &[WaitingEntry],
        mut known: HashSet<Uuid>,
    ) -> Result<Vec<TrailLink>, StoreError> {
        let now = (self.clock)();
        let (mut links, mut head) = (Vec::with_capacity(waiting.len()), head);
        for WaitingEntry { entry, .. } in waiting {
            if known.insert(entry.id) {
                let link = self.key.seal(organization, &head, entry, now)?;
                head = head_at(&link);
                links.push(link);
            }
        }
        Ok(links)
    }
}
