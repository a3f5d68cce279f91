//! The ledger's refusals, with the codes that it is known by.

use super::super::claims::Rejected;
use super::super::refusal::Refusal;
use super::super::world::Missing;
use super::super::world_file::WorldError;
use axum::http::StatusCode;

/// 404 of what is not there.
pub(super) fn missing(missing: Missing) -> Refusal {
    let (code, title, message) = match missing {
        Missing::Ledger => ("0037", "Ledger Not Found", "this organization has no ledger of this id"),
        Missing::Organization => ("0038", "Organization Not Found", "there is no organization of this id"),
        Missing::Account => ("0052", "Account Not Found", "this ledger has no live account of this id"),
    };
    Refusal::new(StatusCode::NOT_FOUND, code, title, message)
}

/// 404 of a kind of thing that the sandbox has none of.
pub(super) fn no_such_entity() -> Refusal {
    let message = "the sandbox has nothing there: it knows ledgers and their accounts";
    Refusal::new(StatusCode::NOT_FOUND, "0007", "Entity Not Found", message)
}

/// 401 of a request without a good token.
pub(super) fn unauthenticated(rejected: Rejected) -> Refusal {
    let (code, title) = match rejected {
        Rejected::Missing => ("0041", "Token Missing"),
        Rejected::Repeated | Rejected::Invalid | Rejected::Expired => ("0042", "Invalid Token"),
    };
    Refusal::new(StatusCode::UNAUTHORIZED, code, title, rejected.to_string())
}

/// 400 of a path with something else in the place of an id.
pub(super) fn path_parameter(name: &str) -> Refusal {
    let message = format!("the {name}'s id in the path must be a UUID of 36 characters");
    Refusal::new(StatusCode::BAD_REQUEST, "0065", "Invalid Path Parameter", message)
}

/// 400 of a query.
pub(super) fn query_parameter(message: &'static str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "0082", "Invalid Query Parameter", message)
}

/// An error of any status, with the codes that the ledger uses. A 404 is its own: what was asked for is missing.
pub(super) fn worded(status: StatusCode, message: String) -> Refusal {
    let (code, title) = match status.as_u16() {
        400 | 413 => ("0094", "Invalid Request Body"),
        401 => ("0042", "Invalid Token"),
        403 => ("0043", "Insufficient Privileges"),
        404 => ("0007", "Entity Not Found"),
        _ => ("0046", status.canonical_reason().unwrap_or("Error")),
    };
    Refusal::new(status, code, title, message)
}

/// 500 of a change that was not kept.
pub(super) fn not_saved(error: &WorldError) -> Refusal {
    tracing::error!(%error, "the sandbox ledger could not keep a change");
    let message = format!("the change was not made: {error}");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "0046", "Internal Server Error", message)
}

/// 500 of a change whose task ended early.
pub(super) fn interrupted(error: &tokio::task::JoinError) -> Refusal {
    tracing::error!(%error, "a change of the sandbox ledger was interrupted");
    let message = "the change was interrupted: ask for the account to see whether it was made";
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "0046", "Internal Server Error", message)
}
