//! Changing a live alias account: what its own update and those of its related parties have in common.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{Change, Detail};
use super::refusals::{alias_account_not_found, check_version};
use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal};
use crate::domain::fault::Fault;
use crate::domain::ids::AliasAccountId;
use serde::Serialize;

/// What becomes of an alias account, or what its merge shows to be wrong.
type Merged = Result<(AliasAccount, AliasAccountPersonal), Vec<Fault>>;

/// One edit.
pub(super) struct Edit<'a> {
    /// The mutation's name in the schema.
    pub(super) mutation: &'static str,
    /// Which alias account.
    pub(super) id: AliasAccountId,
    /// The field of the input that names it.
    pub(super) id_field: &'static str,
    /// The version that it must have.
    pub(super) expected_version: Option<i32>,
    /// What a repeat is told.
    pub(super) outcome: Outcome,
    /// Merges the edit into the alias account as it is now.
    pub(super) merged: &'a (dyn Fn(&AliasAccount, &AliasAccountPersonal) -> Merged + Sync),
}

impl Registry {
    /// Makes the edit on the alias account as it is: edits of different parts both survive.
    pub(super) async fn edit_alias_account<I: Serialize + Sync>(
        &self,
        caller: &Mutating<'_>,
        key: Option<&str>,
        input: &I,
        edit: &Edit<'_>,
    ) -> Result<Outcome, Refusal> {
        let attempt = |operation| self.try_edit(caller, operation, edit);
        self.once(caller, edit.mutation, key, input, Some(edit.id.0), attempt).await
    }

    async fn try_edit(
        &self,
        caller: &Mutating<'_>,
        operation: Keyed,
        edit: &Edit<'_>,
    ) -> Result<Option<Outcome>, Refusal> {
        let found = self.one_alias_account(caller, edit.id, State::Live, Detail::Sealed).await?;
        let found = found.ok_or_else(|| alias_account_not_found(edit.id_field))?;
        check_version(edit.expected_version, found.version)?;
        let personal = self.vault.open_alias_account(&found)?;
        let (mut clear, merged) = (edit.merged)(&found.clear, &personal)?;
        let ours = edit.outcome.clone();
        if (&clear, &merged) == (&found.clear, &personal) {
            return self.conclude(caller, &operation, ours).await.map(Some);
        }
        clear.updated_at = self.mint.now_after(found.clear.updated_at);
        let change = Change {
            protected: self.vault.protect_alias_account(&clear, &merged)?,
            clear,
            version: found.version.saturating_add(1),
            revision: found.revision,
            audit: self.audit(caller, edit.mutation, records(&ours)),
        };
        let write = self.store.update_alias_account(change, conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        settled(caller, commit, ours, |_| Failure::Internal.into())
    }
}
