//! The store port, call by call: which thread does what, and what is measured.

use super::measure::{measured, never};
use super::{SqliteStore, alias_accounts, create_holder, holders, key_checks, link, operations};
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::registry::ports::operation::{Begun, Operation};
use crate::registry::ports::record::{
    AliasAccountRecord, Claim, Detail, HolderRecord, NewAliasAccount, NewHolder,
};
use crate::registry::ports::store::{Commit, KeyCheck, Page, PageRequest, State, Store, StoreError};
use async_trait::async_trait;
use std::collections::HashMap;

fn stored(commit: &Commit) -> bool {
    matches!(commit, Commit::Stored)
}

fn refused(commit: &Commit) -> bool {
    matches!(commit, Commit::Refused(_))
}

#[async_trait]
impl Store for SqliteStore {
    async fn ready(&self) -> Result<(), StoreError> {
        measured("ready", never, async {
            // Both take the locks that a real read and write would take; nothing is written.
            self.readers
                .read(|db| db.prepare_cached("SELECT 1 FROM key_checks LIMIT 1")?.exists([]).map(drop))
                .await?;
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

    async fn create_holder(
        &self,
        holder: NewHolder,
        operation: Option<Operation>,
    ) -> Result<Commit, StoreError> {
        let work = self
            .writer
            .write(stored, move |db| create_holder::create_holder(db, &holder, operation.as_ref()));
        measured("create_holder", refused, work).await
    }

    async fn link(
        &self,
        alias_account: NewAliasAccount,
        operation: Option<Operation>,
    ) -> Result<Commit, StoreError> {
        let work = self.writer.write(stored, move |db| link::link(db, &alias_account, operation.as_ref()));
        measured("link", refused, work).await
    }

    async fn holders(
        &self,
        organization: OrganizationId,
        ids: &[HolderId],
        state: State,
        detail: Detail,
    ) -> Result<Vec<HolderRecord>, StoreError> {
        let ids = ids.to_vec();
        let work = self.readers.read(move |db| holders::by_ids(db, organization, &ids, state, detail));
        measured("holders", never, work).await
    }

    async fn holder_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<HolderRecord>, StoreError> {
        let claims = claims.to_vec();
        let work = self.readers.read(move |db| holders::by_claim(db, organization, &claims, detail));
        measured("holder_with_claim", never, work).await
    }

    async fn alias_accounts(
        &self,
        organization: OrganizationId,
        ids: &[AliasAccountId],
        detail: Detail,
    ) -> Result<Vec<AliasAccountRecord>, StoreError> {
        let ids = ids.to_vec();
        let work = self.readers.read(move |db| alias_accounts::by_ids(db, organization, &ids, detail));
        measured("alias_accounts", never, work).await
    }

    async fn alias_account_with_claim(
        &self,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Option<AliasAccountRecord>, StoreError> {
        let claims = claims.to_vec();
        let work = self.readers.read(move |db| alias_accounts::by_claim(db, organization, &claims, detail));
        measured("alias_account_with_claim", never, work).await
    }

    async fn alias_accounts_of(
        &self,
        organization: OrganizationId,
        holders: &[HolderId],
        page: PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError> {
        let holders = holders.to_vec();
        let work = self.readers.read(move |db| alias_accounts::of_holders(db, organization, &holders, page));
        measured("alias_accounts_of", never, work).await
    }
}
