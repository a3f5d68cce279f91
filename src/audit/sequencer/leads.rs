//! Which organizations' chains this server leads, as far as it knows.

use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::store::StoreError;
use std::collections::HashMap;
use uuid::Uuid;

/// How long a lead lasts without being renewed, in milliseconds.
pub(in crate::audit) const LEASE: i64 = 10_000;

/// The leads that were taken, and until when they last. They are renewed when half of the time is over, so that a busy
/// organization costs no write of its own for each batch.
pub(super) struct Leads {
    me: Uuid,
    until: HashMap<OrganizationId, Timestamp>,
}

impl Leads {
    pub(super) fn new(me: Uuid) -> Self {
        Self { me, until: HashMap::new() }
    }

    /// Takes or renews the lead; false while another server has it.
    pub(super) async fn take(
        &mut self,
        store: &dyn AuditStore,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let left = self.until.get(&organization).map(|until| until.0.saturating_sub(now.0));
        // A clock that was set back would make a lead look longer than it is.
        if left.is_some_and(|left| (LEASE / 2..=LEASE).contains(&left)) {
            return Ok(true);
        }
        let until = now.plus(LEASE);
        let ours = store.lead_trail(organization, self.me, now, until).await?;
        if ours {
            self.until.insert(organization, until);
        } else {
            self.until.remove(&organization);
        }
        Ok(ours)
    }

    /// It may not be ours any more.
    pub(super) fn forget(&mut self, organization: OrganizationId) {
        self.until.remove(&organization);
    }

    /// Leads that have ended are no use to anybody.
    pub(super) fn forget_ended(&mut self, now: Timestamp) {
        self.until.retain(|_, until| *until > now);
    }

    /// Lets other servers lead at once.
    pub(super) async fn release(&mut self, store: &dyn AuditStore, now: Timestamp) {
        for organization in std::mem::take(&mut self.until).into_keys() {
            if let Err(error) = store.lead_trail(organization, self.me, now, now).await {
                tracing::debug!(%error, "a lead of the audit trail was not given back: it ends by itself");
                return;
            }
        }
    }
}
