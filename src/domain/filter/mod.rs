//! Filters (rule 13): several conditions hold together, and one that can be none is told, never passed over: a
//! forgotten value must not list everyone.

mod alias_account;
mod holder;
mod reading;

pub use alias_account::{AliasAccountFilter, RelatedPartyFilter};
pub use holder::HolderFilter;
pub use reading::{BadFilter, listed};

use super::alias_account::{LinkStatus, RelatedPartyRole};
use super::holder::HolderType;
use super::ids::{AccountId, HolderId, LedgerId};
use super::metadata::MetadataValue;
use super::normal::Normalised;
use super::redacted;
use super::state::State;
use super::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most entries of the metadata that one list asks for: each is looked up for every record that is walked.
pub const ENTRIES_MAX: usize = 10;
/// Most ids of one list.
pub const IDS_MAX: usize = 100;

/// From this moment on, and before that one; at least one of both is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TimeRange {
    /// This moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// One metadata entry that a record must have: exactly one of the three values is given.
#[derive(Clone)]
pub struct MetadataFilter {
    /// The entry's key.
    pub key: String,
    /// The entry is this text.
    pub string: Option<String>,
    /// The entry is this number, by value.
    pub number: Option<f64>,
    /// The entry is this boolean.
    pub boolean: Option<bool>,
}
redacted!(MetadataFilter);

/// One thing that must hold of a record.
#[derive(Clone, PartialEq, Serialize)]
pub enum Condition {
    /// The holder's type.
    Type(HolderType),
    /// The holder's external id, letter by letter.
    ExternalId(String),
    /// The holder's document, also of its alias accounts.
    Document(Normalised),
    /// An entry of the metadata.
    Metadata(String, MetadataValue),
    /// The alias account's holder.
    Holder(HolderId),
    /// The alias account's ledger.
    Ledger(LedgerId),
    /// The alias account's account in its ledger.
    Account(AccountId),
    /// The branch of the banking details, letter by letter.
    Branch(String),
    /// The number of the bank account.
    BankAccount(Normalised),
    /// The IBAN.
    Iban(Normalised),
    /// The participant's document.
    ParticipantDocument(Normalised),
    /// A related party with this document, whatever its role.
    Party(Normalised),
    /// A related party with this document in this role.
    PartyAs(RelatedPartyRole, Normalised),
    /// A related party in this role.
    PartyRole(RelatedPartyRole),
    /// What the last check against the ledger found.
    LinkStatus(LinkStatus),
}
redacted!(Condition);

impl Condition {
    /// Whether the value stands in records sealed only: then who asks for it may be guessing.
    pub fn is_sealed(&self) -> bool {
        match self {
            Self::Document(_)
            | Self::BankAccount(_)
            | Self::Iban(_)
            | Self::ParticipantDocument(_)
            | Self::Party(_)
            | Self::PartyAs(..) => true,
            Self::Type(_)
            | Self::ExternalId(_)
            | Self::Metadata(..)
            | Self::Holder(_)
            | Self::Ledger(_)
            | Self::Account(_)
            | Self::Branch(_)
            | Self::PartyRole(_)
            | Self::LinkStatus(_) => false,
        }
    }
}

/// A filter that has been read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Conditions {
    /// In which state records are.
    pub state: State,
    /// Only records with one of these ids.
    pub ids: Option<BTreeSet<Uuid>>,
    /// All of these.
    pub all: Vec<Condition>,
    /// When they were created.
    pub created: TimeRange,
}

#[cfg(test)]
mod tests;
