//! Related parties: added to, changed on and removed from a live alias account.

use super::Registry;
use super::edit_alias_account::Edit;
use super::failure::Refusal;
use super::mutating::Mutating;
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Detail};
use crate::domain::ids::{AliasAccountId, RelatedPartyId};
use crate::domain::related_party::{AddRelatedParty, RemoveRelatedParty, UpdateRelatedParty};
use serde::Serialize;

/// The field that names the alias account in all three.
const ID_FIELD: &str = "aliasAccountId";

/// A related party, and its alias account as it is now; `None` where a repeat finds that purged.
#[derive(Clone, Debug)]
pub struct EditedParty {
    /// Which party; it may be gone from the alias account by now.
    pub party: Option<RelatedPartyId>,
    /// The alias account.
    pub alias_account: Option<AliasAccountRecord>,
}

impl Registry {
    /// Attaches a person.
    pub async fn add_related_party(
        &self,
        caller: &Mutating<'_>,
        input: AddRelatedParty,
        detail: Detail,
    ) -> Result<EditedParty, Refusal> {
        const MUTATION: &str = "addRelatedParty";
        let work = async {
            caller.may(Resource::Aliases, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let addition = input.checked()?;
            let party = RelatedPartyId(self.mint.id().0);
            let edit = Edit {
                mutation: MUTATION,
                id: addition.alias_account_id,
                id_field: ID_FIELD,
                expected_version: addition.expected_version,
                outcome: outcome(addition.alias_account_id, party),
                merged: &|clear, personal| addition.merged(party, clear, personal),
            };
            self.edited_party(caller, key.as_deref(), &addition, &edit, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    /// Changes a party.
    pub async fn update_related_party(
        &self,
        caller: &Mutating<'_>,
        input: UpdateRelatedParty,
        detail: Detail,
    ) -> Result<EditedParty, Refusal> {
        const MUTATION: &str = "updateRelatedParty";
        let work = async {
            caller.may(Resource::Aliases, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let update = input.checked()?;
            let edit = Edit {
                mutation: MUTATION,
                id: update.alias_account_id,
                id_field: ID_FIELD,
                expected_version: update.expected_version,
                outcome: outcome(update.alias_account_id, update.id),
                merged: &|clear, personal| update.merged(clear, personal),
            };
            self.edited_party(caller, key.as_deref(), &update, &edit, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    /// Takes a party away.
    pub async fn remove_related_party(
        &self,
        caller: &Mutating<'_>,
        input: RemoveRelatedParty,
        detail: Detail,
    ) -> Result<EditedParty, Refusal> {
        const MUTATION: &str = "removeRelatedParty";
        let work = async {
            caller.may(Resource::Aliases, Action::Delete).await?;
            let key = input.idempotency_key.clone();
            let removal = input.checked()?;
            let edit = Edit {
                mutation: MUTATION,
                id: removal.alias_account_id,
                id_field: ID_FIELD,
                expected_version: removal.expected_version,
                outcome: outcome(removal.alias_account_id, removal.id),
                merged: &|clear, personal| removal.merged(clear, personal),
            };
            self.edited_party(caller, key.as_deref(), &removal, &edit, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    async fn edited_party<I: Serialize + Sync>(
        &self,
        caller: &Mutating<'_>,
        key: Option<&str>,
        input: &I,
        edit: &Edit<'_>,
        detail: Detail,
    ) -> Result<EditedParty, Refusal> {
        let outcome = self.edit_alias_account(caller, key, input, edit).await?;
        let id = outcome.alias_accounts.first().copied();
        let alias_account = self.stored_alias_account(caller, id, detail).await?;
        Ok(EditedParty { party: outcome.related_party, alias_account })
    }
}

fn outcome(alias_account: AliasAccountId, party: RelatedPartyId) -> Outcome {
    Outcome { alias_accounts: vec![alias_account], related_party: Some(party), ..Outcome::default() }
}
