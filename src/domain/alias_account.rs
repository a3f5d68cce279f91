//! An alias account: the link from one holder to exactly one ledger account.

use super::holder::HolderType;
use super::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId, RelatedPartyId};
use super::metadata::Metadata;
use super::patch::personal_lines;
use super::redacted;
use super::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The part of an alias account that is kept in clear.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasAccount {
    /// Its id, a UUIDv7 of ours.
    pub id: AliasAccountId,
    /// The tenant that it belongs to.
    pub organization: OrganizationId,
    /// Whose account it is; never changes.
    pub holder_id: HolderId,
    /// The holder's type.
    pub holder_type: HolderType,
    /// The ledger; never changes.
    pub ledger_id: LedgerId,
    /// The account of that ledger; never changes.
    pub account_id: AccountId,
    /// Banking details without account and IBAN; `None` where none were given.
    pub banking: Option<BankingDetails>,
    /// The attached persons, in the order in which they were added.
    pub parties: Vec<RelatedParty>,
    /// What the last look at the ledger found.
    pub link: AccountLink,
    /// The caller's own entries, never personal data.
    pub metadata: Metadata,
    /// When it was created.
    pub created_at: Timestamp,
    /// When a client last changed it.
    pub updated_at: Timestamp,
    /// When it was soft-deleted; `None` while it is live.
    pub deleted_at: Option<Timestamp>,
}

/// Banking details in clear.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BankingDetails {
    /// Branch number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Kind of account, in the caller's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When the account was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_date: Option<Date>,
    /// When the account was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_date: Option<Date>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// The bank's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_id: Option<String>,
}

/// What a related party is to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelatedPartyRole {
    /// Owns the account first.
    PrimaryHolder,
    /// Acts for the owner by law.
    LegalRepresentative,
    /// Answers for the account.
    ResponsibleParty,
}

impl RelatedPartyRole {
    /// The name as the API and the tokens write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrimaryHolder => "PRIMARY_HOLDER",
            Self::LegalRepresentative => "LEGAL_REPRESENTATIVE",
            Self::ResponsibleParty => "RESPONSIBLE_PARTY",
        }
    }
}

/// The clear part of a related party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelatedParty {
    /// Its id, a UUIDv7 of ours.
    pub id: RelatedPartyId,
    /// What the person is to the account.
    pub role: RelatedPartyRole,
    /// First day.
    pub start_date: Date,
    /// Last day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
}

/// What the last check against the ledger found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkStatus {
    /// The ledger confirmed the account.
    Verified,
    /// The ledger or the account is not there, or deleted.
    NotFound,
    /// The account is blocked.
    Blocked,
    /// The account is external, or names another holder.
    Mismatch,
    /// The ledger was never asked (imported records).
    Unverified,
}

impl LinkStatus {
    /// The name as the API and the stores write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "VERIFIED",
            Self::NotFound => "NOT_FOUND",
            Self::Blocked => "BLOCKED",
            Self::Mismatch => "MISMATCH",
            Self::Unverified => "UNVERIFIED",
        }
    }

    /// Whether the ledger has said that the account may not be this holder's.
    pub fn is_broken(self) -> bool {
        match self {
            Self::NotFound | Self::Blocked | Self::Mismatch => true,
            Self::Verified | Self::Unverified => false,
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Verified, Self::NotFound, Self::Blocked, Self::Mismatch, Self::Unverified]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// The state of the link to the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountLink {
    /// What was found.
    pub status: LinkStatus,
    /// When; `None` where the ledger was never asked.
    pub checked_at: Option<Timestamp>,
    /// What a person should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The part of an alias account that is kept sealed: all of it is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AliasAccountPersonal {
    /// The holder's document, as written there (it never changes).
    pub document: String,
    /// Number of the bank account, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// IBAN, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Regulatory fields; `None` where none were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulatory: Option<RegulatoryFields>,
    /// Names and documents of the related parties.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parties: BTreeMap<RelatedPartyId, RelatedPartyPersonal>,
}

personal_lines! {
    /// Regulatory fields.
    RegulatoryFields, RegulatoryPatch {
        /// Document of the participant, as written.
        participant_document: String,
    }
}

/// The sealed part of a related party.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RelatedPartyPersonal {
    /// Full name.
    pub name: String,
    /// Document, as written.
    pub document: String,
}

redacted!(AliasAccountPersonal);
redacted!(RelatedPartyPersonal);
