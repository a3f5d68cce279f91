//! The input of onboardHolder.

use super::banking::{BankingDetailsInput, RegulatoryFieldsInput};
use super::holder::CreateHolderInput;
use super::related_party::RelatedPartyInput;
use crate::domain::create_alias_account::AliasAccountInput;
use crate::domain::ids::{AccountId, LedgerId};
use crate::domain::onboard_holder::OnboardHolder;
use crate::graphql::scalars::{MetadataScalar, UuidScalar};
use async_graphql::InputObject;

/// A new holder together with its alias accounts: all of them are created, or nothing.
#[derive(InputObject)]
pub(in crate::graphql) struct OnboardHolderInput {
    /// The holder. Its own idempotencyKey must be left out (BAD_USER_INPUT): the key of the whole call stands beside it.
    holder: CreateHolderInput,
    /// Its alias accounts, at most 100 (TOO_LONG). The same ledger account twice is ACCOUNT_IN_USE at the second.
    alias_accounts: Vec<OnboardAliasAccountInput>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// One alias account of a new holder. A field that is left out and one that is null are the same here.
#[derive(InputObject)]
pub(in crate::graphql) struct OnboardAliasAccountInput {
    /// The ledger of the account; can never be changed. LEDGER_NOT_FOUND where the ledger has no such ledger in this organization.
    ledger_id: UuidScalar,
    /// The account in that ledger; can never be changed. The ledger is asked whether it exists and is neither deleted (LEDGER_ACCOUNT_NOT_FOUND), blocked (LEDGER_ACCOUNT_BLOCKED) nor external (LEDGER_ACCOUNT_EXTERNAL); ACCOUNT_IN_USE where a live alias account of the organization has it.
    account_id: UuidScalar,
    /// Banking details of the account.
    banking_details: Option<BankingDetailsInput>,
    /// What the regulator asks for. Sealed at rest.
    regulatory_fields: Option<RegulatoryFieldsInput>,
    /// Up to 100 persons attached to the account; more are TOO_LONG.
    related_parties: Option<Vec<RelatedPartyInput>>,
    /// Your own entries. Stored in clear: never personal data (METADATA_SENSITIVE).
    metadata: Option<MetadataScalar>,
}

impl From<OnboardHolderInput> for OnboardHolder {
    fn from(input: OnboardHolderInput) -> Self {
        Self {
            holder: input.holder.into(),
            alias_accounts: input.alias_accounts.into_iter().map(Into::into).collect(),
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<OnboardAliasAccountInput> for AliasAccountInput {
    fn from(input: OnboardAliasAccountInput) -> Self {
        Self {
            ledger_id: LedgerId(input.ledger_id.0),
            account_id: AccountId(input.account_id.0),
            banking: input.banking_details.into(),
            regulatory: input.regulatory_fields.into(),
            parties: input.related_parties.unwrap_or_default().into_iter().map(Into::into).collect(),
            metadata: input.metadata.map(Into::into).unwrap_or_default(),
        }
    }
}
