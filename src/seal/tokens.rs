//! Blind-index tokens: what finds a value without showing it.

use super::keyring::Generation;
use crate::domain::ids::OrganizationId;
use crate::domain::normal::{NORMALISER, Normalised};
use crate::registry::ports::vault::SearchField;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// 128 bits of an HMAC: among 10^9 values the chance that two share a token is below 10^-20.
const TOKEN_BYTES: usize = 16;

/// A field's name in tokens, claims and key derivation; the normaliser's number is part of it.
pub(crate) fn name(field: SearchField) -> String {
    match field {
        SearchField::Document => format!("document.{NORMALISER}"),
        SearchField::Account => format!("bankingDetails.account.{NORMALISER}"),
        SearchField::Iban => format!("bankingDetails.iban.{NORMALISER}"),
        SearchField::ParticipantDocument => format!("participantDocument.{NORMALISER}"),
        SearchField::Party => format!("party.{NORMALISER}"),
        // The role is part of the key's info by this name, so such a token is over role and document.
        SearchField::PartyAs(role) => format!("party.{NORMALISER}:{}", role.as_str()),
    }
}

/// `<field>/<keyId>/<token>` of one value, in one organization, under one generation.
pub(crate) fn token(
    generation: &Generation,
    organization: OrganizationId,
    field: SearchField,
    value: &Normalised,
) -> String {
    let name = name(field);
    let key = generation.hash().derive(&[b"token", organization.as_bytes(), name.as_bytes()]);
    let hmac = key.hmac(&[value.as_str().as_bytes()]);
    let shown = hmac.first_chunk::<TOKEN_BYTES>().map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    format!("{name}/{}/{}", generation.id().0, shown.unwrap_or_default())
}
