//! Changing a holder.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{Change, Detail, HolderRecord};
use super::refusals::{check_version, holder_not_found};
use crate::domain::update_holder::{CheckedHolderUpdate, UpdateHolder};

const MUTATION: &str = "updateHolder";

impl Registry {
    /// Merges an update into a live holder and answers it as it is now; `None` where a repeat finds it purged.
    pub async fn update_holder(
        &self,
        caller: &Mutating<'_>,
        input: UpdateHolder,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Holders, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let (update, warnings) = input.checked(&self.rules.guard)?;
            self.tell(&warnings);
            let attempt = |operation| self.try_update_holder(caller, &update, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &update, Some(update.id.0), attempt);
            let outcome = once.await?;
            self.stored_holder(caller, outcome.holder, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    /// One try, on the holder as it is now; `None` where somebody else changed it meanwhile.
    async fn try_update_holder(
        &self,
        caller: &Mutating<'_>,
        update: &CheckedHolderUpdate,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let holder = self.one_holder(caller, update.id, State::Live, Detail::Sealed).await?;
        let holder = holder.ok_or_else(|| holder_not_found("id"))?;
        check_version(update.expected_version, holder.version)?;
        let personal = self.vault.open_holder(&holder)?;
        let (mut clear, merged) = update.merged(&holder.clear, &personal)?;
        let ours = Outcome { holder: Some(clear.id), ..Outcome::default() };
        if (&clear, &merged) == (&holder.clear, &personal) {
            return self.conclude(caller, &operation, ours).await.map(Some);
        }
        clear.updated_at = self.mint.now_after(holder.clear.updated_at);
        let change = Change {
            protected: self.vault.protect_holder(&clear, &merged)?,
            clear,
            version: holder.version.saturating_add(1),
            revision: holder.revision,
            audit: self.audit(caller, MUTATION, records(&ours)),
        };
        let write = self.store.update_holder(change, conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        settled(caller, commit, ours, |_| Failure::Internal.into())
    }
}
