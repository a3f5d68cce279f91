//! The chain of an organization: its links, its end and beginning, and how links are asked for.

use super::entry::AuditEntry;
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use uuid::Uuid;

/// HMAC-SHA256 of a link or checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TrailMac(pub [u8; 32]);
redacted!(TrailMac);

/// One link of an organization's chain.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailLink {
    /// From 1, without a gap.
    pub number: u64,
    /// Over the HMAC before and this link.
    pub mac: TrailMac,
    /// When it was appended; never before the link before, nor before its entry.
    pub sealed_at: Timestamp,
    /// The entry exactly as the HMAC covers it: JSON of an [`AuditEntry`].
    pub entry: String,
    /// What links are found by; copied from the entry and worth nothing as a proof.
    pub found_by: FoundBy,
}

/// What links are found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    /// The entry's id; no two links of an organization have the same.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// Who.
    pub subject: String,
    /// What.
    pub operation: String,
    /// Which records.
    pub records: Vec<Uuid>,
}

impl FoundBy {
    /// What an entry is found by.
    pub fn of(entry: &AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            subject: entry.subject.clone(),
            operation: entry.operation.clone(),
            records: entry.records.iter().map(|record| record.id()).collect(),
        }
    }
}

/// The last link of a chain; number 0 where there is none, with an HMAC of zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailHead {
    /// Its number.
    pub number: u64,
    /// Its HMAC.
    pub mac: TrailMac,
    /// When it was appended; 0 where there is none.
    pub sealed_at: Timestamp,
}

impl TrailHead {
    /// Of a chain without links.
    pub const NONE: Self = Self { number: 0, mac: TrailMac([0; 32]), sealed_at: Timestamp(0) };
}

/// Where a chain begins whose older links were removed: as if this link were the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last link that may be missing.
    pub last: TrailHead,
    /// Over the organization and `last`, so that only who has the audit key can move it.
    pub proof: TrailMac,
}

/// Which links are asked for; all of them must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Of this subject.
    pub subject: Option<String>,
    /// Of this record.
    pub record: Option<Uuid>,
    /// Of this operation.
    pub operation: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// A place in a list of links: by when it happened, then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailPlace {
    /// When it happened.
    pub at: Timestamp,
    /// The link's number.
    pub number: u64,
}

/// Links of one list, and whether there are more behind them.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailPage {
    /// In the order that was asked for.
    pub links: Vec<TrailLink>,
    /// Where to go on, where there may be more: behind the last one that was looked at, which need not be among them.
    pub next: Option<TrailPlace>,
}

/// Most entries that a store looks at for one page.
pub const TRAIL_LOOK_MAX: usize = 10_000;
