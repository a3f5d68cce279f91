//! Telling the audit trail what no change of a record carries.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::audit::{AuditEntry, EntryKind, EntryOutcome, Recorded};
use super::revealed::Seen;
use crate::telemetry::metrics::AUDIT_REFUSED;
use std::time::Duration;
use tokio::time::Instant;

/// So long the trail may take where a mutation ends when its time is over.
const GRACE: Duration = Duration::from_secs(1);

/// What a request as a whole was answered, beside the ends of its mutations, which are told by themselves.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// What was asked for: the root fields, in alphabetical order, with commas between them.
    pub operations: Vec<String>,
    /// Whether anything was answered but errors.
    pub has_data: bool,
    /// Whether it was asked to change something: then its time may have been over before it ended.
    pub mutates: bool,
    /// Whether something was refused.
    pub is_refused: bool,
    /// The codes of its errors, each once, in alphabetical order.
    pub codes: Vec<String>,
}

impl Registry {
    /// Tells the trail which personal data an answer holds in clear, and what it refuses. It must not be given to the
    /// caller where this fails.
    pub async fn tell_of_answer(&self, caller: &Caller, answered: Answered) -> Result<(), Failure> {
        if !caller.has_known_subject() {
            return Ok(());
        }
        let (seen, answered_late) = (caller.revealed.seen(), answered.mutates);
        let entries = match () {
            () if answered.has_data && !seen.records.is_empty() => {
                vec![self.entry_of_read(caller, answered, seen)]
            }
            () if answered.is_refused => self.entries_of_refusal(caller, answered, &seen),
            () => return Ok(()),
        };
        match answered_late {
            true => self.tell_trail_late(caller, entries).await,
            false => self.tell_trail(caller, entries).await,
        }
    }

    fn entry_of_read(&self, caller: &Caller, answered: Answered, seen: Seen) -> AuditEntry {
        let operation = answered.operations.join(",");
        AuditEntry {
            kind: EntryKind::Read,
            codes: answered.codes,
            records: seen.records,
            record_count: seen.record_count,
            fields: seen.fields,
            ..AuditEntry::of_call(&caller.call, self.mint.now(), &operation)
        }
    }

    fn entries_of_refusal(&self, caller: &Caller, answered: Answered, seen: &Seen) -> Vec<AuditEntry> {
        let one = |operation: &String| AuditEntry {
            kind: EntryKind::Refusal,
            outcome: EntryOutcome::Refused,
            codes: answered.codes.clone(),
            ..AuditEntry::of_call(&caller.call, self.mint.now(), operation)
                .about(seen.withheld.iter().copied())
        };
        answered.operations.iter().map(one).collect()
    }

    /// Has these entries taken within the request's time. Whoever was to be told what they tell of must not be where
    /// they are not.
    async fn tell_trail(&self, caller: &Caller, entries: Vec<AuditEntry>) -> Result<(), Failure> {
        self.tell_trail_until(caller, entries, caller.call.deadline.into()).await
    }

    /// The same for mutations. As they are not broken off when the request's time is over, the trail has some of its own
    /// where they end late: else just what took too long would leave no trace.
    pub(super) async fn tell_trail_late(
        &self,
        caller: &Caller,
        entries: Vec<AuditEntry>,
    ) -> Result<(), Failure> {
        let until = Instant::from(caller.call.deadline).max(Instant::now() + GRACE);
        self.tell_trail_until(caller, entries, until).await
    }

    async fn tell_trail_until(
        &self,
        caller: &Caller,
        entries: Vec<AuditEntry>,
        until: Instant,
    ) -> Result<(), Failure> {
        match tokio::time::timeout_at(until, self.audit.record(recorded(caller, entries))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(not_taken()),
        }
    }
}

fn recorded(caller: &Caller, entries: Vec<AuditEntry>) -> Vec<Recorded> {
    let organization = caller.organization;
    entries.into_iter().map(|entry| Recorded { organization, entry }).collect()
}

fn not_taken() -> Failure {
    metrics::counter!(AUDIT_REFUSED).increment(1);
    tracing::error!("the audit trail did not take an entry, so what it tells of is not answered");
    Failure::StoreUnavailable
}
