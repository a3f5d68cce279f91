//! Who did what to which record in a time, counted: for access reviews.

use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, AuditedRecord, EntryKind, EntryOutcome, TrailLink};
use std::collections::{BTreeMap, BTreeSet};

/// So many pairs of a subject and a record are counted at most.
pub const ROWS_MAX: usize = 100_000;

/// Why there is no report.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// There are more pairs than anybody reads.
    #[error(
        "there are more than {ROWS_MAX} pairs of a subject and a record: ask for a shorter time, or name an \
         --organization, a --subject or a --record"
    )]
    TooMany,
    /// A link cannot be read.
    #[error("link {1} of organization {0} cannot be read: `holdergraph audit verify` says more")]
    Unreadable(OrganizationId, u64),
}

/// By what the rows are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All of a subject, one record after the other.
    Subject,
    /// All of a record, one subject after the other.
    Record,
}

/// One subject and one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The tenant.
    pub organization: OrganizationId,
    /// Who.
    pub subject: String,
    /// Which record; none for what told of no record, or of more records than an entry names.
    pub record: Option<AuditedRecord>,
    /// How often, and when.
    pub counts: Counts,
}

/// What one subject did to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Answers with personal data in clear.
    pub reads: u64,
    /// Mutations that were done, or repeated.
    pub changes: u64,
    /// What was refused, or failed.
    pub refused: u64,
    /// Records that were counted and not named, in the row without a record.
    pub unnamed: u64,
    /// Fields, by their names.
    pub fields: BTreeSet<String>,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
}

type Key = (OrganizationId, String, Option<AuditedRecord>);

/// A report under way.
#[derive(Debug, Default)]
pub struct Report {
    only: Option<uuid::Uuid>,
    counted: BTreeMap<Key, Counts>,
}

impl Report {
    /// Of all records, or of this one alone.
    pub fn of(only: Option<uuid::Uuid>) -> Self {
        Self { only, counted: BTreeMap::new() }
    }

    /// Counts a link.
    ///
    /// # Errors
    /// There are too many pairs, or it cannot be read.
    pub fn count(&mut self, organization: OrganizationId, link: &TrailLink) -> Result<(), ReportError> {
        let entry: AuditEntry = serde_json::from_str(&link.entry)
            .map_err(|_| ReportError::Unreadable(organization, link.number))?;
        let wanted = |record: &&AuditedRecord| self.only.is_none_or(|only| record.id() == only);
        let named: BTreeSet<AuditedRecord> = entry.records.iter().filter(wanted).copied().collect();
        for record in named {
            self.add(organization, &entry, Some(record), 0)?;
        }
        let unnamed = entry.record_count.saturating_sub(entry.records.len() as u64);
        if self.only.is_none() && (entry.records.is_empty() || unnamed > 0) {
            let unnamed = if entry.kind == EntryKind::Upkeep { 0 } else { unnamed };
            self.add(organization, &entry, None, unnamed)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        organization: OrganizationId,
        entry: &AuditEntry,
        record: Option<AuditedRecord>,
        unnamed: u64,
    ) -> Result<(), ReportError> {
        let key = (organization, entry.subject.clone(), record);
        if self.counted.len() >= ROWS_MAX && !self.counted.contains_key(&key) {
            return Err(ReportError::TooMany);
        }
        let counts = self.counted.entry(key).or_insert_with(|| Counts::at(entry.at));
        match (entry.outcome, entry.kind) {
            (EntryOutcome::Refused | EntryOutcome::Failed, _) | (_, EntryKind::Refusal) => {
                counts.refused += 1
            }
            (_, EntryKind::Read) => counts.reads += 1,
            (_, EntryKind::Change | EntryKind::Purge | EntryKind::Upkeep) => counts.changes += 1,
        }
        counts.unnamed = counts.unnamed.saturating_add(unnamed);
        counts.fields.extend(entry.fields.iter().cloned());
        counts.first = counts.first.min(entry.at);
        counts.last = counts.last.max(entry.at);
        Ok(())
    }

    /// What was counted, in the order that is asked for.
    pub fn rows(self, by: By) -> Vec<Row> {
        let row = |((organization, subject, record), counts)| Row { organization, subject, record, counts };
        let mut rows: Vec<Row> = self.counted.into_iter().map(row).collect();
        if by == By::Record {
            rows.sort_by(|a, b| {
                (a.organization, a.record, &a.subject).cmp(&(b.organization, b.record, &b.subject))
            });
        }
        rows
    }
}

impl Counts {
    fn at(at: Timestamp) -> Self {
        let (reads, changes, refused, unnamed) = (0, 0, 0, 0);
        Self { reads, changes, refused, unnamed, fields: BTreeSet::new(), first: at, last: at }
    }
}
