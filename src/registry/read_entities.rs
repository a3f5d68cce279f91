//! Finding records by their keys, whatever their kinds.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::access::{Action, Resource};
use super::ports::audit::AuditedRecord;
use super::ports::list::State;
use super::ports::record::{AliasAccountRecord, Claim, Detail, HolderRecord};
use super::reading::each;
use super::weight::Weight;
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A record of either kind.
#[derive(Clone, Debug)]
pub enum Found {
    /// A holder.
    Holder(Arc<HolderRecord>),
    /// An alias account.
    AliasAccount(Arc<AliasAccountRecord>),
}

/// What one record is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntityKey {
    /// A holder, by its id.
    Holder(HolderId),
    /// An alias account, by its id.
    AliasAccount(AliasAccountId),
    /// An alias account, by the account of a ledger that it links.
    LedgerAccount(LedgerId, AccountId),
}

impl EntityKey {
    /// What has to be allowed to see the record.
    fn resource(self) -> Resource {
        match self {
            Self::Holder(_) => Resource::Holders,
            Self::AliasAccount(_) | Self::LedgerAccount(..) => Resource::Aliases,
        }
    }
}

/// What was found, by what it was asked for; what is not there is not in it.
pub type Entities = HashMap<EntityKey, Result<Found, Failure>>;

impl Registry {
    /// The live records with these keys, each with its own answer, in one store call for each kind of key. They are
    /// looked up before the permission, which depends on what there is.
    pub async fn entities(
        &self,
        caller: &Caller,
        keys: &[EntityKey],
        detail: Detail,
    ) -> Result<Entities, Failure> {
        caller.belongs()?;
        let (mut holders, mut alias_accounts, mut claims) = (Vec::new(), Vec::new(), HashMap::new());
        for key in keys.iter().copied().collect::<HashSet<_>>() {
            match key {
                EntityKey::Holder(id) => holders.push(id),
                EntityKey::AliasAccount(id) => alias_accounts.push(id),
                EntityKey::LedgerAccount(ledger, account) => {
                    claims.insert(self.vault.account_claim(ledger, account), key);
                }
            }
        }
        let mut found = self.holder_entities(caller, &holders, detail).await?;
        found.extend(self.alias_account_entities(caller, &alias_accounts, detail).await?);
        found.extend(self.ledger_account_entities(caller, &claims, detail).await?);
        if found.is_empty() {
            self.no_node(caller).await?;
        }
        for (key, one) in &mut found {
            if let Err(refused) = caller.may(key.resource(), Action::Get).await {
                caller.revealed.withhold(found_record(key, one));
                *one = Err(refused);
            }
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

    async fn holder_entities(
        &self,
        caller: &Caller,
        ids: &[HolderId],
        detail: Detail,
    ) -> Result<Entities, Failure> {
        let read = |ids| self.store.holders(caller.organization, ids, State::Live, detail);
        let (records, unreadable) = each(caller, ids, read).await?;
        caller.spend(records.weight())?;
        let one =
            |record: HolderRecord| (EntityKey::Holder(record.clear.id), Ok(Found::Holder(record.into())));
        let broken = unreadable.into_iter().map(|(id, failure)| (EntityKey::Holder(id), Err(failure)));
        Ok(records.into_iter().map(one).chain(broken).collect())
    }

    async fn alias_account_entities(
        &self,
        caller: &Caller,
        ids: &[AliasAccountId],
        detail: Detail,
    ) -> Result<Entities, Failure> {
        let read = |ids| self.store.alias_accounts(caller.organization, ids, State::Live, detail);
        let (records, unreadable) = each(caller, ids, read).await?;
        caller.spend(records.weight())?;
        let one = |record: AliasAccountRecord| {
            (EntityKey::AliasAccount(record.clear.id), Ok(Found::AliasAccount(record.into())))
        };
        let broken = unreadable.into_iter().map(|(id, failure)| (EntityKey::AliasAccount(id), Err(failure)));
        Ok(records.into_iter().map(one).chain(broken).collect())
    }

    async fn ledger_account_entities(
        &self,
        caller: &Caller,
        keys: &HashMap<Claim, EntityKey>,
        detail: Detail,
    ) -> Result<Entities, Failure> {
        let claims: Vec<Claim> = keys.keys().cloned().collect();
        let read = |claims| self.store.alias_accounts_with_claims(caller.organization, claims, detail);
        let (records, unreadable) = each(caller, &claims, read).await?;
        caller.spend(records.weight())?;
        let one = |record: AliasAccountRecord| {
            let key = EntityKey::LedgerAccount(record.clear.ledger_id, record.clear.account_id);
            (key, Ok(Found::AliasAccount(record.into())))
        };
        let broken = unreadable.into_iter();
        let broken = broken.filter_map(|(claim, failure)| keys.get(&claim).map(|key| (*key, Err(failure))));
        Ok(records.into_iter().map(one).chain(broken).collect())
    }
}

/// The record that was found by a key; one that cannot be read is known by its key alone.
fn found_record(key: &EntityKey, one: &Result<Found, Failure>) -> Option<AuditedRecord> {
    match (key, one) {
        (EntityKey::Holder(id), _) => Some(AuditedRecord::Holder(*id)),
        (EntityKey::AliasAccount(id), _) => Some(AuditedRecord::AliasAccount(*id)),
        (EntityKey::LedgerAccount(..), Ok(Found::AliasAccount(found))) => {
            Some(AuditedRecord::AliasAccount(found.clear.id))
        }
        (EntityKey::LedgerAccount(..), _) => None,
    }
}
