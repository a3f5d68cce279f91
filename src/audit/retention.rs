//! The removal of links that are older than `AUDIT_RETENTION`, so that what stays can still be proven.
//!
//! | | the leader | if it stops here |
//! | --- | --- | --- |
//! | 1 | proves the chain from its beginning to the last link that is old enough; where it cannot, nothing is removed, for that would hide what was done to it | nothing has happened |
//! | 2 | leaves an entry: who, and up to which link | the entry tells of a removal that comes with the next run |
//! | 3 | moves the checkpoint: from now on the chain begins there | the next run goes on with step 4 |
//! | 4 | removes the links up to it, in small batches | the next run goes on |

use super::key::TrailKey;
use super::proof::Proof;
use super::sequencer::LEASE;
use super::walk::{LINKS, Organizations};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::mint::Clock;
use crate::registry::ports::audit::{AuditEntry, AuditStore, Checkpoint, EntryKind, Recorded};
use crate::registry::ports::call::Call;
use crate::registry::ports::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

/// Who it is in the audit trail.
const SUBJECT: &str = "system/audit-retention";
/// What it does there.
const OPERATION: &str = "audit.retention";
/// The first run comes so long after the start, when a server has other things to do.
const FIRST: Duration = Duration::from_secs(60);
/// From one run to the next.
const EVERY: Duration = Duration::from_secs(3_600);
/// So many links of one organization at most are removed in one run.
const RUN_MAX: u64 = 100_000;
/// Between two batches, so that others get at the store.
const BREATH: Duration = Duration::from_millis(20);

/// What removes old links, in one server.
pub struct Retention {
    store: Arc<dyn AuditStore>,
    key: Arc<TrailKey>,
    clock: Clock,
    me: Uuid,
    keep: i64,
}

impl Retention {
    /// One that keeps links for so long. `me` is who the server's sequencer is, for they lead together.
    pub fn new(
        store: Arc<dyn AuditStore>,
        key: Arc<TrailKey>,
        clock: Clock,
        me: Uuid,
        keep: Duration,
    ) -> Self {
        Self { store, key, clock, me, keep: i64::try_from(keep.as_millis()).unwrap_or(i64::MAX) }
    }

    /// Goes on until `stop` is true. It may be dropped at any point.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pause = FIRST;
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = sleep(pause) => {}
            }
            let swept = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                swept = self.sweep() => swept,
            };
            if let Err(error) = swept {
                tracing::warn!(%error, "old links of the audit trail stay until the next run");
            }
            pause = EVERY;
        }
    }

    /// Goes over all organizations once.
    ///
    /// # Errors
    /// The store's.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let mut organizations = Organizations::new(None);
        loop {
            let page = organizations.next(&*self.store).await?;
            if page.is_empty() {
                return Ok(());
            }
            for organization in page {
                match self.prune(organization).await {
                    Err(error @ StoreError::Unavailable(_)) => return Err(error),
                    Err(error) => {
                        tracing::error!(%error, %organization, "nothing of an audit trail is removed")
                    }
                    Ok(()) => {}
                }
            }
        }
    }

    async fn prune(&self, organization: OrganizationId) -> Result<(), StoreError> {
        let now = (self.clock)();
        let cut = Timestamp(now.0.saturating_sub(self.keep));
        // What an earlier run has left.
        self.remove(organization).await?;
        let checkpoint = self.store.checkpoint(organization).await?;
        let Some((proof, count)) = self.prove(organization, checkpoint, cut).await? else { return Ok(()) };
        // A link that still waits in the outbox too must not be forgotten: it would be appended once more.
        let waits = self.store.oldest_waiting().await?.is_some_and(|oldest| oldest < cut);
        if waits || !self.store.lead_trail(organization, self.me, now, now.plus(LEASE)).await? {
            return Ok(());
        }
        // Another server may have done it while this one was proving.
        if self.store.checkpoint(organization).await? != checkpoint {
            return Ok(());
        }
        let last = proof.head();
        let entry = entry(now, last.number, count);
        self.store.keep_entries(vec![Recorded { organization, entry }]).await?;
        self.store.set_checkpoint(organization, self.key.checkpoint(organization, last)).await?;
        self.remove(organization).await?;
        tracing::info!(%organization, number = last.number, links = count, "old links of an audit trail are removed");
        Ok(())
    }

    /// The chain, proven up to the last link that was sealed before `cut`, and how many links that are; none where
    /// there is no such link, or the chain cannot be proven.
    async fn prove(
        &self,
        organization: OrganizationId,
        checkpoint: Option<Checkpoint>,
        cut: Timestamp,
    ) -> Result<Option<(Proof<'_>, u64)>, StoreError> {
        let mut proof = match Proof::begin(&self.key, organization, checkpoint.as_ref()) {
            Ok(proof) => proof,
            Err(wrong) => {
                tracing::error!(%organization, %wrong, "{UNPROVEN}");
                return Ok(None);
            }
        };
        let (mut count, mut size) = (0, 1);
        while count < RUN_MAX {
            let page = self.store.links_after(organization, proof.head().number, size).await?;
            let old = page.iter().take_while(|link| link.sealed_at < cut);
            let mut met = 0;
            for link in old {
                if let Err(wrong) = proof.follow(link) {
                    tracing::error!(%organization, number = link.number, %wrong, "{UNPROVEN}");
                    return Ok(None);
                }
                met += 1;
            }
            count += met;
            if met < u64::try_from(size).unwrap_or(u64::MAX) {
                break;
            }
            size = LINKS;
            sleep(BREATH).await;
        }
        Ok((count > 0).then_some((proof, count)))
    }

    async fn remove(&self, organization: OrganizationId) -> Result<(), StoreError> {
        while self.store.prune_links(organization, LINKS).await? > 0 {
            sleep(BREATH).await;
        }
        Ok(())
    }
}

const UNPROVEN: &str = "an audit trail cannot be proven, so none of its old links is removed: `holdergraph audit verify` says more";

/// How far is told as `checkpoint.<number>`, where other entries name fields.
fn entry(now: Timestamp, last: u64, count: u64) -> AuditEntry {
    let call = Call::of_service(SUBJECT, Duration::from_secs(5));
    AuditEntry {
        kind: EntryKind::Upkeep,
        record_count: count,
        fields: vec![format!("checkpoint.{last}")],
        ..AuditEntry::of_call(&call, now, OPERATION)
    }
}
