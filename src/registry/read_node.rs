//! Finding a record of either kind by its id.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::access::{Action, Resource};
use super::ports::record::{AliasAccountRecord, Detail, HolderRecord};
use super::ports::store::State;
use crate::domain::ids::{AliasAccountId, HolderId};
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
    /// The live record with this id. Which permission it needs depends on what it is, so it is looked up first.
    pub async fn node(&self, caller: &Caller, id: Uuid, detail: Detail) -> Result<Option<Found>, Failure> {
        if let Some(holder) = self.one_holder(caller, HolderId(id), State::Live, detail).await? {
            caller.may(Resource::Holders, Action::Get).await?;
            return Ok(Some(Found::Holder(holder.into())));
        }
        let found = self.one_alias_account(caller, AliasAccountId(id), detail).await?;
        let Some(alias_account) = found else { return self.no_node(caller).await.map(|()| None) };
        caller.may(Resource::Aliases, Action::Get).await?;
        Ok(Some(Found::AliasAccount(alias_account.into())))
    }

    /// Where there is no record there is no permission to ask for, yet a token that nobody has verified must not
    /// learn even that: so any permission is asked for, and only its denial is passed over.
    pub async fn no_node(&self, caller: &Caller) -> Result<(), Failure> {
        match caller.may(Resource::Holders, Action::Get).await {
            Ok(()) | Err(Failure::Forbidden(_)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}
