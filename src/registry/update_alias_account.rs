//! Changing an alias account's own lines.

use super::Registry;
use super::edit_alias_account::Edit;
use super::failure::Refusal;
use super::mutating::Mutating;
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Detail};
use crate::domain::update_alias_account::UpdateAliasAccount;

const MUTATION: &str = "updateAliasAccount";

impl Registry {
    /// Merges an update into a live alias account and answers it as it is now; `None` where a repeat finds it purged.
    pub async fn update_alias_account(
        &self,
        caller: &Mutating<'_>,
        input: UpdateAliasAccount,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Aliases, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let (update, warnings) = input.checked(&self.rules.guard)?;
            self.tell(&warnings);
            let edit = Edit {
                mutation: MUTATION,
                id: update.id,
                id_field: "id",
                expected_version: update.expected_version,
                outcome: Outcome { alias_accounts: vec![update.id], ..Outcome::default() },
                merged: &|clear, personal| update.merged(clear, personal),
            };
            let outcome = self.edit_alias_account(caller, key.as_deref(), &update, &edit).await?;
            self.stored_alias_account(caller, outcome.alias_accounts.first().copied(), detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }
}
