//! GraphQL errors: a closed list of `extensions.code`, and whether the same call may succeed later.

use crate::registry::failure::Failure;
use async_graphql::{Context, Error, ErrorExtensions};
use std::sync::Arc;

/// The code of a failure, as the contract lists them.
pub fn code_of(failure: &Failure) -> &'static str {
    failure.code()
}

fn is_retryable(failure: &Failure) -> bool {
    match failure {
        Failure::RateLimited(_)
        | Failure::AuthorizationUnavailable
        | Failure::LedgerUnavailable
        | Failure::StoreUnavailable
        | Failure::Timeout => true,
        Failure::Unauthenticated(_)
        | Failure::Forbidden(_)
        | Failure::BadUserInput(_)
        | Failure::TooComplex(_)
        | Failure::Unreadable
        | Failure::Internal => false,
    }
}

fn message_of(failure: &Failure) -> String {
    match failure {
        Failure::Unauthenticated(why) => (*why).to_owned(),
        Failure::Forbidden(why) | Failure::BadUserInput(why) | Failure::TooComplex(why) => why.clone(),
        Failure::RateLimited(guarded) => guarded.to_string(),
        Failure::Unreadable => {
            "this field's sealed value does not open: tell the operator the record's id".to_owned()
        }
        Failure::AuthorizationUnavailable => "Access Manager gave no answer: try again later".to_owned(),
        Failure::LedgerUnavailable => {
            "the ledger gave no answer, so nothing was stored: try again later".to_owned()
        }
        Failure::StoreUnavailable => {
            "the store gave no answer: try again later (a mutation with the same idempotencyKey happens once)"
                .to_owned()
        }
        Failure::Timeout => {
            "the request took too long: repeat it (a mutation with the same idempotencyKey happens once)"
                .to_owned()
        }
        Failure::Internal => "a fault of the service: tell the operator the requestId".to_owned(),
    }
}

/// The GraphQL error of a failure.
pub fn error_of(failure: &Failure) -> Error {
    Error::new(message_of(failure)).extend_with(|_, extensions| {
        extensions.set("code", code_of(failure));
        extensions.set("retryable", is_retryable(failure));
        if let Failure::RateLimited(guarded) = failure {
            extensions.set("retryAfter", guarded.seconds);
        }
    })
}

/// This request's session; every request that reaches a resolver has one.
pub(super) fn session<'a>(ctx: &Context<'a>) -> Result<&'a super::Session, Error> {
    ctx.data::<Arc<super::Session>>().map(AsRef::as_ref).map_err(|_| error_of(&Failure::Internal))
}

/// Counts a long text of the answer. A request is answered so many bytes of them and no more.
pub(super) fn answered(ctx: &Context<'_>, bytes: usize) -> Result<(), Error> {
    session(ctx)?.caller.answers(bytes).map_err(|failure| error_of(&failure))
}
