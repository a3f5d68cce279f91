//! userErrors: refusals that the caller can act on.

use super::errors::answered;
use crate::domain::fault::{Fault, FaultCode};
use async_graphql::{Context, Enum, Object, Result};

/// A fault of an input, as its mutation tells it.
#[derive(Clone)]
pub(super) struct UserError {
    code: UserErrorCode,
    message: String,
    field: Vec<String>,
}

/// A refusal that the caller can act on by changing its input. The mutation changed nothing. What the caller cannot mend so comes as a GraphQL error instead, with `extensions.code` one of UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, UNREADABLE (a sealed field that does not open), AUTHORIZATION_UNAVAILABLE, LEDGER_UNAVAILABLE, STORE_UNAVAILABLE, RATE_LIMITED, QUERY_TOO_COMPLEX, PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_REQUIRED, TIMEOUT, INTERNAL; `extensions.retryable` says whether the same call may succeed later.
#[Object]
impl UserError {
    /// What kind of fault it is; programs decide by this.
    async fn code(&self) -> UserErrorCode {
        self.code
    }

    /// What is wrong and what would be right, for people. It never repeats a value of the input.
    async fn message(&self, ctx: &Context<'_>) -> Result<&str> {
        // There may be thousands, and their cost counts one.
        answered(ctx, self.message.len())?;
        Ok(&self.message)
    }

    /// Path of the input field, for example `["input", "metadata", "cpf"]`; list indexes are decimal strings, and a fault of the whole input is `["input"]`.
    async fn field(&self, ctx: &Context<'_>) -> Result<&[String]> {
        answered(ctx, self.field.iter().map(|step| step.len() + STEP).sum())?;
        Ok(&self.field)
    }
}

/// What a step of a path takes in an answer beside its text, in bytes.
const STEP: usize = 64;

impl From<Fault> for UserError {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code.into(), message: fault.message, field: fault.field.steps() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Kinds of faults that a caller can mend.
        #[derive(Clone, Copy, PartialEq, Eq, Enum)]
        pub(super) enum UserErrorCode { $($(#[$doc])* $name,)* }

        impl From<FaultCode> for UserErrorCode {
            fn from(code: FaultCode) -> Self {
                match code { $(FaultCode::$name => Self::$name,)* }
            }
        }

        /// All of them.
        #[cfg(test)]
        const ALL: &[FaultCode] = &[$(FaultCode::$name,)*];
    };
}

codes! {
    /// The value can be none of its kind: blank, with invisible characters, no UUID, no e-mail address, no country.
    InvalidValue,
    /// A value that is needed here is missing: a field that cannot be cleared is null, or a new address lacks a line.
    Required,
    /// More characters or entries than the limit; characters are Unicode scalar values.
    TooLong,
    /// No live holder of this organization has the id. A soft-deleted one is not found either: restore it first.
    HolderNotFound,
    /// The holder cannot be deleted while it has live alias accounts: delete those first.
    HolderHasAliasAccounts,
    /// A live holder of this organization has the document already; writings that differ only in case or punctuation are one document.
    DocumentInUse,
    /// No live alias account of this organization has the id. A soft-deleted one is not found either: restore it first.
    AliasAccountNotFound,
    /// A live alias account of this organization has the ledger account already, or the same one is given twice in one call.
    AccountInUse,
    /// The ledger has no such ledger in this organization.
    LedgerNotFound,
    /// The ledger has no such account in that ledger, or it is deleted there.
    LedgerAccountNotFound,
    /// The account is blocked in the ledger.
    LedgerAccountBlocked,
    /// The account is of type `external`.
    LedgerAccountExternal,
    /// The ledger says that the account is another holder's.
    LedgerAccountHolderMismatch,
    /// The alias account has no related party with the id.
    RelatedPartyNotFound,
    /// A related party's endDate is before its startDate; in an update, after it is merged with what is stored.
    RelatedPartyDates,
    /// closingDate is before openingDate; in an update, after it is merged with what is stored.
    ClosingDateBeforeOpeningDate,
    /// A metadata entry that cannot be one: wrong key, wrong type, too large, too many.
    MetadataInvalid,
    /// Something stored in clear looks like personal data; the message says which setting relaxes it.
    MetadataSensitive,
    /// The record has another version than expectedVersion: read it again, and decide again.
    VersionConflict,
    /// The idempotencyKey was used with another input or mutation.
    IdempotencyKeyReused,
    /// The record is live: there is nothing to restore.
    NotDeleted,
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{Name, Value, resolver_utils::enum_value};

    #[test]
    fn the_audit_trail_calls_a_fault_as_the_schema_does() {
        for code in ALL {
            let in_schema = enum_value(UserErrorCode::from(*code));
            assert_eq!(in_schema, Value::Enum(Name::new(code.as_str())));
        }
    }
}
