//! Asking the ledger again about a linked account, and recording the answer.

use super::Registry;
use super::failure::{Failure, Refusal};
use super::mutating::Mutating;
use super::operation::settled;
use super::ports::access::{Action, Resource};
use super::ports::audit::{AuditedRecord, EntryKind};
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Detail, LinkCheck};
use super::refusals::alias_account_not_found;
use crate::domain::alias_account::AccountLink;
use crate::domain::ids::AliasAccountId;
use crate::domain::target::Target;

const MUTATION: &str = "verifyAliasAccount";

impl Registry {
    /// Asks the ledger about a live alias account's account and records what it says. Where the ledger says nothing,
    /// the link stays as it was.
    pub async fn verify_alias_account(
        &self,
        caller: &Mutating<'_>,
        input: Target,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        let work = async {
            caller.may(Resource::Aliases, Action::Patch).await?;
            let id = input.checked(AliasAccountId::parse)?.id;
            loop {
                let found = self.live_alias_account(caller, id).await?;
                let link = self.checked_link(caller, &found).await?;
                if self.try_record(caller, &found, link).await? {
                    break;
                }
                // Somebody else wrote meanwhile, perhaps a later answer: the ledger is asked again.
            }
            self.stored_alias_account(caller, Some(id), detail).await
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    async fn live_alias_account(
        &self,
        caller: &Mutating<'_>,
        id: AliasAccountId,
    ) -> Result<AliasAccountRecord, Refusal> {
        let found = self.one_alias_account(caller, id, State::Live, Detail::Clear).await?;
        found.ok_or_else(|| alias_account_not_found("id").into())
    }

    async fn checked_link(
        &self,
        caller: &Mutating<'_>,
        found: &AliasAccountRecord,
    ) -> Result<AccountLink, Failure> {
        let (judge, organization) = (self.link_judge(), caller.organization);
        let asked = async {
            let judged = judge.judge(&caller.call, organization, &[&found.clear]).await?;
            match judged.into_iter().next() {
                Some(judged) => judged.map_err(Failure::from),
                None => Err(Failure::Internal),
            }
        };
        caller.within(asked).await
    }

    async fn try_record(
        &self,
        caller: &Mutating<'_>,
        found: &AliasAccountRecord,
        link: AccountLink,
    ) -> Result<bool, Refusal> {
        let check = LinkCheck {
            organization: caller.organization,
            id: found.clear.id,
            link,
            revision: found.revision,
            audit: self.audit(caller, MUTATION, [AuditedRecord::AliasAccount(found.clear.id)]),
        };
        let commit = caller.within(self.store.record_link_check(check)).await?;
        let ours = Outcome::default();
        Ok(settled(caller, commit, ours, |_| Failure::Internal.into())?.is_some())
    }
}
