//! Reading alias accounts.

use super::Registry;
use super::caller::Caller;
use super::failure::{Failure, Refusal};
use super::ports::access::{Action, Resource};
use super::ports::record::{AliasAccountRecord, Detail};
use super::ports::store::{Page, PageRequest, Position};
use crate::domain::alias_account::AliasAccountPersonal;
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId};
use crate::domain::time::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

impl Registry {
    /// The live alias accounts with these ids, in any order, in one store call.
    pub async fn alias_accounts(
        &self,
        caller: &Caller,
        ids: &[AliasAccountId],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        caller.within(self.store.alias_accounts(caller.organization, ids, detail)).await
    }

    /// The live alias account of a ledger account.
    pub async fn alias_account_by_ledger_account(
        &self,
        caller: &Caller,
        ledger: LedgerId,
        account: AccountId,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        let claim = self.vault.account_claim(ledger, account);
        caller.within(self.store.alias_account_with_claim(caller.organization, &[claim], detail)).await
    }

    /// One page of alias accounts for each of these holders, in one store call.
    pub async fn alias_accounts_of(
        &self,
        caller: &Caller,
        holders: &[HolderId],
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, Failure> {
        caller.may(Resource::Aliases, Action::Get).await?;
        caller.within(self.store.alias_accounts_of(caller.organization, holders, page)).await
    }

    /// An alias account's personal data.
    pub fn open_alias_account(&self, record: &AliasAccountRecord) -> Result<AliasAccountPersonal, Failure> {
        self.vault.open_alias_account(record).map_err(|_| Failure::Unreadable)
    }

    /// The cursor of an alias account in the list of its holder.
    pub fn cursor_of(&self, caller: &Caller, record: &AliasAccountRecord) -> String {
        let mut content = record.clear.created_at.0.to_be_bytes().to_vec();
        content.extend_from_slice(record.clear.id.as_bytes());
        self.vault.make_cursor(caller.organization, &scope(record.clear.holder_id), &content)
    }

    /// The place that a cursor of this holder's list names.
    pub fn position_of(&self, caller: &Caller, holder: HolderId, cursor: &str) -> Result<Position, Failure> {
        self.vault
            .read_cursor(caller.organization, &scope(holder), cursor)
            .and_then(|content| read_position(&content))
            .ok_or_else(|| {
                let message =
                    "after is no cursor of this list: give an endCursor or cursor that this list answered";
                Failure::BadUserInput(message.to_owned())
            })
    }

    /// The record of a mutation's own payload: needs no permission beyond the mutation's.
    pub(super) async fn stored_alias_account(
        &self,
        caller: &Caller,
        id: Option<AliasAccountId>,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Refusal> {
        match id {
            Some(id) => Ok(self.one_alias_account(caller, id, detail).await?),
            None => Ok(None),
        }
    }

    /// One live alias account, for a use case that has asked for its own permission.
    pub(super) async fn one_alias_account(
        &self,
        caller: &Caller,
        id: AliasAccountId,
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, Failure> {
        Ok(caller.within(self.store.alias_accounts(caller.organization, &[id], detail)).await?.pop())
    }
}

/// What a cursor is bound to beside the organization: the list, its filter and its order.
fn scope(holder: HolderId) -> String {
    format!("Holder.aliasAccounts/{holder}/CREATED_AT/ASC")
}

fn read_position(content: &[u8]) -> Option<Position> {
    let (time, id) = content.split_first_chunk::<8>()?;
    let id = AliasAccountId(Uuid::from_slice(id).ok()?);
    Some(Position { created_at: Timestamp(i64::from_be_bytes(*time)), id })
}
