//! The type AuditEntry.

use super::cost::{RECORD, RECORDS_USUAL, cost, list_size};
use super::scalars::DateTimeScalar;
use crate::registry::TrailEntry;
use crate::registry::ports::audit::{
    Actor, AuditedRecord as DomainRecord, EntryKind, EntryOutcome, TrailMac,
};
use async_graphql::{Enum, ID, Object, SimpleObject};
use std::sync::Arc;

/// What kind of caller acted: a person and an application may have the same subject.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AuditActor", remote = "Actor")]
pub(super) enum AuditActor {
    /// A person, by owner and sub.
    Person,
    /// An application, by its own id.
    Application,
    /// Somebody at the command line: `operator/` and the name that was given.
    Operator,
    /// The service itself: `system/` and what of it.
    System,
    /// Nobody said who: authorisation was off.
    Anonymous,
}

/// What kind of thing happened.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AuditEntryKind", remote = "EntryKind")]
pub(super) enum AuditEntryKind {
    /// A mutation, also one that found nothing to change.
    Change,
    /// A record was removed for good.
    Purge,
    /// Personal data was answered in clear.
    Read,
    /// Somebody known was refused.
    Refusal,
    /// An operator or the service itself did something to the store: keys, imports, the trail's own retention.
    Upkeep,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AuditOutcome", remote = "EntryOutcome")]
pub(super) enum AuditOutcome {
    /// It was done.
    Done,
    /// It was a repeat of what had been done before, and was told the first outcome.
    Repeated,
    /// It was refused; `codes` says why.
    Refused,
    /// It failed for no fault of the caller's; `codes` says how.
    Failed,
}

/// Which type a record is of.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AuditedRecordType")]
pub(super) enum AuditedRecordType {
    /// A holder.
    Holder,
    /// An alias account.
    AliasAccount,
}

/// A record that an entry tells of. It may have been removed since.
#[derive(SimpleObject)]
pub(super) struct AuditedRecord {
    /// Its id.
    id: ID,
    /// Its type.
    #[graphql(name = "type")]
    record_type: AuditedRecordType,
}

impl From<&DomainRecord> for AuditedRecord {
    fn from(record: &DomainRecord) -> Self {
        let record_type = match record {
            DomainRecord::Holder(_) => AuditedRecordType::Holder,
            DomainRecord::AliasAccount(_) => AuditedRecordType::AliasAccount,
        };
        Self { id: ID(record.id().to_string()), record_type }
    }
}

/// An entry of the audit trail.
#[derive(Clone)]
pub(super) struct AuditEntryObject(pub(super) Arc<TrailEntry>);

/// One entry of the audit trail: who did what to which records, and never a value of one.
#[Object(name = "AuditEntry", directive = cost::apply(RECORD.to_owned()))]
impl AuditEntryObject {
    /// Its own id. `node` does not find it.
    async fn id(&self) -> ID {
        ID(self.0.entry.id.to_string())
    }

    /// Its number in the organization's chain, from 1 without a gap; in digits, since a chain may outgrow an Int.
    async fn number(&self) -> String {
        self.0.number.to_string()
    }

    /// When it happened.
    async fn at(&self) -> DateTimeScalar {
        DateTimeScalar(self.0.entry.at)
    }

    /// When it was sealed into the chain, mostly within a second.
    async fn sealed_at(&self) -> DateTimeScalar {
        DateTimeScalar(self.0.sealed_at)
    }

    /// What kind of caller it was.
    async fn actor(&self) -> AuditActor {
        self.0.entry.actor.into()
    }

    /// Who it was: a person's owner and sub, an application's own id, `operator/…`, `system/…` or `anonymous`.
    async fn subject(&self) -> &str {
        &self.0.entry.subject
    }

    /// What kind of thing happened.
    async fn kind(&self) -> AuditEntryKind {
        self.0.entry.kind.into()
    }

    /// What was done: a mutation by its name; of a query its root fields, in alphabetical order with commas; of a command its words with dots.
    async fn operation(&self) -> &str {
        &self.0.entry.operation
    }

    /// The records, at most 100 of them.
    #[graphql(directive = list_size::apply(Some(RECORDS_USUAL), None, None, None))]
    async fn records(&self) -> Vec<AuditedRecord> {
        self.0.entry.records.iter().map(AuditedRecord::from).collect()
    }

    /// How many records there were in all.
    async fn record_count(&self) -> i32 {
        i32::try_from(self.0.entry.record_count).unwrap_or(i32::MAX)
    }

    /// The fields that were given, or answered in clear, by their names; never their values.
    async fn fields(&self) -> &[String] {
        &self.0.entry.fields
    }

    /// How it ended.
    async fn outcome(&self) -> AuditOutcome {
        self.0.entry.outcome.into()
    }

    /// Codes of userErrors or errors; none where all was done.
    async fn codes(&self) -> &[String] {
        &self.0.entry.codes
    }

    /// The request that it came with: the one of its `X-Request-Id`.
    async fn request_id(&self) -> &str {
        &self.0.entry.request_id
    }

    /// Where the connection came from; null where it came from no client.
    async fn client_address(&self) -> Option<String> {
        self.0.entry.client_address.map(|address| address.to_string())
    }

    /// What seals the link to all before it, in hexadecimal digits. It is answered as it is stored and proves nothing by itself: `holdergraph audit verify` checks it.
    async fn hmac(&self) -> String {
        let TrailMac(mac) = self.0.mac;
        hex::encode(mac)
    }
}
