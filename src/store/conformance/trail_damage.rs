//! Stored parts of a trail that do not read as they were written. Each store has its own way to spoil them by hand, so
//! each has a test of its own between these two.

use super::records::organization;
use super::trail_entries::{ALL, chain, checkpoint, entry, of};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditStore, TrailFilter};
use crate::registry::ports::store::StoreError;

/// A trail with every part, which the test spoils then: a waiting entry, links and a checkpoint.
pub(crate) async fn to_be_spoiled(trail: &dyn AuditStore) -> OrganizationId {
    let organization = organization();
    let written = chain(trail, organization, 3).await;
    trail.set_checkpoint(organization, checkpoint(&written[0])).await.unwrap();
    trail.keep_entries(of(organization, &[entry(9)])).await.unwrap();
    organization
}

fn is_damage<T: std::fmt::Debug>(end: Result<T, StoreError>) {
    assert!(matches!(end, Err(StoreError::Damaged(_))), "{end:?}");
}

/// That a waiting entry which cannot be read is told as damage.
pub(crate) async fn waiting_is_damaged(trail: &dyn AuditStore, organization: OrganizationId) {
    is_damage(trail.waiting_entries(organization, ALL).await);
    is_damage(trail.oldest_waiting().await);
}

/// That links which cannot be read are told as damage.
pub(crate) async fn links_are_damaged(trail: &dyn AuditStore, organization: OrganizationId) {
    is_damage(trail.links_after(organization, 0, ALL).await);
    is_damage(trail.trail_head(organization).await);
    let all = TrailFilter::default();
    is_damage(trail.find_links(organization, &all, None, true, ALL).await);
}

/// That a checkpoint which cannot be read is told as damage.
pub(crate) async fn checkpoint_is_damaged(trail: &dyn AuditStore, organization: OrganizationId) {
    is_damage(trail.checkpoint(organization).await);
}
