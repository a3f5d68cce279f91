//! Deleting an alias account, softly or for good.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{Deletion, Detail, Purge};
use super::refusals::{alias_account_not_found, check_version, no_alias_account};
use crate::domain::ids::AliasAccountId;
use crate::domain::target::{CheckedTarget, DeletionMode, Target};

const MUTATION: &str = "deleteAliasAccount";

impl Registry {
    /// Deletes an alias account and answers its id.
    pub async fn delete_alias_account(
        &self,
        caller: &Mutating<'_>,
        input: Target,
        mode: DeletionMode,
    ) -> Result<Option<AliasAccountId>, Refusal> {
        let work = async {
            caller.may(Resource::Aliases, Action::deleting(mode)).await?;
            let key = input.idempotency_key.clone();
            let target = input.checked(AliasAccountId::parse)?;
            let attempt = |operation| self.try_delete_alias_account(caller, &target, mode, operation);
            let input = (&target, mode);
            let once = self.once(caller, MUTATION, key.as_deref(), &input, Some(target.id.0), attempt);
            let outcome = once.await?;
            Ok(outcome.alias_accounts.first().copied())
        };
        self.audited(caller, MUTATION, EntryKind::deleting(mode), work).await
    }

    /// One try, on the alias account as it is now; `None` where somebody else changed it meanwhile.
    async fn try_delete_alias_account(
        &self,
        caller: &Mutating<'_>,
        target: &CheckedTarget<AliasAccountId>,
        mode: DeletionMode,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let (state, missing) = match mode {
            DeletionMode::Soft => (State::Live, alias_account_not_found("id")),
            DeletionMode::Hard => (State::Any, no_alias_account()),
        };
        let found = self.one_alias_account(caller, target.id, state, Detail::Clear).await?.ok_or(missing)?;
        check_version(target.expected_version, found.version)?;
        let (organization, id, revision) = (caller.organization, found.clear.id, found.revision);
        let ours = Outcome { alias_accounts: vec![id], ..Outcome::default() };
        let conclusion = conclusion(&operation, &ours);
        let commit = match mode {
            DeletionMode::Soft => {
                let at = self.mint.now_after(found.clear.updated_at);
                let version = found.version.saturating_add(1);
                let audit = self.audit(caller, MUTATION, records(&ours));
                let deletion = Deletion { organization, id, at, version, revision, audit };
                caller.within(self.store.delete_alias_account(deletion, conclusion)).await?
            }
            DeletionMode::Hard => {
                let audit = self.audit_purge(caller, MUTATION, records(&ours));
                let purge = Purge { organization, id, revision, audit };
                caller.within(self.store.purge_alias_account(purge, conclusion)).await?
            }
        };
        settled(caller, commit, ours, |_| Failure::Internal.into())
    }
}
