//! A holder: the person or company that owns ledger accounts.

use super::ids::{HolderId, OrganizationId};
use super::metadata::Metadata;
use super::patch::personal_lines;
use super::redacted;
use super::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// What kind of holder this is; it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HolderType {
    /// A human being.
    NaturalPerson,
    /// A company or another organisation.
    LegalPerson,
}

impl HolderType {
    /// The name as the API and the stores write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NaturalPerson => "NATURAL_PERSON",
            Self::LegalPerson => "LEGAL_PERSON",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::NaturalPerson, Self::LegalPerson].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The part of a holder that is kept in clear.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// Its id, a UUIDv7 of ours.
    pub id: HolderId,
    /// The tenant that it belongs to.
    pub organization: OrganizationId,
    /// Natural or legal person.
    pub holder_type: HolderType,
    /// The caller's own name for it.
    pub external_id: Option<String>,
    /// The caller's own entries, never personal data.
    pub metadata: Metadata,
    /// When it was created.
    pub created_at: Timestamp,
    /// When a client last changed it.
    pub updated_at: Timestamp,
    /// When it was soft-deleted; `None` while it is live.
    pub deleted_at: Option<Timestamp>,
}

/// The part of a holder that is kept sealed: all of it is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HolderPersonal {
    /// Full name, or the company's.
    pub name: String,
    /// CPF, CNPJ, passport number, …, as it was written.
    pub document: String,
    /// Up to three addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Addresses>,
    /// How to reach the holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// What is known of a human being.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natural_person: Option<NaturalPerson>,
    /// What is known of a company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_person: Option<LegalPerson>,
}

personal_lines! {
    /// The addresses of a holder.
    Addresses, AddressesPatch {
        /// The main one.
        primary: Address,
        /// A second one.
        additional1: Address,
        /// A third one.
        additional2: Address,
    }
}
personal_lines! {
    /// One postal address.
    Address, AddressPatch {
        /// Street and number.
        line1: String,
        /// Flat, floor, building.
        line2: String,
        /// Postal code.
        zip_code: String,
        /// City.
        city: String,
        /// State or region.
        state: String,
        /// ISO 3166-1 alpha-2.
        country: String,
        /// What this address is for.
        description: String,
    }
}
personal_lines! {
    /// E-mail addresses and telephone numbers.
    Contact, ContactPatch {
        /// First e-mail address.
        primary_email: String,
        /// Second e-mail address.
        secondary_email: String,
        /// Mobile telephone.
        mobile_phone: String,
        /// Another telephone.
        other_phone: String,
    }
}
personal_lines! {
    /// Details of a human being.
    NaturalPerson, NaturalPersonPatch {
        /// The name that the person likes to be called by.
        favorite_name: String,
        /// Social name.
        social_name: String,
        /// Gender, in the caller's words.
        gender: String,
        /// Day of birth.
        birth_date: Date,
        /// Civil status, in the caller's words.
        civil_status: String,
        /// Nationality, in the caller's words.
        nationality: String,
        /// The mother's name.
        mother_name: String,
        /// The father's name.
        father_name: String,
        /// Status, in the caller's words.
        status: String,
    }
}
personal_lines! {
    /// Details of a company.
    LegalPerson, LegalPersonPatch {
        /// Trade name.
        trade_name: String,
        /// Line of business.
        activity: String,
        /// Legal form.
        kind: String,
        /// Day of foundation.
        founding_date: Date,
        /// Size, in the caller's words.
        size: String,
        /// Status, in the caller's words.
        status: String,
        /// Who acts for it.
        representative: Representative,
    }
}
personal_lines! {
    /// Who acts for a company.
    Representative, RepresentativePatch {
        /// Full name.
        name: String,
        /// Document, as written.
        document: String,
        /// E-mail address.
        email: String,
        /// Role, in the caller's words.
        role: String,
    }
}
redacted!(HolderPersonal);
