//! The refusals that several use cases tell: one place for their words.

use super::failure::{Failure, Refusal};
use super::ports::store::{Refused, Taken};
use crate::domain::fault::{Fault, FaultCode, FieldPath};

/// The key belongs to another call.
pub(super) fn key_reused() -> Fault {
    let message =
        "this idempotencyKey was used with another input or mutation: take a fresh key for a new call";
    Fault::new(FaultCode::IdempotencyKeyReused, FieldPath::input().field("idempotencyKey"), message)
}

/// `expectedVersion` against the version that there is.
pub(super) fn check_version(expected: Option<i32>, version: i32) -> Result<(), Fault> {
    if expected.is_none_or(|expected| expected == version) {
        return Ok(());
    }
    let message = format!(
        "the record has version {version} by now, so nothing was changed: read it again and send that version"
    );
    Err(Fault::new(FaultCode::VersionConflict, FieldPath::input().field("expectedVersion"), message))
}

/// There is no such holder for this call.
pub(super) fn holder_not_found(field: &'static str) -> Fault {
    let message = "no live holder of this organization has this id";
    Fault::new(FaultCode::HolderNotFound, FieldPath::input().field(field), message)
}

/// There is no such holder, neither live nor soft-deleted.
pub(super) fn no_holder() -> Fault {
    let message = "no holder of this organization, live or deleted, has this id";
    Fault::new(FaultCode::HolderNotFound, FieldPath::input().field("id"), message)
}

/// The holder of a soft-deleted alias account is not live.
pub(super) fn its_holder_not_live() -> Fault {
    let message = "the holder of this alias account is not live: restore the holder first";
    Fault::new(FaultCode::HolderNotFound, FieldPath::input().field("id"), message)
}

/// There is no such alias account for this call.
pub(super) fn alias_account_not_found(field: &'static str) -> Fault {
    let message = "no live alias account of this organization has this id";
    Fault::new(FaultCode::AliasAccountNotFound, FieldPath::input().field(field), message)
}

/// There is no such alias account, neither live nor soft-deleted.
pub(super) fn no_alias_account() -> Fault {
    let message = "no alias account of this organization, live or deleted, has this id";
    Fault::new(FaultCode::AliasAccountNotFound, FieldPath::input().field("id"), message)
}

/// A live record needs no restoring.
pub(super) fn not_deleted() -> Fault {
    let message = "this record is live: there is nothing to restore";
    Fault::new(FaultCode::NotDeleted, FieldPath::input().field("id"), message)
}

/// Rule 3.
pub(super) fn has_alias_accounts() -> Fault {
    let message = "the holder has live alias accounts: delete those first (Holder.aliasAccounts lists them)";
    Fault::new(FaultCode::HolderHasAliasAccounts, FieldPath::input().field("id"), message)
}

/// Another live holder has the document.
pub(super) fn document_in_use(field: FieldPath) -> Fault {
    let message = "a live holder of this organization has this document: look it up with holderByDocument";
    Fault::new(FaultCode::DocumentInUse, field, message)
}

/// Another live alias account has the ledger account.
pub(super) fn account_in_use(field: FieldPath) -> Fault {
    let message = "a live alias account of this organization has this ledger account: look it up with \
                   aliasAccountByLedgerAccount";
    Fault::new(FaultCode::AccountInUse, field, message)
}

/// What a store refused in a new holder and its alias accounts, each claim at its own field.
pub(super) fn taken(refused: Refused, document: FieldPath, account: impl Fn(usize) -> FieldPath) -> Refusal {
    let Refused::Taken(Taken { holder, alias_accounts }) = refused else {
        tracing::error!("the store refused what this call cannot meet");
        return Failure::Internal.into();
    };
    let document = holder.then(|| document_in_use(document));
    let accounts = alias_accounts.into_iter().map(|index| account_in_use(account(index)));
    Refusal::Faults(document.into_iter().chain(accounts).collect())
}
