//! The inputs of createAliasAccount and updateAliasAccount.

use super::banking::{BankingDetailsInput, RegulatoryFieldsInput};
use super::related_party::RelatedPartyInput;
use crate::domain::create_alias_account::{AliasAccountInput, CreateAliasAccount};
use crate::domain::ids::{AccountId, LedgerId};
use crate::domain::update_alias_account::UpdateAliasAccount;
use crate::graphql::scalars::{MetadataScalar, UuidScalar};
use async_graphql::{ID, InputObject, MaybeUndefined};

/// A link from a holder to a ledger account. A field that is left out and one that is null are the same here.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateAliasAccountInput {
    /// The live holder whose account it is; can never be changed. HOLDER_NOT_FOUND where no live holder of the organization has it; INVALID_VALUE where it is no UUID.
    holder_id: ID,
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
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// Changes of one live alias account. A field that is left out stays as it is, null clears it, an object is merged field by field (RFC 7396), metadata key by key. The holder and the ledger account never change; related parties have mutations of their own.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateAliasAccountInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where no live one of the organization has it, also where it is soft-deleted; INVALID_VALUE where it is no UUID.
    id: ID,
    /// The version that you have read. VERSION_CONFLICT where the alias account has another by now, and nothing is changed; left out, changes of other fields by others survive.
    expected_version: Option<i32>,
    /// Banking details, merged with the stored ones; null removes all of them, account and iban too.
    banking_details: MaybeUndefined<BankingDetailsInput>,
    /// What the regulator asks for, merged with what is stored; null removes it. Sealed at rest.
    regulatory_fields: MaybeUndefined<RegulatoryFieldsInput>,
    /// Your own entries, merged key by key: a key that is left out stays, null as its value removes it; null instead of the object removes all. Over 100 keys after that are METADATA_INVALID. Stored in clear: never personal data (METADATA_SENSITIVE).
    metadata: MaybeUndefined<MetadataScalar>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

impl From<CreateAliasAccountInput> for CreateAliasAccount {
    fn from(input: CreateAliasAccountInput) -> Self {
        Self {
            holder_id: input.holder_id.0,
            alias_account: AliasAccountInput {
                ledger_id: LedgerId(input.ledger_id.0),
                account_id: AccountId(input.account_id.0),
                banking: input.banking_details.into(),
                regulatory: input.regulatory_fields.into(),
                parties: input.related_parties.unwrap_or_default().into_iter().map(Into::into).collect(),
                metadata: input.metadata.map(Into::into).unwrap_or_default(),
            },
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<UpdateAliasAccountInput> for UpdateAliasAccount {
    fn from(input: UpdateAliasAccountInput) -> Self {
        Self {
            id: input.id.0,
            expected_version: input.expected_version,
            banking: input.banking_details.into(),
            regulatory: input.regulatory_fields.into(),
            metadata: input.metadata.into(),
            idempotency_key: input.idempotency_key,
        }
    }
}
