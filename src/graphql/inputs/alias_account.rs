//! The input of createAliasAccount.

use crate::domain::alias_account::{BankingDetails, RegulatoryFields, RelatedPartyPersonal};
use crate::domain::create_alias_account::{
    BankingInput, CreateAliasAccount, RelatedPartyInput as DomainParty,
};
use crate::domain::ids::{AccountId, LedgerId};
use crate::graphql::related_party::RelatedPartyRole;
use crate::graphql::scalars::{DateScalar, MetadataScalar, UuidScalar};
use async_graphql::{ID, InputObject};

/// A link from a holder to a ledger account. A field that is left out and one that is null are the same here.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateAliasAccountInput {
    /// The live holder whose account it is; can never be changed.
    holder_id: ID,
    /// The ledger of the account; can never be changed.
    ledger_id: UuidScalar,
    /// The account in that ledger; can never be changed. The ledger is asked whether it exists and is neither deleted, blocked nor external.
    account_id: UuidScalar,
    /// Banking details of the account.
    banking_details: Option<BankingDetailsInput>,
    /// What the regulator asks for.
    regulatory_fields: Option<RegulatoryFieldsInput>,
    /// Up to 100 persons attached to the account.
    related_parties: Option<Vec<RelatedPartyInput>>,
    /// Your own entries. Stored in clear: never personal data.
    metadata: Option<MetadataScalar>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours.
    idempotency_key: Option<String>,
}

/// Banking details of an alias account.
#[derive(InputObject)]
pub(in crate::graphql) struct BankingDetailsInput {
    /// Branch number, at most 256 characters. Stored in clear.
    branch: Option<String>,
    /// Number of the bank account, at most 256 characters. Sealed at rest, found by search.
    account: Option<String>,
    /// Kind of bank account, in your own words. Stored in clear.
    #[graphql(name = "type")]
    kind: Option<String>,
    /// When the bank account was opened. Stored in clear.
    opening_date: Option<DateScalar>,
    /// When the bank account was closed, not before openingDate. Stored in clear.
    closing_date: Option<DateScalar>,
    /// IBAN, at most 256 characters. Sealed at rest, found by search.
    iban: Option<String>,
    /// ISO 3166-1 alpha-2 in capitals, for example `BR`. Stored in clear.
    country_code: Option<String>,
    /// The bank's number, at most 256 characters. Stored in clear.
    bank_id: Option<String>,
}

/// What the regulator asks for.
#[derive(InputObject)]
pub(in crate::graphql) struct RegulatoryFieldsInput {
    /// Document of the participant, at most 64 characters. Sealed at rest, found by search.
    participant_document: Option<String>,
}

/// A person to be attached to an alias account.
#[derive(InputObject)]
pub(in crate::graphql) struct RelatedPartyInput {
    /// Document, 1 to 64 characters. Sealed at rest, found by search.
    document: String,
    /// Full name, 1 to 256 characters. Sealed at rest.
    name: String,
    /// What the person is to the account.
    role: RelatedPartyRole,
    /// First day.
    start_date: DateScalar,
    /// Last day, not before startDate.
    end_date: Option<DateScalar>,
}

impl From<CreateAliasAccountInput> for CreateAliasAccount {
    fn from(input: CreateAliasAccountInput) -> Self {
        let regulatory = input.regulatory_fields;
        Self {
            holder_id: input.holder_id.0,
            ledger_id: LedgerId(input.ledger_id.0),
            account_id: AccountId(input.account_id.0),
            banking: input.banking_details.map(Into::into),
            regulatory: regulatory
                .map(|fields| RegulatoryFields { participant_document: fields.participant_document }),
            parties: input.related_parties.unwrap_or_default().into_iter().map(Into::into).collect(),
            metadata: input.metadata.map(|entries| entries.0).unwrap_or_default(),
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<BankingDetailsInput> for BankingInput {
    fn from(input: BankingDetailsInput) -> Self {
        Self {
            clear: BankingDetails {
                branch: input.branch,
                kind: input.kind,
                opening_date: input.opening_date.map(Into::into),
                closing_date: input.closing_date.map(Into::into),
                country_code: input.country_code,
                bank_id: input.bank_id,
            },
            account: input.account,
            iban: input.iban,
        }
    }
}

impl From<RelatedPartyInput> for DomainParty {
    fn from(input: RelatedPartyInput) -> Self {
        Self {
            personal: RelatedPartyPersonal { name: input.name, document: input.document },
            role: input.role.into(),
            start_date: input.start_date.into(),
            end_date: input.end_date.map(Into::into),
        }
    }
}
