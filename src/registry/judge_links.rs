//! Asking the ledger again about accounts that are linked, and judging what it says. Nothing is written here.

use super::Registry;
use super::mint::Clock;
use super::ports::call::Call;
use super::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use super::ports::list::State;
use super::ports::record::Detail;
use super::ports::store::{Store, StoreError};
use crate::domain::alias_account::{AccountLink, AliasAccount};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::link::{HolderCheck, NamedHolder};
use std::collections::{BTreeSet, HashSet};

/// What the links of one organization are judged by.
pub(super) struct LinkJudge<'a> {
    /// Knows our holders.
    pub(super) store: &'a dyn Store,
    /// Knows the accounts.
    pub(super) ledger: &'a dyn Ledger,
    /// How strictly the ledger's own holder is compared.
    pub(super) holder_check: HolderCheck,
    /// The time of a check.
    pub(super) clock: &'a Clock,
}

/// What is to be recorded of a link, or why nothing is known of it now.
pub(super) type Judged = Result<AccountLink, LedgerError>;

impl Registry {
    /// Judges by what the operator has set.
    pub(super) fn link_judge(&self) -> LinkJudge<'_> {
        LinkJudge {
            store: &*self.store,
            ledger: &*self.ledger,
            holder_check: self.rules.holder_check,
            clock: self.mint.clock(),
        }
    }
}

impl LinkJudge<'_> {
    /// One judgement for each alias account, in their order; all are of this organization.
    pub(super) async fn judge(
        &self,
        call: &Call,
        organization: OrganizationId,
        linked: &[&AliasAccount],
    ) -> Result<Vec<Judged>, StoreError> {
        let accounts: Vec<_> = linked.iter().map(|clear| (clear.ledger_id, clear.account_id)).collect();
        let told = self.ledger.accounts(call, organization, &accounts).await;
        let there = linked.iter().zip(&told);
        let there = there.filter_map(|(clear, told)| Some((clear.holder_id, told.as_ref().ok()?)));
        let named = NamedHolders::read(self.store, organization, self.holder_check, there).await?;
        let judge = |(clear, told): (&&AliasAccount, Result<LedgerAccount, LedgerError>)| match told {
            Ok(account) => {
                let other = named.of(clear.holder_id, &account);
                Ok(account.checked(other, self.holder_check, (self.clock)()))
            }
            Err(LedgerError::LedgerNotFound | LedgerError::AccountNotFound) => {
                Ok(AccountLink::not_found((self.clock)()))
            }
            Err(silent @ (LedgerError::Forbidden | LedgerError::Unavailable(_))) => Err(silent),
        };
        Ok(linked.iter().zip(told).map(judge).collect())
    }
}

/// The other holders that the ledger names on accounts of one organization, and which of them are ours.
pub(super) struct NamedHolders {
    check: HolderCheck,
    ours: HashSet<HolderId>,
}

impl NamedHolders {
    /// Looks up those of these accounts, each beside the holder that it is linked to: live or deleted, they are ours.
    pub(super) async fn read(
        store: &dyn Store,
        organization: OrganizationId,
        check: HolderCheck,
        accounts: impl Iterator<Item = (HolderId, &LedgerAccount)>,
    ) -> Result<Self, StoreError> {
        let named = accounts.filter_map(|(holder, account)| account.other_holder(holder, check));
        let others: BTreeSet<HolderId> = named.filter_map(HolderId::parse).collect();
        if others.is_empty() {
            return Ok(Self { check, ours: HashSet::new() });
        }
        let others: Vec<HolderId> = others.into_iter().collect();
        let ours = match store.holders(organization, &others, State::Any, Detail::Clear).await {
            Ok(ours) => ours.into_iter().map(|holder| holder.clear.id).collect(),
            Err(StoreError::Unreadable(_)) => Self::one_by_one(store, organization, &others).await?,
            Err(error) => return Err(error),
        };
        Ok(Self { check, ours })
    }

    /// One that cannot be read is ours all the same, and the others' links are none the worse for it.
    async fn one_by_one(
        store: &dyn Store,
        organization: OrganizationId,
        others: &[HolderId],
    ) -> Result<HashSet<HolderId>, StoreError> {
        let mut ours = HashSet::new();
        for id in others {
            match store.holders(organization, &[*id], State::Any, Detail::Clear).await {
                Ok(found) if found.is_empty() => {}
                Ok(_) | Err(StoreError::Unreadable(_)) => drop(ours.insert(*id)),
                Err(error) => return Err(error),
            }
        }
        Ok(ours)
    }

    /// What the holder that the ledger names on this account is to us.
    pub(super) fn of(&self, holder: HolderId, account: &LedgerAccount) -> NamedHolder {
        let Some(other) = account.other_holder(holder, self.check) else { return NamedHolder::NoOther };
        match HolderId::parse(other) {
            Some(id) if self.ours.contains(&id) => NamedHolder::OtherOfOurs,
            _ => NamedHolder::Unknown,
        }
    }
}
