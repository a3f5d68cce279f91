//! The store port, call by call: which thread does what, and what is measured.

use super::{
    SqliteStore, create_holder, delete, key_checks, link, link_check, list, operations, purge, read, restore,
    update,
};
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
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};

fn stored(commit: &Commit) -> bool {
    matches!(commit, Commit::Stored)
}

fn refused(commit: &Commit) -> bool {
    matches!(commit, Commit::Refused(_))
}

impl SqliteStore {
    /// Reads in one snapshot.
    async fn read<T: Send + 'static>(
        &self,
        call: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        measured(call, never, self.readers.read(work)).await
    }

    /// Writes what belongs together; it stays where it ends as stored.
    async fn write(
        &self,
        call: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Commit> + Send + 'static,
    ) -> Result<Commit, StoreError> {
        measured(call, refused, self.writer.write(stored, work)).await
    }

    /// As [`Self::write`], and what was removed is not left in the log either.
    async fn erase(
        &self,
        call: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Commit> + Send + 'static,
    ) -> Result<Commit, StoreError> {
        measured(call, refused, self.writer.erase(stored, work)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ready(&self) -> Result<(), StoreError> {
        measured("ready", never, async {
            // Both take the locks that a real read and write would take; nothing is written.
            self.readers.read(key_checks::look).await?;
            self.writer.write(|(): &()| false, |_| Ok(())).await
        })
        .await
    }

    async fn key_check(&self, check: KeyCheck) -> Result<KeyCheck, StoreError> {
        let work = self.writer.write(|_| true, move |db| key_checks::remember(db, &check));
        measured("key_check", never, work).await
    }

    async fn begin(&self, operation: &Operation) -> Result<Begun, StoreError> {
        let operation = operation.clone();
        let work = self.readers.read(move |db| operations::known(db, &operation));
        measured("begin", |begun| *begun == Begun::KeyReused, work).await
    }

    async fn conclude(&self, conclusion: Conclusion) -> Result<Commit, StoreError> {
        self.write("conclude", move |db| operations::conclude(db, &conclusion)).await
    }

    async fn create_holder(
        &self,
        holder: NewHolder,
        alias_accounts: Vec<NewAliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let work = move |db: &Connection| {
            create_holder::create_holder(db, &holder, &alias_accounts, conclusion.as_ref())
        };
        self.write("create_holder", work).await
    }

    async fn update_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.write("update_holder", move |db| update::update(db, &change, conclusion.as_ref())).await
    }

    async fn delete_holder(
        &self,
        deletion: Deletion<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.write("delete_holder", move |db| delete::holder(db, &deletion, conclusion.as_ref())).await
    }

    async fn restore_holder(
        &self,
        change: Change<Holder>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.write("restore_holder", move |db| restore::holder(db, &change, conclusion.as_ref())).await
    }

    async fn purge_holder(
        &self,
        purge: Purge<HolderId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.erase("purge_holder", move |db| purge::holder(db, &purge, conclusion.as_ref())).await
    }

    async fn link(
        &self,
        alias_account: NewAliasAccount,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.write("link", move |db| link::link(db, &alias_account, conclusion.as_ref())).await
    }

    async fn update_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        self.write("update_alias_account", move |db| update::update(db, &change, conclusion.as_ref())).await
    }

    async fn record_link_check(&self, check: LinkCheck) -> Result<Commit, StoreError> {
        self.write("record_link_check", move |db| link_check::record(db, &check)).await
    }

    async fn delete_alias_account(
        &self,
        deletion: Deletion<AliasAccountId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let work = move |db: &Connection| delete::alias_account(db, &deletion, conclusion.as_ref());
        self.write("delete_alias_account", work).await
    }

    async fn restore_alias_account(
        &self,
        change: Change<AliasAccount>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let work = move |db: &Connection| restore::alias_account(db, &change, conclusion.as_ref());
        self.write("restore_alias_account", work).await
    }

    async fn purge_alias_account(
        &self,
        purge: Purge<AliasAccountId>,
        conclusion: Option<Conclusion>,
    ) -> Result<Commit, StoreError> {
        let work = move |db: &Connection| purge::alias_account(db, &purge, conclusion.as_ref());
        self.erase("purge_alias_account", work).await
    }

    async fn holders(
        &self,
        organization: OrganizationId,
        ids: &[HolderId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<HolderRecord>, StoreError> {
        let ids: BTreeSet<_> = ids.iter().map(|id| id.0).collect();
        self.read("holders", move |db| read::by_ids(db, organization, ids, state, detail)).await
    }

    async fn holder_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<HolderRecord>, StoreError> {
        let claims = claims.to_vec();
        let work = move |db: &Connection| {
            read::by_claims(db, organization, &claims, detail).map(|found| found.into_iter().next())
        };
        self.read("holder_with_claim", work).await
    }

    async fn list_holders(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<HolderRecord>, StoreError> {
        let filter = filter.clone();
        self.read("list_holders", move |db| list::page(db, organization, &filter, &page)).await
    }

    async fn count_holders(
        &self,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError> {
        let filter = filter.clone();
        self.read("count_holders", move |db| list::count::<Holder>(db, organization, &filter)).await
    }

    async fn alias_accounts(
        &self,
        organization: OrganizationId,
        ids: &[AliasAccountId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        let ids: BTreeSet<_> = ids.iter().map(|id| id.0).collect();
        self.read("alias_accounts", move |db| read::by_ids(db, organization, ids, state, detail)).await
    }

    async fn alias_accounts_with_claims(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        let claims = claims.to_vec();
        let work = move |db: &Connection| read::by_claims(db, organization, &claims, detail);
        self.read("alias_accounts_with_claims", work).await
    }

    async fn list_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Result<Page<AliasAccountRecord>, StoreError> {
        let filter = filter.clone();
        self.read("list_alias_accounts", move |db| list::page(db, organization, &filter, &page)).await
    }

    async fn count_alias_accounts(
        &self,
        organization: OrganizationId,
        filter: &Filter,
    ) -> Result<Count, StoreError> {
        let filter = filter.clone();
        let work = move |db: &Connection| list::count::<AliasAccount>(db, organization, &filter);
        self.read("count_alias_accounts", work).await
    }

    async fn alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError> {
        let (holders, filter) = (holders.to_vec(), filter.clone());
        let work = move |db: &Connection| list::pages_of_holders(db, organization, &holders, &filter, &page);
        self.read("alias_accounts_of", work).await
    }

    async fn count_alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, StoreError> {
        let (holders, filter) = (holders.to_vec(), filter.clone());
        let work = move |db: &Connection| list::counts_of_holders(db, organization, &holders, &filter);
        self.read("count_alias_accounts_of", work).await
    }
}
