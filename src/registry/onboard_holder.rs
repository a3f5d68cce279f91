//! One holder and its alias accounts in one call: all of them, or nothing.

use super::Registry;
use super::caller::Caller;
use super::confirm::Wanted;
use super::create_alias_account::wanted;
use super::failure::{Failure, Refusal};
use super::mutating::{Mutating, records};
use super::operation::{Keyed, conclusion, settled};
use super::ports::access::{Action, Resource};
use super::ports::audit::EntryKind;
use super::ports::list::State;
use super::ports::operation::Outcome;
use super::ports::record::{AliasAccountRecord, Detail, HolderRecord};
use super::reading::each;
use super::refusals::taken;
use crate::domain::fault::FieldPath;
use crate::domain::ids::AliasAccountId;
use crate::domain::onboard_holder::{CheckedOnboarding, OnboardHolder};
use std::collections::HashMap;

const MUTATION: &str = "onboardHolder";

/// What an onboarding wrote, as it is now; what was purged meanwhile is left out.
#[derive(Clone, Debug, Default)]
pub struct Onboarded {
    /// The holder.
    pub holder: Option<HolderRecord>,
    /// Its alias accounts, in the order of the input.
    pub alias_accounts: Vec<AliasAccountRecord>,
}

impl Registry {
    /// Creates a holder with its alias accounts and answers them as they were stored; `holder` and `alias_accounts`
    /// say how much of each is wanted.
    pub async fn onboard_holder(
        &self,
        caller: &Mutating<'_>,
        input: OnboardHolder,
        holder: Detail,
        alias_accounts: Detail,
    ) -> Result<Onboarded, Refusal> {
        let work = async {
            caller.may(Resource::Holders, Action::Post).await?;
            caller.may(Resource::Aliases, Action::Post).await?;
            if input.holder.idempotency_key.is_some() {
                let message =
                    "holder.idempotencyKey has no place in onboardHolder: give the key beside holder";
                return Err(Failure::BadUserInput(message.to_owned()).into());
            }
            let key = input.idempotency_key.clone();
            let (input, warnings) = input.checked(&self.rules.guard)?;
            self.tell(&warnings);
            let attempt = |operation| self.onboard(caller, &input, operation);
            let once = self.once(caller, MUTATION, key.as_deref(), &input, None, attempt);
            let outcome = once.await?;
            Ok(Onboarded {
                holder: self.stored_holder(caller, outcome.holder, holder).await?,
                alias_accounts: self.in_order(caller, &outcome.alias_accounts, alias_accounts).await?,
            })
        };
        self.audited(caller, MUTATION, EntryKind::Change, work).await
    }

    async fn onboard(
        &self,
        caller: &Mutating<'_>,
        input: &CheckedOnboarding,
        operation: Keyed,
    ) -> Result<Option<Outcome>, Refusal> {
        let CheckedOnboarding { holder, alias_accounts } = input.clone();
        let document = holder.personal.document.clone();
        let mut holder = self.new_holder(caller.organization, holder)?;
        let wanted: Vec<Wanted> = (0..).zip(&alias_accounts).map(|(i, one)| wanted(one, &place(i))).collect();
        let links = self.confirm(caller, holder.clear.id, &wanted).await?;
        let new: Vec<_> = alias_accounts
            .into_iter()
            .zip(links)
            .map(|(input, link)| self.new_alias_account(&holder.clear, document.clone(), input, link))
            .collect::<Result<_, _>>()?;
        let ours = Outcome {
            holder: Some(holder.clear.id),
            alias_accounts: new.iter().map(|one| one.clear.id).collect(),
            ..Outcome::default()
        };
        // One entry for all of them: they are stored together, or not at all.
        holder.audit = self.audit(caller, MUTATION, records(&ours));
        let write = self.store.create_holder(holder, new, conclusion(&operation, &ours));
        let commit = caller.within(write).await?;
        settled(caller, commit, ours, |refused| {
            let document = FieldPath::input().field("holder").field("document");
            taken(refused, document, |index| place(index).field("accountId"))
        })
    }

    async fn in_order(
        &self,
        caller: &Caller,
        ids: &[AliasAccountId],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, Refusal> {
        let read = |ids| self.store.alias_accounts(caller.organization, ids, State::Any, detail);
        // One that cannot be read has been told to the operator; it must not keep the others from a repeated call.
        let (read, _) = each(caller, ids, read).await?;
        let mut found: HashMap<_, _> = read.into_iter().map(|record| (record.clear.id, record)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

fn place(index: usize) -> FieldPath {
    FieldPath::input().field("aliasAccounts").index(index)
}
