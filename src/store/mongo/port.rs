//! The store port, call by call. Writes go on to their end even where nobody waits for them any more: what a call has
//! begun it also finishes.

use super::MongoStore;
use super::budget::Budget;
use super::database::Collections;
use super::kind::Kind;
use super::operations::Subject;
use super::phase::Phase;
use super::standing::{Slot, Target};
use super::steps;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::registry::ports::list::{Count, Filter, Page, PageRequest, State};
use crate::registry::ports::operation::{Begun, Conclusion, Operation};
use crate::registry::ports::record::{
    AliasAccountRecord, Change, Claim, Deletion, Detail, HolderRecord, LinkCheck, NewAliasAccount, NewHolder,
    Purge,
};
use crate::registry::ports::store::{Commit, KeyCheck, Store, StoreError};
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::Arc;
use tracing::Instrument;
use uuid::Uuid;

fn refused(commit: &Commit) -> bool {
    matches!(commit, Commit::Refused(_))
}

/// The record of this kind whose write decides an operation.
fn subject<T: Kind>(organization: OrganizationId, id: Uuid) -> Subject {
    Subject { collection: T::COLLECTION, target: Target { organization, id } }
}

impl MongoStore {
    async fn read<T, R>(
        &self,
        call: &'static str,
        work: impl FnOnce(Arc<Collections>, Budget) -> R,
    ) -> Result<T, StoreError>
    where
        R: Future<Output = Result<T, StoreError>>,
    {
        let on = self.collections();
        let budget = Budget::of(on.timeout);
        measured(call, never, work(on, budget)).await
    }

    async fn write<R>(
        &self,
        call: &'static str,
        work: impl FnOnce(Arc<Collections>, Budget) -> R,
    ) -> Result<Commit, StoreError>
    where
        R: Future<Output = Result<Commit, StoreError>> + Send + 'static,
    {
        let on = self.collections();
        let budget = Budget::of(on.timeout);
        let work = steps::carried(work(on, budget));
        let work = tokio::spawn(work.in_current_span());
        let ended = async {
            work.await.unwrap_or_else(|_| Err(StoreError::Unavailable("a write was broken off".to_owned())))
        };
        measured(call, refused, ended).await
    }
}

#[async_trait]
impl Store for MongoStore {
    async fn ready(&self) -> Result<(), StoreError> {
        self.read("ready", |on, budget| async move { on.ready(&budget).await }).await
    }

    async fn key_check(&self, check: KeyCheck) -> Result<KeyCheck, StoreError> {
        self.read("key_check", |on, budget| async move {
            let value = on.remember(&budget, &check.id.0, &check.value).await?;
            // A copy that began since we looked has seen what we wrote just now, or is seen here.
            if on.is_being_filled(&budget).await? {
                return Err(StoreError::Unavailable("a copy into the database has begun".to_owned()));
            }
            let value = value.try_into().map_err(|_| StoreError::Damaged("a key check".to_owned()))?;
            Ok(KeyCheck { value, ..check })
        })
        .await
    }

    async fn begin(&self, operation: &Operation) -> Result<Begun, StoreError> {
        let on = self.collections();
        let budget = Budget::of(on.timeout);
        let reused = |begun: &Begun| *begun == Begun::KeyReused;
        measured("begin", reused, on.begun(&budget, operation)).await
    }

    async fn conclude(&self, conclusion: Conclusion) -> Result<Commit, StoreError> {
        self.write("conclude", |on, budget| async move { on.concluded(&budget, &conclusion).await }).await
    }

