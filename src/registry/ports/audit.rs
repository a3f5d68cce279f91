//! The audit trail: what an entry says, and what a store has to do for it.
//!
//! An entry waits in an outbox that is written with the change that it tells of. A sequencer moves waiting entries, one
//! organization at a time, into that organization's chain: numbered links from 1, each with an HMAC over the one before.

use super::call::{Asked, Call, Identity};
use super::store::StoreError;
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::redacted;
use crate::domain::target::DeletionMode;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::net::IpAddr;
use uuid::Uuid;

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
}

/// An entry and whose trail it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The tenant.
    pub organization: OrganizationId,
    /// What the trail shall say.
    pub entry: AuditEntry,
}

/// Where an entry waits; only the store that made it understands it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WaitingPlace(pub Vec<u8>);

/// An entry that was not moved to the trail yet.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingEntry {
    /// Where it waits.
    pub place: WaitingPlace,
    /// What it says. The store has given an id to one of an earlier release that has none, always the same.
    pub entry: AuditEntry,
}

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

/// Where the audit trail lives. All calls are safe to make from many tasks and processes at once.
#[async_trait]
pub trait AuditStore: Send + Sync + 'static {
    /// Keeps entries that tell of no change of a record, until they are moved to the trail. They are durable when it
    /// is answered. The same call made again may keep them twice: the trail holds each id once.
    async fn keep_entries(&self, entries: Vec<Recorded>) -> Result<(), StoreError>;

    /// Some of the organizations that have entries waiting, those first that have waited longest as far as the store
    /// can tell cheaply.
    async fn organizations_waiting(&self, most: usize) -> Result<Vec<OrganizationId>, StoreError>;

    /// When the entry happened that has waited longest of all, over all organizations.
    async fn oldest_waiting(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Some entries that wait, the oldest first as far as the store can tell cheaply. An entry whose change is not
    /// committed yet is not among them.
    async fn waiting_entries(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<Vec<WaitingEntry>, StoreError>;

    /// Removes entries from where they wait. What is gone already is no fault. It touches neither version nor revision
    /// of a record.
    async fn settle_entries(
        &self,
        organization: OrganizationId,
        places: Vec<WaitingPlace>,
    ) -> Result<(), StoreError>;

    /// Takes or renews the right to append to a chain until `until`; false while another one has it. It spares work and
    /// proves nothing: [`Self::append_links`] is what refuses a second one.
    async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The last link, or the checkpoint where no link is left, or [`TrailHead::NONE`].
    async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError>;

    /// Those of these entries' ids that are in the trail.
    async fn chained(&self, organization: OrganizationId, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError>;

    /// Appends links in their order, durably; false where somebody else has appended meanwhile (a link has a number or
    /// an entry that is there already): then a beginning of them, or nothing, was appended.
    async fn append_links(
        &self,
        organization: OrganizationId,
        links: Vec<TrailLink>,
    ) -> Result<bool, StoreError>;

    /// All organizations that have a chain or entries waiting, in order of their ids, behind this one.
    async fn audited_organizations(
        &self,
        after: Option<OrganizationId>,
        most: usize,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Links with larger numbers than this, in order of their numbers.
    async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError>;

    /// One page of the links that a filter lets through, behind a place, by when they happened: the newest first where
    /// `newest_first`. It looks at no more than [`TRAIL_LOOK_MAX`] entries.
    async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError>;

    /// Where the chain begins, where older links were removed.
    async fn checkpoint(&self, organization: OrganizationId) -> Result<Option<Checkpoint>, StoreError>;

    /// Moves the beginning of a chain. One with a smaller number than the present one's changes nothing.
    async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError>;

    /// Removes some of the links up to the checkpoint, the oldest first; how many it removed.
    async fn prune_links(&self, organization: OrganizationId, most: usize) -> Result<u64, StoreError>;
}

/// What the use cases and the endpoint tell the audit trail beside changes of records: refusals, reads, repeats, and
/// mutations that found nothing to change.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Takes entries, to be stored within a second. An error means that they were not taken: then what they tell of must
    /// not be answered.
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError>;
}
