//! Putting a soft-deleted holder back (rule 5).

use super::Registry;
use super::failure::Refusal;
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{Change, Detail, HolderRecord};
use super::refusals::{check_version, no_holder, not_deleted, taken};
use crate::domain::fault::FieldPath;
use crate::domain::holder::Holder;
use crate::domain::ids::HolderId;
use crate::domain::target::{CheckedTarget, Target};

const MUTATION: &str = "restoreHolder";

impl Registry {
    /// Restores a holder whose document is still free, and answers it as it is now; `None` where a repeat finds it
    /// purged.
    pub async fn restore_holder(
        &self,
        caller: &Mutating<'_>,
        input: Target,
        detail: Detail,
    ) -> Result<Option<HolderRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Holders, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let target = input.checked(HolderId::parse)?;
            let attempt = |operation| self.try_restore_holder(caller, &target, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &target, Some(target.id.0), attempt);
            let outcome = once.await?;
            self.stored_holder(caller, outcome.holder, detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    /// One try, on the holder as it is now; `None` where somebody else changed it meanwhile.
    async fn try_restore_holder(
        &self,
        caller: &Mutating<'_>,
        target: &CheckedTarget<HolderId>,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let holder = self.one_holder(caller, target.id, State::Any, Detail::Sealed).await?;
        let holder = holder.ok_or_else(no_holder)?;
        if holder.clear.deleted_at.is_none() {
            return Err(not_deleted().into());
        }
        check_version(target.expected_version, holder.version)?;
        let personal = self.vault.open_holder(&holder)?;
        let updated_at = self.mint.now_after(holder.clear.updated_at);
        let clear = Holder { deleted_at: None, updated_at, ..holder.clear };
        let ours = Outcome { holder: Some(clear.id), ..Outcome::default() };
        let change = Change {
            protected: self.vault.protect_holder(&clear, &personal)?,
            clear,
            version: holder.version.saturating_add(1),
            revision: holder.revision,
            audit: self.audit(caller, MUTATION, records(&ours)),
        };
        let write = self.store.restore_holder(change, conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        let id = FieldPath::input().field("id");
        settled(caller, commit, ours, |refused| taken(refused, id.clone(), |_| id.clone()))
    }
}
