//! Reading alias accounts.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::lists::{List, Listed, Order};
use super::ports::access::{Action, Resource};
use super::ports::list::{Count, Filter, Page, PageRequest, State};
use super::ports::record::{AliasAccountRecord, Claim, Detail};
use super::reading::each;
use super::weight::Weight;
use crate::domain::alias_account::AliasAccountPersonal;
use crate::domain::filter::{AliasAccountFilter, IDS_MAX};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId};
use std::collections::HashMap;

impl Registry {
    /// The alias accounts with these ids, in one store call; one that cannot be read is answered by its failure.
    pub async fn alias_accounts(
        &self,
        caller: &Caller,
        ids: &[AliasAccountId],
        state: State,
        detail: Detail,
    ) -> Result<HashMap<AliasAccountId, Result<AliasAccountRecord, Failure>>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        let read = |ids| self.store.alias_accounts(caller.organization, ids, state, detail);
        let (found, unreadable) = each(caller, ids, read).await?;
        caller.spend(found.weight())?;
        let found = found.into_iter().map(|record| (record.clear.id, Ok(record)));
        Ok(found.chain(unreadable.into_iter().map(|(id, failure)| (id, Err(failure)))).collect())
    }

    /// The live alias accounts of these accounts of one ledger, in one store call; one that cannot be read is answered
    /// by its failure.
    pub async fn alias_accounts_by_ledger_accounts(
        &self,
        caller: &Caller,
        ledger: LedgerId,
        accounts: &[AccountId],
        detail: Detail,
    ) -> Result<HashMap<AccountId, Result<AliasAccountRecord, Failure>>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        if accounts.len() > IDS_MAX {
            let message = format!("accountIds has {} ids: at most {IDS_MAX} are taken", accounts.len());
            return Err(Failure::BadUserInput(message));
        }
        let claim = |account: &AccountId| (self.vault.account_claim(ledger, *account), *account);
        let wanted: HashMap<Claim, AccountId> = accounts.iter().map(claim).collect();
        let claims: Vec<Claim> = wanted.keys().cloned().collect();
        let read = |claims| self.store.alias_accounts_with_claims(caller.organization, claims, detail);
        let (found, unreadable) = each(caller, &claims, read).await?;
        caller.spend(found.weight())?;
        let found = found.into_iter().map(|record| (record.clear.account_id, Ok(record)));
        let unreadable = unreadable
            .into_iter()
            .filter_map(|(claim, failure)| wanted.get(&claim).map(|account| (*account, Err(failure))));
        Ok(found.chain(unreadable).collect())
    }

    /// The list of the alias accounts that a filter lets through, of all holders or of one.
    pub async fn alias_account_list(
        &self,
        caller: &Caller,
        of: Option<HolderId>,
        filter: AliasAccountFilter,
        order: Order,
    ) -> Result<List, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        let listed = of.map_or(Listed::AliasAccounts, Listed::AliasAccountsOf);
        Ok(self.list(caller.organization, listed, filter.read()?, order))
    }

    /// One page of a list of alias accounts of all holders.
    pub async fn list_alias_accounts(
        &self,
        caller: &Caller,
        list: &List,
        page: PageRequest,
    ) -> Result<Page<AliasAccountRecord>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        let page = caller.walks(self.store.list_alias_accounts(caller.organization, &list.filter, page));
        let page = match list.looks_up {
            true => self.lookups.look_up(caller, page, Page::shows_any).await?,
            false => page.await?,
        };
        caller.spend(page.weight())?;
        Ok(page)
    }

    /// How many alias accounts a list of all holders has. Where it looks up a sealed value, its page was read before,
    /// and counted as a look-up.
    pub async fn count_alias_accounts(&self, caller: &Caller, list: &List) -> Result<Count, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        caller.walks(self.store.count_alias_accounts(caller.organization, &list.filter)).await
    }

    /// One page of alias accounts for each of these holders, in one store call. Where it looks up a sealed value, it is
    /// one look-up however many holders there are: it tells less than the same look-up of the whole organization.
    pub async fn alias_accounts_of(
        &self,
        caller: &Caller,
        holders: &[HolderId],
        filter: &Filter,
        looks_up: bool,
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        let pages = caller.walks(self.store.alias_accounts_of(caller.organization, holders, filter, page));
        let shows_any = |pages: &HashMap<_, Page<_>>| pages.values().any(Page::shows_any);
        let pages = match looks_up {
            true => self.lookups.look_up(caller, pages, shows_any).await?,
            false => pages.await?,
        };
        caller.spend(pages.values().map(Weight::weight).sum())?;
        Ok(pages)
    }

    /// How many alias accounts each of these holders has, in one store call.
    pub async fn count_alias_accounts_of(
        &self,
        caller: &Caller,
        holders: &[HolderId],
        filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        caller.walks(self.store.count_alias_accounts_of(caller.organization, holders, filter)).await
    }

    /// An alias account's personal data.
    pub fn open_alias_account(&self, record: &AliasAccountRecord) -> Result<AliasAccountPersonal, Failure> {
        self.vault.open_alias_account(record).map_err(|_| Failure::Unreadable)
    }

    /// The record of a mutation's own payload, in whatever state it is now: needs no permission beyond the mutation's.
    pub(super) async fn stored_alias_account(
        &self,
        caller: &Caller,
        id: Option<AliasAccountId>,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        match id {
            Some(id) => Ok(self.one_alias_account(caller, id, State::Any, detail).await?),
            None => Ok(None),
        }
    }

    /// One alias account, for a use case that has asked for its own permission.
    pub(super) async fn one_alias_account(
        &self,
        caller: &Caller,
        id: AliasAccountId,
        state: State,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Failure> {
        let ids = [id];
        let read = self.store.alias_accounts(caller.organization, &ids, state, detail);
        Ok(caller.within(read).await?.pop())
    }
}
