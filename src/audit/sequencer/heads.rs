//! The heads of the chains, in the log: outside of the store, where a cut tail is found out by them. The log lets these
//! lines through whatever its level: `telemetry::logs` knows this module by its name.

use super::super::verify::Anchor;
use super::super::walk::Organizations;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditStore, TrailHead};
use crate::registry::ports::store::StoreError;
use std::collections::BTreeMap;

/// Heads to be told: at the start those of all chains, later those that this server has moved.
pub(super) struct Heads {
    /// At the start all chains are gone through, a page each turn.
    starting: Option<Organizations>,
    moved: BTreeMap<OrganizationId, TrailHead>,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self { starting: Some(Organizations::new(None)), moved: BTreeMap::new() }
    }

    /// Of a page of organizations, until all were told once.
    pub(super) async fn tell_next_page(&mut self, store: &dyn AuditStore) -> Result<(), StoreError> {
        let Some(starting) = &mut self.starting else { return Ok(()) };
        let page = match starting.next(store).await {
            Err(error) if !matches!(error, StoreError::Unavailable(_)) => {
                tracing::error!(%error, "the heads of the audit trails cannot be listed");
                Vec::new()
            }
            page => page?,
        };
        if page.is_empty() {
            self.starting = None;
        }
        for organization in page {
            match store.trail_head(organization).await {
                Ok(head) if head.number > 0 => tell(organization, &head),
                Ok(_) => {}
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, %organization, "the head of an audit trail cannot be read");
                }
            }
        }
        Ok(())
    }

    /// This chain ends here now.
    pub(super) fn moved(&mut self, organization: OrganizationId, head: TrailHead) {
        self.moved.insert(organization, head);
    }

    /// One line for each chain that has moved since the last time.
    pub(super) fn tell_moved(&mut self) {
        for (organization, head) in std::mem::take(&mut self.moved) {
            tell(organization, &head);
        }
    }
}

fn tell(organization: OrganizationId, head: &TrailHead) {
    tracing::info!(
        %organization,
        number = head.number,
        hmac = hex::encode(head.mac.0),
        sealed_at = %head.sealed_at,
        anchor = %Anchor::at(organization, head),
        "head of an audit trail"
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_log_knows_where_heads_are_told() {
        assert_eq!(module_path!().rsplit_once("::").unwrap().0, crate::telemetry::logs::HEADS);
    }
}
