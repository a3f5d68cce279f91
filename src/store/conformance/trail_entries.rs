//! Entries and links for the cases of the audit trail. Their HMACs are made up, for a store knows nothing of keys.

use super::records::{NOW, audit};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{
    AuditEntry, AuditStore, AuditedRecord, Checkpoint, FoundBy, Recorded, TrailHead, TrailLink, TrailMac,
    WaitingEntry,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// As many as there may be in any case.
pub(crate) const ALL: usize = 100_000;

/// An entry so many milliseconds after [`NOW`], of a record of its own.
pub(crate) fn entry(milliseconds: i64) -> AuditEntry {
    let of = AuditedRecord::Holder(HolderId(Uuid::now_v7()));
    AuditEntry { at: NOW.plus(milliseconds), ..audit("holders") }.about([of])
}

/// The same entries, to be kept for an organization.
pub(crate) fn of(organization: OrganizationId, entries: &[AuditEntry]) -> Vec<Recorded> {
    entries.iter().cloned().map(|entry| Recorded { organization, entry }).collect()
}

/// The link with this number that an entry becomes.
pub(crate) fn link(number: u64, entry: &AuditEntry) -> TrailLink {
    TrailLink {
        number,
        mac: mac(number),
        sealed_at: entry.at.plus(1_000),
        entry: serde_json::to_string(entry).unwrap(),
        found_by: FoundBy::of(entry),
    }
}

fn mac(number: u64) -> TrailMac {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    TrailMac(bytes)
}

/// Links of these entries, the first with this number.
pub(crate) fn links(first: u64, entries: &[AuditEntry]) -> Vec<TrailLink> {
    (first..).zip(entries).map(|(number, entry)| link(number, entry)).collect()
}

/// A chain of so many links, a millisecond apart.
pub(crate) async fn chain(
    trail: &dyn AuditStore,
    organization: OrganizationId,
    count: u64,
) -> Vec<TrailLink> {
    let entries: Vec<_> = (1..=i64::try_from(count).unwrap()).map(entry).collect();
    let links = links(1, &entries);
    assert!(trail.append_links(organization, links.clone()).await.unwrap());
    links
}

/// The head of a chain that ends with this link.
pub(crate) fn head(last: &TrailLink) -> TrailHead {
    TrailHead { number: last.number, mac: last.mac, sealed_at: last.sealed_at }
}

/// A checkpoint at this link.
pub(crate) fn checkpoint(last: &TrailLink) -> Checkpoint {
    Checkpoint { last: head(last), proof: mac(last.number + 1_000_000) }
}

/// All that waits of an organization.
pub(crate) async fn waiting(trail: &dyn AuditStore, organization: OrganizationId) -> Vec<WaitingEntry> {
    trail.waiting_entries(organization, ALL).await.unwrap()
}

/// The ids of all entries that wait of an organization.
pub(crate) async fn waiting_ids(trail: &dyn AuditStore, organization: OrganizationId) -> BTreeSet<Uuid> {
    waiting(trail, organization).await.into_iter().map(|waiting| waiting.entry.id).collect()
}

/// The ids of entries.
pub(crate) fn ids<'a>(entries: impl IntoIterator<Item = &'a AuditEntry>) -> BTreeSet<Uuid> {
    entries.into_iter().map(|entry| entry.id).collect()
}

/// Settles all that waits of an organization.
pub(crate) async fn settle_all(trail: &dyn AuditStore, organization: OrganizationId) {
    let places = waiting(trail, organization).await.into_iter().map(|waiting| waiting.place).collect();
    trail.settle_entries(organization, places).await.unwrap();
    assert_eq!(waiting(trail, organization).await, []);
}

/// The numbers of links.
pub(crate) fn numbers(links: &[TrailLink]) -> Vec<u64> {
    links.iter().map(|link| link.number).collect()
}

/// A moment so many milliseconds after [`NOW`].
pub(crate) fn moment(milliseconds: i64) -> Timestamp {
    NOW.plus(milliseconds)
}
