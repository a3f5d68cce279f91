//! Holders and alias accounts under one name, so that a case that holds for both is written once.

use super::records::{alias_account, holder, page};
use super::writes::deletion;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::time::Timestamp;
use crate::registry::ports::list::{Count, Filter, Page, PageRequest, State};
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::{Change, Claim, Deletion, Detail, New, Purge, Stored, Token};
use crate::registry::ports::store::{Commit, Refused, Store, Taken};
use crate::registry::ports::terms;
use std::collections::BTreeSet;
use std::fmt::Debug;
use uuid::Uuid;

/// A kind of record, by its clear part.
pub(crate) trait Record: Clone + Debug + PartialEq + Send + 'static {
    /// What its records are called by.
    type Id: Copy + Debug + PartialEq + Send;

    /// What is told where its claims are taken.
    fn taken() -> Commit;
    /// The id, as any UUID.
    fn uuid(&self) -> Uuid;
    /// The id.
    fn id(&self) -> Self::Id;
    /// The tenant.
    fn organization(&self) -> OrganizationId;
    /// The times of creation, of the last change and of the deletion.
    fn times(&mut self) -> (&mut Timestamp, &mut Timestamp, &mut Option<Timestamp>);

    /// What it is found by without keys.
    fn terms(&self) -> BTreeSet<Token>;
    /// The caller's own entries.
    fn metadata(&mut self) -> &mut Metadata;

    /// A new record; its holder, where it needs one, is stored.
    async fn new(store: &dyn Store, organization: OrganizationId) -> New<Self>;
    async fn insert(store: &dyn Store, new: New<Self>, conclusion: Option<Conclusion>) -> Commit;
    async fn update(store: &dyn Store, change: Change<Self>, conclusion: Option<Conclusion>) -> Commit;
    async fn delete(
        store: &dyn Store,
        deletion: Deletion<Self::Id>,
        conclusion: Option<Conclusion>,
    ) -> Commit;
    async fn restore(store: &dyn Store, change: Change<Self>, conclusion: Option<Conclusion>) -> Commit;
    async fn purge(store: &dyn Store, purge: Purge<Self::Id>, conclusion: Option<Conclusion>) -> Commit;
    async fn with_claims(
        store: &dyn Store,
        organization: OrganizationId,
        claims: &[Claim],
    ) -> Vec<Stored<Self>>;
    async fn by_ids(
        store: &dyn Store,
        organization: OrganizationId,
        ids: &[Self::Id],
        state: State,
    ) -> Vec<Stored<Self>>;
    async fn list(
        store: &dyn Store,
        organization: OrganizationId,
        filter: &Filter,
        page: PageRequest,
    ) -> Page<Stored<Self>>;
    async fn count(store: &dyn Store, organization: OrganizationId, filter: &Filter) -> Count;

    /// A new record that is stored.
    async fn stored(store: &dyn Store, organization: OrganizationId) -> New<Self> {
        let new = Self::new(store, organization).await;
        assert_eq!(Self::insert(store, new.clone(), None).await, Commit::Stored);
        new
    }

    /// The record as it stands now, in whatever state, with its blob.
    async fn find(&self, store: &dyn Store) -> Option<Stored<Self>> {
        Self::by_ids(store, self.organization(), &[self.id()], State::Any).await.pop()
    }

    /// The record as it stands now, which it must.
    async fn now(&self, store: &dyn Store) -> Stored<Self> {
        self.find(store).await.unwrap()
    }

    /// Whether the record, as it stands now, is in the list of this filter.
    async fn is_in(&self, store: &dyn Store, filter: &Filter) -> bool {
        let ids = Some(vec![self.uuid()]);
        let listed = Self::list(store, self.organization(), filter, page(100, None)).await;
        let found = listed.records.iter().any(|record| record.clear.uuid() == self.uuid());
        let alone = Filter { ids, ..filter.clone() };
        assert_eq!(found, Self::count(store, self.organization(), &alone).await.total == 1);
        found
    }

    /// Soft-deletes the record as it stands now.
    async fn bury(&self, store: &dyn Store) {
        let deletion = deletion(&self.now(store).await);
        assert_eq!(Self::delete(store, deletion, None).await, Commit::Stored);
    }
}

