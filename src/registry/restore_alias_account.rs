//! Putting a soft-deleted alias account back (rule 5).

use super::Registry;
use super::confirm::Wanted;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Change, Detail};
use super::ports::store::{Commit, Refused};
use super::refusals::{account_in_use, check_version, its_holder_not_live, no_alias_account, not_deleted};
use crate::domain::alias_account::{AccountLink, AliasAccount};
use crate::domain::fault::FieldPath;
use crate::domain::ids::AliasAccountId;
use crate::domain::target::{CheckedTarget, Target};

const MUTATION: &str = "restoreAliasAccount";

impl Registry {
    /// Restores an alias account whose holder is live, whose account is free and which the ledger still confirms;
    /// answers it as it is now; `None` where a repeat finds it purged.
    pub async fn restore_alias_account(
        &self,
        caller: &Mutating<'_>,
        input: Target,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Aliases, Action::Patch).await?;
            let key = input.idempotency_key.clone();
            let target = input.checked(AliasAccountId::parse)?;
            let attempt = |operation| self.try_restore_alias_account(caller, &target, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &target, Some(target.id.0), attempt);
            let outcome = once.await?;
            self.stored_alias_account(caller, outcome.alias_accounts.first().copied(), detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    /// One try, on the alias account as it is now; `None` where somebody else changed it meanwhile.
    async fn try_restore_alias_account(
        &self,
        caller: &Mutating<'_>,
        target: &CheckedTarget<AliasAccountId>,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let found = self.one_alias_account(caller, target.id, State::Any, Detail::Sealed).await?;
        let found = found.ok_or_else(no_alias_account)?;
        if found.clear.deleted_at.is_none() {
            return Err(not_deleted().into());
        }
        check_version(target.expected_version, found.version)?;
        let holder = self.one_holder(caller, found.clear.holder_id, State::Live, Detail::Clear).await?;
        if holder.is_none() {
            return Err(its_holder_not_live().into());
        }
        let link = self.still_confirmed(caller, &found).await?;
        let ours = Outcome { alias_accounts: vec![found.clear.id], ..Outcome::default() };
        let mut change = self.restoration(&found, link)?;
        change.audit = self.audit(caller, MUTATION, records(&ours));
        let write = self.store.restore_alias_account(change, conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        restored(caller, commit, ours)
    }

    async fn still_confirmed(
        &self,
        caller: &Mutating<'_>,
        found: &AliasAccountRecord,
    ) -> Result<AccountLink, Refusal> {
        let id = FieldPath::input().field("id");
        let wanted = Wanted {
            ledger: found.clear.ledger_id,
            account: found.clear.account_id,
            ledger_field: id.clone(),
            account_field: id,
        };
        let links = self.confirm(caller, found.clear.holder_id, &[wanted]).await?;
        links.into_iter().next().ok_or_else(|| Failure::Internal.into())
    }

    /// The alias account as it is to be, with no audit entry yet.
    fn restoration(
        &self,
        found: &AliasAccountRecord,
        link: AccountLink,
    ) -> Result<Change<AliasAccount>, Failure> {
        let personal = self.vault.open_alias_account(found)?;
        let updated_at = self.mint.now_after(found.clear.updated_at);
        let clear = AliasAccount { deleted_at: None, updated_at, link, ..found.clear.clone() };
        Ok(Change {
            protected: self.vault.protect_alias_account(&clear, &personal)?,
            clear,
            version: found.version.saturating_add(1),
            revision: found.revision,
            audit: Vec::new(),
        })
    }
}

fn restored(caller: &Mutating<'_>, commit: Commit, ours: Outcome) -> Result<Option<Outcome>, Refusal> {
    settled(caller, commit, ours, |refused| match refused {
        Refused::HolderNotLive => its_holder_not_live().into(),
        Refused::Taken(_) => account_in_use(FieldPath::input().field("id")).into(),
        _ => Failure::Internal.into(),
    })
}
