//! What mutations answer.

use super::alias_account::AliasAccountObject;
use super::cost::{FAULTS_USUAL, list_size};
use super::errors::error_of;
use super::holder::HolderObject;
use super::related_party::RelatedParty;
use super::user_error::UserError;
use crate::registry::EditedParty;
use crate::registry::failure::Refusal;
use async_graphql::{ID, Result, SimpleObject};

/// A payload that tells of refusals beside what was done.
pub(super) trait Payload: Default {
    /// Nothing was done, for these reasons.
    fn refused(user_errors: Vec<UserError>) -> Self;
}

/// The answer of createHolder.
#[derive(Default, SimpleObject)]
pub(super) struct CreateHolderPayload {
    /// The holder as it was stored; null where it was refused, or where a repeated call finds it purged.
    pub(super) holder: Option<HolderObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of updateHolder.
#[derive(Default, SimpleObject)]
pub(super) struct UpdateHolderPayload {
    /// The holder as it is now; null where the update was refused, or where a repeated call finds it purged.
    pub(super) holder: Option<HolderObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of deleteHolder.
#[derive(Default, SimpleObject)]
pub(super) struct DeleteHolderPayload {
    /// The id of the deleted holder; null where the deletion was refused.
    pub(super) deleted_id: Option<ID>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of restoreHolder.
#[derive(Default, SimpleObject)]
pub(super) struct RestoreHolderPayload {
    /// The holder, live again; null where the restoration was refused, or where a repeated call finds it purged.
    pub(super) holder: Option<HolderObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of onboardHolder.
#[derive(Default, SimpleObject)]
pub(super) struct OnboardHolderPayload {
    /// The holder as it was stored; null where the onboarding was refused, or where a repeated call finds it purged.
    pub(super) holder: Option<HolderObject>,
    /// The alias accounts as they were stored, in the order of the input; empty where the onboarding was refused. A repeated call leaves out what has been purged since.
    pub(super) alias_accounts: Vec<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of createAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct CreateAliasAccountPayload {
    /// The alias account as it was stored; null where it was refused, or where a repeated call finds it purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of updateAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct UpdateAliasAccountPayload {
    /// The alias account as it is now; null where the update was refused, or where a repeated call finds it purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of deleteAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct DeleteAliasAccountPayload {
    /// The id of the deleted alias account; null where the deletion was refused.
    pub(super) deleted_id: Option<ID>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of restoreAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct RestoreAliasAccountPayload {
    /// The alias account, live again; null where the restoration was refused, or where a repeated call finds it purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of verifyAliasAccount.
#[derive(Default, SimpleObject)]
pub(super) struct VerifyAliasAccountPayload {
    /// The alias account with what the ledger said in `link`; null where it is not there.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of addRelatedParty.
#[derive(Default, SimpleObject)]
pub(super) struct AddRelatedPartyPayload {
    /// The new related party; null where it was refused, or where a repeated call finds it removed.
    pub(super) related_party: Option<RelatedParty>,
    /// The alias account as it is now; null where the party was refused, or where a repeated call finds the account purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of updateRelatedParty.
#[derive(Default, SimpleObject)]
pub(super) struct UpdateRelatedPartyPayload {
    /// The related party as it is now; null where the update was refused, or where a repeated call finds it removed.
    pub(super) related_party: Option<RelatedParty>,
    /// The alias account as it is now; null where the update was refused, or where a repeated call finds it purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

/// The answer of removeRelatedParty.
#[derive(Default, SimpleObject)]
pub(super) struct RemoveRelatedPartyPayload {
    /// The id of the removed related party; null where the removal was refused.
    pub(super) removed_id: Option<ID>,
    /// The alias account as it is now; null where the removal was refused, or where a repeated call finds it purged.
    pub(super) alias_account: Option<AliasAccountObject>,
    /// Why nothing was changed, each fault at its field; empty where the call succeeded.
    #[graphql(directive = list_size::apply(Some(FAULTS_USUAL), None, None, None))]
    pub(super) user_errors: Vec<UserError>,
}

macro_rules! payloads {
    ($($name:ident),* $(,)?) => { $(
        impl Payload for $name {
            fn refused(user_errors: Vec<UserError>) -> Self {
                Self { user_errors, ..Self::default() }
            }
        }
    )* };
}
payloads!(
    CreateHolderPayload,
    UpdateHolderPayload,
    DeleteHolderPayload,
    RestoreHolderPayload,
    OnboardHolderPayload,
    CreateAliasAccountPayload,
    UpdateAliasAccountPayload,
    DeleteAliasAccountPayload,
    RestoreAliasAccountPayload,
    VerifyAliasAccountPayload,
    AddRelatedPartyPayload,
    UpdateRelatedPartyPayload,
    RemoveRelatedPartyPayload,
);

/// The payload of a use case's end: faults that the caller can mend become userErrors, anything else a GraphQL error.
pub(super) fn payload<T, P: Payload>(
    end: Result<T, Refusal>,
    done: impl FnOnce(T) -> P,
) -> Option<Result<P>> {
    Some(match end {
        Ok(answer) => Ok(done(answer)),
        Err(Refusal::Faults(faults)) => Ok(P::refused(faults.into_iter().map(Into::into).collect())),
        Err(Refusal::Failure(failure)) => Err(error_of(&failure)),
    })
}

/// A party and its alias account, as an edit left them.
pub(super) fn edited(edit: EditedParty) -> (Option<RelatedParty>, Option<AliasAccountObject>) {
    let alias_account = edit.alias_account.map(AliasAccountObject::new);
    let party = alias_account.as_ref().zip(edit.party).and_then(|(of, id)| of.related_party(id));
    (party, alias_account)
}
