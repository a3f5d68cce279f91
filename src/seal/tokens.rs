//! Blind-index tokens: what finds a value without showing it.

use super::keyring::Generation;
use crate::domain::alias_account::RelatedPartyRole;
use crate::domain::ids::OrganizationId;
use crate::domain::normal::{NORMALISER, Normalised};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// 128 bits of an HMAC: among 10^9 values the chance that two share a token is below 10^-20.
const TOKEN_BYTES: usize = 16;

/// A field whose values have tokens.
///
/// Holders and alias accounts share the tokens of [`Field::Document`]: an alias account has its holder's document
/// and names that holder in clear, so that two keys would hide nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// The document of a holder, and of its alias accounts.
    Document,
    /// The number of the bank account.
    Account,
    /// The IBAN.
    Iban,
    /// The participant's document among the regulatory fields.
    ParticipantDocument,
    /// The document of a related party, whatever its role.
    Party,
    /// The document of a related party in this role.
    PartyAs(RelatedPartyRole),
}

impl Field {
    /// The field's name in tokens, claims and key derivation; the normaliser's number is part of it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Document => format!("document.{NORMALISER}"),
            Self::Account => format!("bankingDetails.account.{NORMALISER}"),
            Self::Iban => format!("bankingDetails.iban.{NORMALISER}"),
            Self::ParticipantDocument => format!("participantDocument.{NORMALISER}"),
            Self::Party => format!("party.{NORMALISER}"),
            // The role is part of the key's info by this name, so such a token is over role and document.
            Self::PartyAs(role) => format!("party.{NORMALISER}:{}", role.as_str()),
        }
    }
}

/// `<field>/<keyId>/<token>` of one value, in one organization, under one generation.
pub(crate) fn token(
    generation: &Generation,
    organization: OrganizationId,
    field: Field,
    value: &Normalised,
) -> String {
    let name = field.name();
    let key = generation.hash().derive(&[b"token", organization.as_bytes(), name.as_bytes()]);
    let hmac = key.hmac(&[value.as_str().as_bytes()]);
    let shown = hmac.first_chunk::<TOKEN_BYTES>().map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    format!("{name}/{}/{}", generation.id().0, shown.unwrap_or_default())
}
