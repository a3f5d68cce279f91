//! Finding records of either kind by their ids.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::access::{Action, Resource};
use super::ports::list::State;
use super::ports::record::{AliasAccountRecord, Detail, HolderRecord};
use super::reading::each;
use super::weight::Weight;
use crate::domain::ids::{AliasAccountId, HolderId};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// A record of either kind.
#[derive(Clone, Debug)]
pub enum Found {
    /// A holder.
    Holder(Arc<HolderRecord>),
    /// An alias account.
    AliasAccount(Arc<AliasAccountRecord>),
}

impl Registry {
    /// The live records with these ids, each with its own answer: which permission it needs depends on what it is, so
    /// it is looked up first. What is not there is not in the answer.
    pub async fn nodes(
        &self,
        caller: &Caller,
        ids: &[Uuid],
        detail: Detail,
    ) -> Result<HashMap<Uuid, Result<Found, Failure>>, Failure> {
        caller.belongs()?;
        let organization = caller.organization;
        let (holder_ids, alias_account_ids): (Vec<_>, Vec<_>) =
            ids.iter().map(|id| (HolderId(*id), AliasAccountId(*id))).unzip();
        let read = |ids| self.store.holders(organization, ids, State::Live, detail);
        let (holders, broken_holders) = each(caller, &holder_ids, read).await?;
        let read = |ids| self.store.alias_accounts(organization, ids, State::Live, detail);
        let (aliases, broken_aliases) = each(caller, &alias_account_ids, read).await?;
        caller.spend(holders.weight() + aliases.weight())?;
        if holders.is_empty() && aliases.is_empty() {
            self.no_node(caller).await?;
        }
        let mut found = HashMap::with_capacity(holders.len() + aliases.len());
        for (id, failure) in broken_holders {
            found.insert(id.0, caller.may(Resource::Holders, Action::Get).await.and(Err(failure)));
        }
        for (id, failure) in broken_aliases {
            found.insert(id.0, caller.may(Resource::Aliases, Action::Get).await.and(Err(failure)));
        }
        for holder in holders {
            let may = caller.may(Resource::Holders, Action::Get).await;
            found.insert(holder.clear.id.0, may.map(|()| Found::Holder(holder.into())));
        }
        for alias_account in aliases {
            let may = caller.may(Resource::Aliases, Action::Get).await;
            found.insert(alias_account.clear.id.0, may.map(|()| Found::AliasAccount(alias_account.into())));
        }
        Ok(found)
    }

    /// Where there is no record there is no permission to ask for, yet a token that nobody has verified must not
    /// learn even that: so any permission is asked for, and only its denial is passed over.
    pub async fn no_node(&self, caller: &Caller) -> Result<(), Failure> {
        caller.belongs()?;
        match caller.may(Resource::Holders, Action::Get).await {
            Ok(()) | Err(Failure::Forbidden(_)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}
