//! What an entry of the audit trail says.

use super::super::call::{Asked, Call, Identity};
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::target::DeletionMode;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use uuid::{Builder, Uuid};

/// Most ids that one entry names; it counts the rest.
pub const NAMED_MAX: usize = 100;

/// What kind of caller acted: the same text may be a person's name and an application's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person, by `<owner>/<sub>`.
    Person,
    /// An application, by its own id.
    #[default]
    Application,
    /// Somebody at the command line, `operator/<--as>`.
    Operator,
    /// This service itself, `system/<what>`.
    System,
    /// Nobody said who: authorisation is off.
    Anonymous,
}

impl Actor {
    /// The kind of caller that this is.
    pub fn of(identity: &Identity) -> Self {
        match identity.asked_as {
            _ if identity.subject.starts_with("operator/") => Self::Operator,
            _ if identity.subject.starts_with("system/") => Self::System,
            Asked::Person(_) => Self::Person,
            Asked::Application if identity.token.is_none() => Self::Anonymous,
            Asked::Application => Self::Application,
        }
    }
}

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A mutation: creating, changing, linking, deleting softly, restoring; also one that found nothing to change.
    #[default]
    Change,
    /// A record was removed for good.
    Purge,
    /// Personal data was answered in clear.
    Read,
    /// A known subject was refused.
    Refusal,
    /// An operator or the service itself did something to the store: keys, imports, the trail's own retention.
    Upkeep,
}

impl EntryKind {
    /// Erasing is told apart from archiving.
    pub fn deleting(mode: DeletionMode) -> Self {
        match mode {
            DeletionMode::Soft => Self::Change,
            DeletionMode::Hard => Self::Purge,
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryOutcome {
    /// It was done.
    #[default]
    Done,
    /// It was a repeat of what had been done before, and was told the first outcome.
    Repeated,
    /// It was refused; the codes say why.
    Refused,
    /// It failed for no fault of the caller's; the codes say how.
    Failed,
}

/// A record that an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", content = "id")]
pub enum AuditedRecord {
    /// A holder.
    Holder(HolderId),
    /// An alias account.
    AliasAccount(AliasAccountId),
}

impl AuditedRecord {
    /// Its id, whatever it is.
    pub fn id(self) -> Uuid {
        match self {
            Self::Holder(id) => id.0,
            Self::AliasAccount(id) => id.0,
        }
    }
}

/// One entry of the audit trail. It names records and fields, and never a value of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its own id: an entry that is carried by several records, or moved twice, stands in the trail once.
    #[serde(default)]
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What kind of caller.
    #[serde(default)]
    pub actor: Actor,
    /// Who: a person's owner/sub, or the application's own id.
    pub subject: String,
    /// What kind of thing.
    #[serde(default)]
    pub kind: EntryKind,
    /// The mutation by its name in the schema; of a query its root fields, in alphabetical order, with commas between
    /// them; of an operator's command its words with dots between them, as in `audit.retention`.
    pub operation: String,
    /// The records, in no order that matters; of more than [`NAMED_MAX`] the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<AuditedRecord>,
    /// How many records there were.
    #[serde(default)]
    pub record_count: u64,
    /// The fields that were given, or answered in clear, by their names in the schema, in alphabetical order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// How it ended.
    #[serde(default)]
    pub outcome: EntryOutcome,
    /// Codes of userErrors or errors, in alphabetical order; none where all was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// The request that it came with. Earlier releases wrote its name in snake case.
    #[serde(alias = "request_id")]
    pub request_id: String,
    /// Where the connection came from; `None` where it came from no client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_address: Option<IpAddr>,
}

impl AuditEntry {
    /// A change that was done with this call, which names no record and no field yet.
    pub fn of_call(call: &Call, at: Timestamp, operation: &str) -> Self {
        Self {
            id: Uuid::now_v7(),
            at,
            actor: Actor::of(&call.identity),
            subject: call.identity.subject.clone(),
            kind: EntryKind::Change,
            operation: operation.to_owned(),
            records: Vec::new(),
            record_count: 0,
            fields: Vec::new(),
            outcome: EntryOutcome::Done,
            codes: Vec::new(),
            request_id: call.request_id.clone(),
            client_address: call.client_address,
        }
    }

    /// The same, of these records; those beyond [`NAMED_MAX`] are counted only.
    #[must_use]
    pub fn about(mut self, records: impl IntoIterator<Item = AuditedRecord>) -> Self {
        for record in records {
            self.record_count += 1;
            if self.records.len() < NAMED_MAX {
                self.records.push(record);
            }
        }
        self
    }

    /// What is told of a record that was removed: the same where it is named, or where not all are. A record that went
    /// with those that are named gets an entry of its own, about it alone, whose id is always the same.
    #[must_use]
    pub fn told_of(mut self, removed: AuditedRecord) -> Self {
        let is_whole = self.record_count > 0 && self.record_count == self.records.len() as u64;
        if is_whole && self.records.iter().all(|named| named.id() != removed.id()) {
            self.id = derived_id(&[self.id.as_bytes(), removed.id().as_bytes()]);
            self.records = vec![removed];
            self.record_count = 1;
        }
        self
    }
}

/// An id that is always the same for the same parts.
pub fn derived_id(parts: &[&[u8]]) -> Uuid {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    let mut id = [0; 16];
    id.iter_mut().zip(digest.finalize()).for_each(|(byte, other)| *byte = other);
    Builder::from_custom_bytes(id).into_uuid()
}

/// An entry and whose trail it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The tenant.
    pub organization: OrganizationId,
    /// What the trail shall say.
    pub entry: AuditEntry,
}
