//! Deleting a holder, softly or for good.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{Deletion, Detail, HolderRecord, Purge};
use super::ports::store::{Commit, Refused};
use super::refusals::{check_version, has_alias_accounts, holder_not_found, no_holder};
use crate::domain::ids::HolderId;
use crate::domain::target::{CheckedTarget, DeletionMode, Target};

const MUTATION: &str = "deleteHolder";

impl Registry {
    /// Deletes a holder that has no live alias account, and answers its id.
    pub async fn delete_holder(
        &self,
        caller: &Mutating<'_>,
        input: Target,
        mode: DeletionMode,
    ) -> Result<Option<HolderId>, Refusal> {
        let work = async {
            caller.may(Resource::Holders, Action::deleting(mode)).await?;
            let key = input.idempotency_key.clone();
            let target = input.checked(HolderId::parse)?;
            let attempt = |operation| self.try_delete_holder(caller, &target, mode, operation);
            let input = (&target, mode);
            let once = self.once(caller, MUTATION, key.as_deref(), &input, Some(target.id.0), attempt);
            let outcome = once.await?;
            Ok(outcome.holder)
        };
        self.audited(caller, MUTATION, EntryKind::deleting(mode), work).await
    }

    /// One try, on the holder as it is now; `None` where somebody else changed it meanwhile.
    async fn try_delete_holder(
        &self,
        caller: &Mutating<'_>,
        target: &CheckedTarget<HolderId>,
        mode: DeletionMode,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let (state, missing) = match mode {
            DeletionMode::Soft => (State::Live, holder_not_found("id")),
            DeletionMode::Hard => (State::Any, no_holder()),
        };
        let holder = self.one_holder(caller, target.id, state, Detail::Clear).await?.ok_or(missing)?;
        check_version(target.expected_version, holder.version)?;
        let ours = Outcome { holder: Some(holder.clear.id), ..Outcome::default() };
        let conclusion = conclusion(&operation, &ours);
        let commit = match mode {
            DeletionMode::Soft => {
                let deletion = self.deletion(caller, &holder, &ours);
                caller.within(self.store.delete_holder(deletion, conclusion)).await?
            }
            DeletionMode::Hard => {
                let purge = Purge {
                    organization: caller.organization,
                    id: holder.clear.id,
                    revision: holder.revision,
                    audit: self.audit_purge(caller, MUTATION, records(&ours)),
                };
                caller.within(self.store.purge_holder(purge, conclusion)).await?
            }
        };
        self.deleted(caller, commit, ours)
    }

    fn deletion(&self, caller: &Mutating<'_>, holder: &HolderRecord, ours: &Outcome) -> Deletion<HolderId> {
        Deletion {
            organization: caller.organization,
            id: holder.clear.id,
            at: self.mint.now_after(holder.clear.updated_at),
            version: holder.version.saturating_add(1),
            revision: holder.revision,
            audit: self.audit(caller, MUTATION, records(ours)),
        }
    }

    fn deleted(
        &self,
        caller: &Mutating<'_>,
        commit: Commit,
        ours: Outcome,
    ) -> Result<Option<Outcome>, Refusal> {
        settled(caller, commit, ours, |refused| match refused {
            Refused::HasAliasAccounts => has_alias_accounts().into(),
            _ => Failure::Internal.into(),
        })
    }
}