macro_rules! record {
    ($clear:ty, $id:ty, $update:ident, $delete:ident, $restore:ident, $purge:ident, $by_ids:ident, $list:ident,
     $count:ident, $terms:ident, { $($own:item)+ }) => {
        impl Record for $clear {
            type Id = $id;

            $($own)+

            fn uuid(&self) -> Uuid {
                self.id.0
            }

            fn id(&self) -> Self::Id {
                self.id
            }

            fn organization(&self) -> OrganizationId {
                self.organization
            }

            fn times(&mut self) -> (&mut Timestamp, &mut Timestamp, &mut Option<Timestamp>) {
                (&mut self.created_at, &mut self.updated_at, &mut self.deleted_at)
            }

            fn terms(&self) -> BTreeSet<Token> {
                terms::$terms(self)
            }

            fn metadata(&mut self) -> &mut Metadata {
                &mut self.metadata
            }

            async fn update(store: &dyn Store, change: Change<Self>, conclusion: Option<Conclusion>) -> Commit {
                store.$update(change, conclusion).await.unwrap()
            }

            async fn delete(
                store: &dyn Store,
                deletion: Deletion<Self::Id>,
                conclusion: Option<Conclusion>,
            ) -> Commit {
                store.$delete(deletion, conclusion).await.unwrap()
            }

            async fn restore(store: &dyn Store, change: Change<Self>, conclusion: Option<Conclusion>) -> Commit {
                store.$restore(change, conclusion).await.unwrap()
            }

            async fn purge(store: &dyn Store, purge: Purge<Self::Id>, conclusion: Option<Conclusion>) -> Commit {
                store.$purge(purge, conclusion).await.unwrap()
            }

            async fn by_ids(
                store: &dyn Store,
                organization: OrganizationId,
                ids: &[Self::Id],
                state: State,
            ) -> Vec<Stored<Self>> {
                store.$by_ids(organization, ids, state, Detail::Sealed).await.unwrap()
            }

            async fn list(
                store: &dyn Store,
                organization: OrganizationId,
                filter: &Filter,
                page: PageRequest,
            ) -> Page<Stored<Self>> {
                store.$list(organization, filter, page).await.unwrap()
            }

            async fn count(store: &dyn Store, organization: OrganizationId, filter: &Filter) -> Count {
                store.$count(organization, filter).await.unwrap()
            }
        }
    };
}

record!(
    Holder,
    HolderId,
    update_holder,
    delete_holder,
    restore_holder,
    purge_holder,
    holders,
    list_holders,
    count_holders,
    of_holder,
    {
        fn taken() -> Commit {
            Commit::Refused(Refused::Taken(Taken { holder: true, alias_accounts: vec![] }))
        }

        async fn new(_: &dyn Store, organization: OrganizationId) -> New<Self> {
            holder(organization)
        }

        async fn insert(store: &dyn Store, new: New<Self>, conclusion: Option<Conclusion>) -> Commit {
            store.create_holder(new, vec![], conclusion).await.unwrap()
        }

        async fn with_claims(
            store: &dyn Store,
            organization: OrganizationId,
            claims: &[Claim],
        ) -> Vec<Stored<Self>> {
            let found = store.holder_with_claim(organization, claims, Detail::Sealed).await.unwrap();
            found.into_iter().collect()
        }
    }
);

record!(
    AliasAccount,
    AliasAccountId,
    update_alias_account,
    delete_alias_account,
    restore_alias_account,
    purge_alias_account,
    alias_accounts,
    list_alias_accounts,
    count_alias_accounts,
    of_alias_account,
    {
        fn taken() -> Commit {
            Commit::Refused(Refused::Taken(Taken { holder: false, alias_accounts: vec![0] }))
        }

        async fn new(store: &dyn Store, organization: OrganizationId) -> New<Self> {
            alias_account(&Holder::stored(store, organization).await)
        }

        async fn insert(store: &dyn Store, new: New<Self>, conclusion: Option<Conclusion>) -> Commit {
            store.link(new, conclusion).await.unwrap()
        }

        async fn with_claims(
            store: &dyn Store,
            organization: OrganizationId,
            claims: &[Claim],
        ) -> Vec<Stored<Self>> {
            store.alias_accounts_with_claims(organization, claims, Detail::Sealed).await.unwrap()
        }
    }
);

/// The filter of a token.
pub(crate) fn by(token: Token) -> Filter {
    Filter { tokens: vec![vec![token]], ..Filter::default() }
}

/// The filter of an entry that only records have that were marked with it.
pub(crate) fn marked(text: &str) -> Filter {
    by(terms::metadata_entry("mark", &MetadataValue::Text(text.to_owned())))
}

/// Marks a record.
pub(crate) fn mark(clear: &mut impl Record, text: &str) {
    clear.metadata().0.insert("mark".to_owned(), MetadataValue::Text(text.to_owned()));
}

/// The same filter for records in another state.
pub(crate) fn in_state(state: State, filter: Filter) -> Filter {
    Filter { state, ..filter }
}
