//! What mutations answer.

use super::alias_account::AliasAccountObject;
use super::errors::error_of;
use super::holder::HolderObject;
use super::user_error::UserError;
use crate::registry::failure::Refusal;
use async_graphql::{Error, SimpleObject};

/// The answer of createHolder.
#[derive(Default, SimpleObject)]
pub(super) struct CreateHolderPayload {
    /// The holder as it was stored; null where it was refused.
    pub(super) holder: Option<HolderObject>,
    /// Why nothing was created; empty where it was.
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of createAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct CreateAliasAccountPayload {
    /// The alias account as it was stored; null where it was refused.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was created; empty where it was.
    pub(super) user_errors: Vec<UserError>,
}

/// Faults that the caller can mend become userErrors, anything else a GraphQL error.
pub(super) fn user_errors(refusal: Refusal) -> Result<Vec<UserError>, Error> {
    match refusal {
        Refusal::Faults(faults) => Ok(faults.into_iter().map(Into::into).collect()),
        Refusal::Failure(failure) => Err(error_of(&failure)),
    }
}
