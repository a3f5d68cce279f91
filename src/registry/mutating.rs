//! One mutation under way, and what the audit trail is told of it, whatever becomes of it.
//!
//! The entry of a change is part of the same write as the change. What changes nothing (a refusal, a repeat, a mutation
//! that finds all as it was asked for, a failure) is told by itself, before it is answered.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::ports::audit::{AuditEntry, AuditedRecord, EntryKind, EntryOutcome};
use super::ports::operation::Outcome;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

/// What a mutation was given: names of fields and ids of records, never a value.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The fields of its input by their paths in the schema, in alphabetical order.
    pub fields: Vec<String>,
    /// The records that it names by their ids, whether or not there are such.
    pub named: Vec<AuditedRecord>,
}

/// One mutation of a caller.
pub struct Mutating<'a> {
    caller: &'a Caller,
    given: Given,
    ending: Mutex<Ending>,
}

/// What has become of a mutation until now.
#[derive(Clone, Default)]
enum Ending {
    /// Nothing is committed.
    #[default]
    Open,
    /// A change is, and its entry with it.
    Changed,
    /// All of these were as it asked for.
    Unchanged(Outcome),
    /// It is the repeat of a call that had this outcome.
    Repeated(Outcome),
}

impl Deref for Mutating<'_> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl<'a> Mutating<'a> {
    /// One that begins.
    pub fn new(caller: &'a Caller, given: Given) -> Self {
        Self { caller, given, ending: Mutex::default() }
    }

    /// A change is committed, and its entry with it.
    pub(super) fn has_changed(&self) {
        self.end(Ending::Changed);
    }

    /// It is committed that there was nothing to change.
    pub(super) fn has_not_changed(&self, outcome: &Outcome) {
        self.end(Ending::Unchanged(outcome.clone()));
    }

    /// It was found to be a repeat.
    pub(super) fn is_repeat(&self, outcome: &Outcome) {
        self.end(Ending::Repeated(outcome.clone()));
    }

    fn end(&self, ending: Ending) {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner) = ending;
    }

    fn ending(&self) -> Ending {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The records of an outcome.
pub(super) fn records(outcome: &Outcome) -> impl Iterator<Item = AuditedRecord> + '_ {
    let holder = outcome.holder.map(AuditedRecord::Holder);
    holder.into_iter().chain(outcome.alias_accounts.iter().copied().map(AuditedRecord::AliasAccount))
}

impl Registry {
    /// The entry of a change of these records, to be stored with it.
    pub(super) fn audit(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        records: impl IntoIterator<Item = AuditedRecord>,
    ) -> Vec<AuditEntry> {
        let entry = AuditEntry::of_call(&caller.call, self.mint.now(), mutation).about(records);
        vec![AuditEntry { fields: caller.given.fields.clone(), ..entry }]
    }

    /// The entry of a removal for good.
    pub(super) fn audit_purge(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        records: impl IntoIterator<Item = AuditedRecord>,
    ) -> Vec<AuditEntry> {
        let mut entries = self.audit(caller, mutation, records);
        entries.iter_mut().for_each(|entry| entry.kind = EntryKind::Purge);
        entries
    }

    /// The end of a mutation's work, once the trail has been told of it. Where the trail cannot be told, the caller is
    /// not told either.
    pub(super) async fn audited<T>(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        kind: EntryKind,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let end = work.await;
        let refusal = end.as_ref().err();
        let Some(entry) = self.entry_of_end(caller, mutation, kind, refusal) else { return end };
        if let Some(Refusal::Failure(failure)) = refusal
            && failure.is_outage()
        {
            // It tells of nothing but that something did not work, so it is answered in any case.
            drop(self.tell_trail_late(caller, vec![entry]).await);
            return end;
        }
        self.tell_trail_late(caller, vec![entry]).await?;
        end
    }

    /// What is left to tell of a mutation: nothing where it was told with its change, or where nobody knows who it was.
    fn entry_of_end(
        &self,
        caller: &Mutating<'_>,
        mutation: &str,
        kind: EntryKind,
        refusal: Option<&Refusal>,
    ) -> Option<AuditEntry> {
        let (outcome, about) = match (caller.ending(), refusal) {
            (Ending::Changed, _) => return None,
            (Ending::Repeated(outcome), _) => (EntryOutcome::Repeated, records(&outcome).collect()),
            (Ending::Unchanged(outcome), _) => (EntryOutcome::Done, records(&outcome).collect()),
            (Ending::Open, Some(Refusal::Failure(failure))) if failure.is_outage() => {
                (EntryOutcome::Failed, caller.given.named.clone())
            }
            (Ending::Open, Some(_)) => (EntryOutcome::Refused, caller.given.named.clone()),
            (Ending::Open, None) => (EntryOutcome::Done, caller.given.named.clone()),
        };
        if !caller.has_known_subject() {
            return None;
        }
        let entry = AuditEntry::of_call(&caller.call, self.mint.now(), mutation).about(about);
        let (kind, codes) = match outcome {
            EntryOutcome::Refused => (EntryKind::Refusal, refusal.map(codes).unwrap_or_default()),
            EntryOutcome::Failed => (kind, refusal.map(codes).unwrap_or_default()),
            EntryOutcome::Done | EntryOutcome::Repeated => (kind, Vec::new()),
        };
        Some(AuditEntry { kind, outcome, codes, fields: caller.given.fields.clone(), ..entry })
    }
}

/// The codes of a refusal, each once, in alphabetical order.
fn codes(refusal: &Refusal) -> Vec<String> {
    let mut codes: Vec<String> = match refusal {
        Refusal::Faults(faults) => faults.iter().map(|fault| fault.code.as_str().to_owned()).collect(),
        Refusal::Failure(failure) => vec![Failure::code(failure).to_owned()],
    };
    codes.sort_unstable();
    codes.dedup();
    codes
}