    async fn create_holder(
        &self,
        holder: NewHolder,
        alias_accounts: Vec<NewAliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<Holder>(holder.clear.organization, holder.clear.id.0);
        self.write("create_holder", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, holder, others) = (&on, &budget, &holder, &alias_accounts);
                async move { on.create_holder(budget, holder, others, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn update_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.change("update_holder", change, &[Phase::Live], conclusion).await
    }

    async fn delete_holder(
        &self,
        deletion: Deletion<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<Holder>(deletion.organization, deletion.id.0);
        self.write("delete_holder", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &deletion);
                async move { on.delete_holder(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn restore_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.change("restore_holder", change, &[Phase::Deleted], conclusion).await
    }

    async fn purge_holder(
        &self,
        purge: Purge<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<Holder>(purge.organization, purge.id.0);
        self.write("purge_holder", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &purge);
                async move { on.purge_holder(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn link(
        &self,
        alias_account: NewAliasAccount,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let clear = &alias_account.clear;
        let subject = subject::<AliasAccount>(clear.organization, clear.id.0);
        self.write("link", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &alias_account);
                async move { on.link(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn update_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.change("update_alias_account", change, &[Phase::Live], conclusion).await
    }

    async fn record_link_check(&self, check: LinkCheck) -> Result<Commit, StoreError> {
        self.write("record_link_check", move |on, budget| async move {
            on.record_link_check(&budget, &check).await
        })
        .await
    }

    async fn delete_alias_account(
        &self,
        deletion: Deletion<AliasAccountId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<AliasAccount>(deletion.organization, deletion.id.0);
        self.write("delete_alias_account", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &deletion);
                async move { on.delete_alias_account(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn restore_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<AliasAccount>(change.clear.organization, change.clear.id.0);
        self.write("restore_alias_account", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &change);
                async move { on.restore_alias_account(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn purge_alias_account(
        &self,
        purge: Purge<AliasAccountId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<AliasAccount>(purge.organization, purge.id.0);
        self.write("purge_alias_account", move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &purge);
                async move { on.purge_alias_account(budget, what, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }

    async fn holders(
        &self,
        organization: OrganizationId,
        ids: &[HolderId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<HolderRecord>, StoreError> {
        let ids = ids.iter().map(|id| id.0);
        self.read("holders", |on, budget| async move {
            on.by_ids(&budget, organization, ids, state, detail).await
        })
        .await
    }

    async fn holder_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<HolderRecord>, StoreError> {
        self.read("holder_with_claim", |on, budget| async move {
            Ok(on.by_claims(&budget, organization, claims, detail).await?.into_iter().next())
        })
        .await
    }

    async fn list_holders(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<HolderRecord>, StoreError> {
        self.read(
            "list_holders",
            |on, budget| async move { on.page(&budget, organization, filter, &page).await },
        )
        .await
    }

    async fn count_holders(
        &self,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError> {
        self.read("count_holders", |on, budget| async move {
            on.count::<Holder>(&budget, organization, filter).await
        })
        .await
    }

    async fn alias_accounts(
        &self,
        organization: OrganizationId,
        ids: &[AliasAccountId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        let ids = ids.iter().map(|id| id.0);
        self.read("alias_accounts", |on, budget| async move {
            on.by_ids(&budget, organization, ids, state, detail).await
        })
        .await
    }

    async fn alias_accounts_with_claims(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        self.read("alias_accounts_with_claims", |on, budget| async move {
            on.by_claims(&budget, organization, claims, detail).await
        })
        .await
    }

    async fn list_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<AliasAccountRecord>, StoreError> {
        self.read("list_alias_accounts", |on, budget| async move {
            on.page(&budget, organization, filter, &page).await
        })
        .await
    }

    async fn count_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError> {
        self.read("count_alias_accounts", |on, budget| async move {
            on.count::<AliasAccount>(&budget, organization, filter).await
        })
        .await
    }

    async fn alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError> {
        self.read("alias_accounts_of", |on, budget| async move {
            on.pages_of_holders(&budget, organization, holders, filter, &page).await
        })
        .await
    }

    async fn count_alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, StoreError> {
        self.read("count_alias_accounts_of", |on, budget| async move {
            on.counts_of_holders(&budget, organization, holders, filter).await
        })
        .await
    }
}

impl MongoStore {
    async fn change<T: Kind>(
        &self,
        call: &'static str,
        change: Change<T>,
        phases: &'static [Phase],
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let subject = subject::<T>(change.clear.organization(), change.clear.uuid());
        self.write(call, move |on, budget| async move {
            let work = |slot: Option<Slot>| {
                let (on, budget, what) = (&on, &budget, &change);
                async move { on.replace(budget, what, phases, slot.as_ref()).await }
            };
            on.keyed(&budget, conclusion.as_ref(), subject, work).await
        })
        .await
    }
}
