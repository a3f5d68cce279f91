//! Banking details and regulatory fields, as they are given: the same types create and update.

use crate::domain::alias_account::RegulatoryPatch;
use crate::domain::banking::BankingPatch;
use crate::graphql::scalars::DateScalar;
use async_graphql::{InputObject, MaybeUndefined};

/// Banking details of an alias account. In an update they are merged field by field (RFC 7396): what is left out stays as it is, null clears it. A blank text or one with invisible characters is INVALID_VALUE, a longer one TOO_LONG; what is stored in clear and looks like personal data is METADATA_SENSITIVE.
#[derive(InputObject)]
pub(in crate::graphql) struct BankingDetailsInput {
    /// Branch number, at most 256 characters. Stored in clear.
    branch: MaybeUndefined<String>,
    /// Number of the bank account, at most 256 characters; without a letter or digit it is INVALID_VALUE. Sealed at rest, found by search.
    account: MaybeUndefined<String>,
    /// Kind of bank account in your own words, at most 256 characters. Stored in clear.
    #[graphql(name = "type")]
    kind: MaybeUndefined<String>,
    /// When the bank account was opened. Stored in clear.
    opening_date: MaybeUndefined<DateScalar>,
    /// When the bank account was closed; before openingDate it is CLOSING_DATE_BEFORE_OPENING_DATE. Stored in clear.
    closing_date: MaybeUndefined<DateScalar>,
    /// IBAN in any writing, at most 256 characters; without a letter or digit it is INVALID_VALUE. Sealed at rest, found by search.
    iban: MaybeUndefined<String>,
    /// ISO 3166-1 alpha-2 in capitals, for example `BR`; anything else is INVALID_VALUE. Stored in clear.
    country_code: MaybeUndefined<String>,
    /// The bank's number, at most 256 characters. Stored in clear.
    bank_id: MaybeUndefined<String>,
}

/// What the regulator asks for. In an update they are merged field by field (RFC 7396): what is left out stays as it is, null clears it.
#[derive(InputObject)]
pub(in crate::graphql) struct RegulatoryFieldsInput {
    /// Document of the participant in any writing, at most 64 characters; without a letter or digit it is INVALID_VALUE. Sealed at rest, found by search.
    participant_document: MaybeUndefined<String>,
}

impl From<BankingDetailsInput> for BankingPatch {
    fn from(input: BankingDetailsInput) -> Self {
        Self {
            branch: input.branch.into(),
            account: input.account.into(),
            kind: input.kind.into(),
            opening_date: input.opening_date.into(),
            closing_date: input.closing_date.into(),
            iban: input.iban.into(),
            country_code: input.country_code.into(),
            bank_id: input.bank_id.into(),
        }
    }
}

impl From<RegulatoryFieldsInput> for RegulatoryPatch {
    fn from(input: RegulatoryFieldsInput) -> Self {
        Self { participant_document: input.participant_document.into() }
    }
}
