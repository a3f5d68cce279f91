//! The inputs that name one record: to delete, restore or verify it.

use crate::domain::target::{DeletionMode as DomainMode, Target};
use async_graphql::{Enum, ID, InputObject};

/// How thorough a deletion is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(name = "DeletionMode", remote = "DomainMode")]
pub(in crate::graphql) enum DeletionMode {
    /// The record is archived: it leaves every query that does not ask for deleted records, frees its document or ledger account, and can be restored.
    #[default]
    Soft,
    /// The record is erased for good, live or soft-deleted; a holder's soft-deleted alias accounts go with it. Needs a permission of its own, `purge`.
    Hard,
}

/// A holder to be deleted.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteHolderInput {
    /// The holder. HOLDER_NOT_FOUND where there is none to delete: SOFT sees live ones, HARD soft-deleted ones too; HOLDER_HAS_ALIAS_ACCOUNTS while it has live alias accounts; INVALID_VALUE where it is no UUID.
    id: ID,
    /// SOFT archives, HARD erases for good.
    #[graphql(default)]
    mode: DeletionMode,
    /// The version that you have read. VERSION_CONFLICT where the holder has another by now, and nothing is changed.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// A soft-deleted holder to be restored.
#[derive(InputObject)]
pub(in crate::graphql) struct RestoreHolderInput {
    /// The holder. HOLDER_NOT_FOUND where the organization has none with it, NOT_DELETED where it is live, DOCUMENT_IN_USE where another live holder has its document by now; INVALID_VALUE where it is no UUID.
    id: ID,
    /// The version that you have read. VERSION_CONFLICT where the holder has another by now, and nothing is changed.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// An alias account to be deleted.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteAliasAccountInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where there is none to delete: SOFT sees live ones, HARD soft-deleted ones too; INVALID_VALUE where it is no UUID.
    id: ID,
    /// SOFT archives, HARD erases for good.
    #[graphql(default)]
    mode: DeletionMode,
    /// The version that you have read. VERSION_CONFLICT where the alias account has another by now, and nothing is changed.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// A soft-deleted alias account to be restored.
#[derive(InputObject)]
pub(in crate::graphql) struct RestoreAliasAccountInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where the organization has none with it, NOT_DELETED where it is live, HOLDER_NOT_FOUND where its holder is not live, ACCOUNT_IN_USE where another live alias account has its ledger account by now; the ledger is asked again. INVALID_VALUE where it is no UUID.
    id: ID,
    /// The version that you have read. VERSION_CONFLICT where the alias account has another by now, and nothing is changed.
    expected_version: Option<i32>,
    /// Makes it safe to repeat the call: the same key (1 to 128 printable ASCII characters, for example a UUID) with the same input gives the first outcome again for 24 hours; with another input or mutation it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// An alias account whose link is to be checked against the ledger.
#[derive(InputObject)]
pub(in crate::graphql) struct VerifyAliasAccountInput {
    /// The alias account. ALIAS_ACCOUNT_NOT_FOUND where no live one of the organization has it; INVALID_VALUE where it is no UUID.
    id: ID,
}

/// A deletion, in the domain's own words.
macro_rules! deletion {
    ($($name:ident),*) => {
        $(impl $name {
            /// Which record, and how thoroughly.
            pub(in crate::graphql) fn into_parts(self) -> (Target, DomainMode) {
                let Self { id, mode, expected_version, idempotency_key } = self;
                (Target { id: id.0, expected_version, idempotency_key }, mode.into())
            }
        })*
    };
}
deletion!(DeleteHolderInput, DeleteAliasAccountInput);

macro_rules! restoration {
    ($($name:ident),*) => {
        $(impl From<$name> for Target {
            fn from(input: $name) -> Self {
                let $name { id, expected_version, idempotency_key } = input;
                Self { id: id.0, expected_version, idempotency_key }
            }
        })*
    };
}
restoration!(RestoreHolderInput, RestoreAliasAccountInput);

/// A check changes nothing that a client could have read before, so it expects no version and needs no key.
impl From<VerifyAliasAccountInput> for Target {
    fn from(input: VerifyAliasAccountInput) -> Self {
        Self { id: input.id.0, expected_version: None, idempotency_key: None }
    }
}
