//! A related party, and the inputs that attach, change and detach one.

use crate::domain::alias_account::RelatedPartyPersonal;
use crate::domain::related_party as domain;
use crate::graphql::related_party::RelatedPartyRole;
use crate::graphql::scalars::DateScalar;
use async_graphql::{ID, InputObject, MaybeUndefined};

/// A person to be attached to an alias account.
#[derive(InputObject)]
pub(in crate::graphql) struct RelatedPartyInput {
    /// Document in 1 to 64 characters of any writing; without a letter or digit it is INVALID_VALUE. It never changes. Sealed at rest, found by search.
    document: String,
    /// Full name, 1 to 256 characters. Sealed at rest.
    name: String,
    /// What the person is to the account. Stored in clear.
    role: RelatedPartyRole,
    /// First day. Stored in clear.
    start_date: DateScalar,
    /// Last day; before startDate it is RELATED_PARTY_DATES. Stored in clear.
    end_date: Option<DateScalar>,
}

/// A person to be attached to one live alias account.
#[derive(InputObject)]
pub(in crate::graphql) struct AddRelatedPartyInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where no live one of the organization has it; INVALID_VALUE where it is no UUID.
    alias_account_id: ID,
    /// The person. TOO_LONG where the alias account has 100 related parties already.
    related_party: RelatedPartyInput,
    /// The version of the alias account that you have read. VERSION_CONFLICT where it has another by now, and nothing is changed; left out, changes of other parties by others survive.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// Changes of one related party. A field that is left out stays as it is. The document never changes: remove the party and add it again.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateRelatedPartyInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where no live one of the organization has it; INVALID_VALUE where it is no UUID.
    alias_account_id: ID,
    /// The related party. RELATED_PARTY_NOT_FOUND where the alias account has none with it; INVALID_VALUE where it is no UUID.
    id: ID,
    /// Full name, 1 to 256 characters; null is refused (REQUIRED). Sealed at rest.
    name: MaybeUndefined<String>,
    /// What the person is to the account; null is refused (REQUIRED). Stored in clear.
    role: MaybeUndefined<RelatedPartyRole>,
    /// First day; null is refused (REQUIRED). Stored in clear.
    start_date: MaybeUndefined<DateScalar>,
    /// Last day; null clears it. RELATED_PARTY_DATES where it is before the first day after the change. Stored in clear.
    end_date: MaybeUndefined<DateScalar>,
    /// The version of the alias account that you have read. VERSION_CONFLICT where it has another by now, and nothing is changed; left out, changes of other parties by others survive.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// A related party to be detached from one live alias account.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveRelatedPartyInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where no live one of the organization has it; INVALID_VALUE where it is no UUID.
    alias_account_id: ID,
    /// The related party. RELATED_PARTY_NOT_FOUND where the alias account has none with it; INVALID_VALUE where it is no UUID.
    id: ID,
    /// The version of the alias account that you have read. VERSION_CONFLICT where it has another by now, and nothing is changed.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

impl From<RelatedPartyInput> for domain::RelatedPartyInput {
    fn from(input: RelatedPartyInput) -> Self {
        Self {
            personal: RelatedPartyPersonal { name: input.name, document: input.document },
            role: input.role.into(),
            start_date: input.start_date.into(),
            end_date: input.end_date.map(Into::into),
        }
    }
}

impl From<AddRelatedPartyInput> for domain::AddRelatedParty {
    fn from(input: AddRelatedPartyInput) -> Self {
        Self {
            alias_account_id: input.alias_account_id.0,
            party: input.related_party.into(),
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<UpdateRelatedPartyInput> for domain::UpdateRelatedParty {
    fn from(input: UpdateRelatedPartyInput) -> Self {
        Self {
            alias_account_id: input.alias_account_id.0,
            id: input.id.0,
            name: input.name.into(),
            role: input.role.into(),
            start_date: input.start_date.into(),
            end_date: input.end_date.into(),
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
    }
}

impl From<RemoveRelatedPartyInput> for domain::RemoveRelatedParty {
    fn from(input: RemoveRelatedPartyInput) -> Self {
        Self {
            alias_account_id: input.alias_account_id.0,
            id: input.id.0,
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
    }
}
