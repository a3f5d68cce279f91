//! Every chain of a store, proven: from its beginning or checkpoint to its last link, against what was noted outside, and
//! that nothing is left in an outbox.

mod anchor;
mod chain;

pub use anchor::{Anchor, NoAnchor};

use super::key::TrailKey;
use super::walk::Organizations;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditStore, TrailHead};
use crate::registry::ports::store::StoreError;
use std::collections::BTreeSet;
use std::time::Duration;

/// So many waiting entries of an organization are looked at.
const WAITING: usize = 500;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whose chain.
    pub organization: OrganizationId,
    /// The link; none where it is no link's fault.
    pub number: Option<u64>,
    /// What is wrong. It holds no value of an entry.
    pub what: String,
}

/// Told of as the walk goes on.
pub trait Witness: Send {
    /// So many more links were looked at.
    fn looked(&mut self, links: u64);
    /// Something is wrong.
    fn found(&mut self, finding: Finding);
    /// An anchor names a link that was removed by retention: it says nothing any more.
    fn passed(&mut self, anchor: &Anchor);
    /// This chain was proven to here.
    fn proven(&mut self, organization: OrganizationId, head: &TrailHead);
}

/// How many of what were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Chains, also empty ones.
    pub organizations: u64,
    /// Links.
    pub links: u64,
}

/// What is proven.
pub struct Verify<'a> {
    /// Where the chains are.
    pub store: &'a dyn AuditStore,
    /// What they were made with.
    pub key: &'a TrailKey,
    /// What was noted outside.
    pub anchors: &'a [Anchor],
    /// One organization alone.
    pub only: Option<OrganizationId>,
    /// No entry may have waited for longer.
    pub lag: Duration,
    /// The present time.
    pub now: Timestamp,
}

impl Verify<'_> {
    /// Walks over all of it.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn run(&self, witness: &mut dyn Witness) -> Result<Looked, StoreError> {
        let mut looked = Looked::default();
        let mut anchored: BTreeSet<OrganizationId> =
            self.anchors.iter().map(|anchor| anchor.organization).collect();
        let mut organizations = Organizations::new(self.only);
        loop {
            let page = organizations.next(self.store).await?;
            if page.is_empty() {
                break;
            }
            for organization in page {
                anchored.remove(&organization);
                self.organization(organization, &mut looked, witness).await?;
            }
        }
        // Where a whole chain is gone, its organization is not among those above.
        for organization in anchored {
            self.organization(organization, &mut looked, witness).await?;
        }
        Ok(looked)
    }

    async fn organization(
        &self,
        organization: OrganizationId,
        looked: &mut Looked,
        witness: &mut dyn Witness,
    ) -> Result<(), StoreError> {
        looked.organizations += 1;
        looked.links += self.chain(organization, witness).await?;
        self.outbox(organization, witness).await
    }

    async fn outbox(
        &self,
        organization: OrganizationId,
        witness: &mut dyn Witness,
    ) -> Result<(), StoreError> {
        let lag = i64::try_from(self.lag.as_millis()).unwrap_or(i64::MAX);
        let waiting = self.store.waiting_entries(organization, WAITING).await?;
        let oldest = waiting.iter().map(|waiting| waiting.entry.at).min();
        if let Some(oldest) = oldest.filter(|oldest| self.now.0.saturating_sub(oldest.0) > lag) {
            let lag = humantime::format_duration(self.lag);
            let what = format!(
                "an entry of {oldest} still waits to be moved to the trail, for longer than {lag}: does a server run?"
            );
            witness.found(Finding { organization, number: None, what });
        }
        Ok(())
    }
}
