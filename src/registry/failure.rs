//! Why a use case did not do what it was asked: faults that the caller can mend, or a failure that it cannot.

use super::lookup_guard::Guarded;
use super::ports::access::{Action, NoDecision, Resource};
use super::ports::ledger::LedgerError;
use super::ports::store::StoreError;
use super::ports::vault::{SealError, Unreadable};
use crate::domain::fault::Fault;

/// What the caller cannot mend by another input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The token is not accepted; why, without a part of it.
    Unauthenticated(&'static str),
    /// Access Manager (or the ledger) says no.
    Forbidden(String),
    /// An argument that cannot be one; what would be right.
    BadUserInput(String),
    /// More than one request may ask for; what to ask for instead.
    TooComplex(String),
    /// Too many look-ups of the subject found nobody; when to come back.
    RateLimited(Guarded),
    /// The sealed part of a record does not open.
    Unreadable,
    /// Access Manager gave no answer.
    AuthorizationUnavailable,
    /// The ledger gave no answer.
    LedgerUnavailable,
    /// The store gave no answer.
    StoreUnavailable,
    /// The request's time was over.
    Timeout,
    /// A fault of ours; the log knows more.
    Internal,
}

impl Failure {
    /// The code, as the contract lists them.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::BadUserInput(_) => "BAD_USER_INPUT",
            Self::TooComplex(_) => "QUERY_TOO_COMPLEX",
            Self::RateLimited(_) => "RATE_LIMITED",
            Self::Unreadable => "UNREADABLE",
            Self::AuthorizationUnavailable => "AUTHORIZATION_UNAVAILABLE",
            Self::LedgerUnavailable => "LEDGER_UNAVAILABLE",
            Self::StoreUnavailable => "STORE_UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }

    /// Whether it is no refusal: nobody has said no, something that was needed did not work.
    pub(super) fn is_outage(&self) -> bool {
        match self {
            Self::Unreadable
            | Self::AuthorizationUnavailable
            | Self::LedgerUnavailable
            | Self::StoreUnavailable
            | Self::Timeout
            | Self::Internal => true,
            Self::Unauthenticated(_)
            | Self::Forbidden(_)
            | Self::BadUserInput(_)
            | Self::TooComplex(_)
            | Self::RateLimited(_) => false,
        }
    }

    /// A permission that is not granted.
    pub fn forbidden(resource: Resource, action: Action) -> Self {
        let resource = match resource {
            Resource::Holders => "holders",
            Resource::Aliases => "alias accounts",
            Resource::PersonalData => "personal data in clear",
            Resource::Audit => "the audit trail",
        };
        Self::Forbidden(format!(
            "this token may not {} {resource}: ask for that grant in Access Manager",
            action.as_str()
        ))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            StoreError::Unavailable(_) => Self::StoreUnavailable,
            StoreError::Damaged(_) => Self::Internal,
            StoreError::Unreadable(_) => Self::Unreadable,
        }
    }
}

impl From<NoDecision> for Failure {
    fn from(error: NoDecision) -> Self {
        tracing::warn!(%error, "no decision");
        Self::AuthorizationUnavailable
    }
}

impl From<Unreadable> for Failure {
    fn from(_: Unreadable) -> Self {
        Self::Unreadable
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        tracing::error!(%error, "a record could not be sealed");
        Self::Internal
    }
}

/// How a mutation ends without having changed anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller can mend these.
    Faults(Vec<Fault>),
    /// The caller cannot.
    Failure(Failure),
}

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Vec<Fault>> for Refusal {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<LedgerError> for Failure {
    /// The two refusals that name a missing record are faults of the input and told there; here they would be a
    /// mistake of ours.
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Forbidden => {
                Self::Forbidden("the ledger does not let this token see the account".to_owned())
            }
            LedgerError::Unavailable(reason) => {
                tracing::warn!(reason, "the ledger gave no answer");
                Self::LedgerUnavailable
            }
            LedgerError::LedgerNotFound | LedgerError::AccountNotFound => Self::Internal,
        }
    }
}
