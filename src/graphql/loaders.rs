//! Loaders: what the resolvers of one level ask for becomes one store call. One set for each request: a loader that
//! outlived its request could answer one tenant with another's records.

use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::Registry;
use crate::registry::caller::Caller;
use crate::registry::failure::Failure;
use crate::registry::ports::record::{AliasAccountRecord, Detail, HolderRecord};
use crate::registry::ports::store::{Page, PageRequest, State};
use dataloader::BatchFn;
use dataloader::non_cached::Loader;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// What a loader answers: absent, there, or why nobody knows.
type Loaded<T> = Result<Option<Arc<T>>, Failure>;

/// Which holder, in which state, with which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HolderKey {
    pub(super) id: HolderId,
    pub(super) state: State,
    pub(super) detail: Detail,
}

/// Which holder's alias accounts, and which page of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageKey {
    pub(super) holder: HolderId,
    pub(super) page: PageRequest,
}

impl PageKey {
    /// What must be equal for two pages to be read by one store call.
    fn kind(&self) -> (usize, Option<(i64, AliasAccountId)>, Detail) {
        (self.page.first, self.page.after.map(|at| (at.created_at.0, at.id)), self.page.detail)
    }
}

impl PartialEq for PageKey {
    fn eq(&self, other: &Self) -> bool {
        (self.holder, self.kind()) == (other.holder, other.kind())
    }
}

impl Eq for PageKey {}

impl Hash for PageKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.holder, self.kind()).hash(state);
    }
}

/// Reads for one request.
#[derive(Clone)]
pub(super) struct Batch {
    registry: Arc<Registry>,
    caller: Arc<Caller>,
}

impl BatchFn<HolderKey, Loaded<HolderRecord>> for Batch {
    async fn load(&mut self, keys: &[HolderKey]) -> HashMap<HolderKey, Loaded<HolderRecord>> {
        let mut answers = HashMap::with_capacity(keys.len());
        for state in [State::Live, State::Any] {
            let wanted: Vec<HolderKey> = keys.iter().filter(|key| key.state == state).copied().collect();
            if wanted.is_empty() {
                continue;
            }
            let ids: Vec<HolderId> = distinct(wanted.iter().map(|key| key.id));
            let detail = most(wanted.iter().map(|key| key.detail));
            let found = self.registry.holders(&self.caller, &ids, state, detail).await;
            let found = found.map(|records| by_id(records, |record: &HolderRecord| record.clear.id));
            answers.extend(wanted.into_iter().map(|key| (key, pick(&found, &key.id))));
        }
        answers
    }
}

impl BatchFn<(AliasAccountId, Detail), Loaded<AliasAccountRecord>> for Batch {
    async fn load(
        &mut self,
        keys: &[(AliasAccountId, Detail)],
    ) -> HashMap<(AliasAccountId, Detail), Loaded<AliasAccountRecord>> {
        let ids: Vec<AliasAccountId> = distinct(keys.iter().map(|(id, _)| *id));
        let detail = most(keys.iter().map(|(_, detail)| *detail));
        let found = self.registry.alias_accounts(&self.caller, &ids, detail).await;
        let found = found.map(|records| by_id(records, |record: &AliasAccountRecord| record.clear.id));
        keys.iter().map(|key| (*key, pick(&found, &key.0))).collect()
    }
}

impl BatchFn<PageKey, Loaded<Page<AliasAccountRecord>>> for Batch {
    async fn load(&mut self, keys: &[PageKey]) -> HashMap<PageKey, Loaded<Page<AliasAccountRecord>>> {
        let mut kinds: HashMap<_, Vec<PageKey>> = HashMap::new();
        for key in keys {
            kinds.entry(key.kind()).or_default().push(*key);
        }
        let mut answers = HashMap::with_capacity(keys.len());
        for wanted in kinds.into_values() {
            let Some(page) = wanted.first().map(|key| key.page) else { continue };
            let holders: Vec<HolderId> = distinct(wanted.iter().map(|key| key.holder));
            let found = self.registry.alias_accounts_of(&self.caller, &holders, page).await;
            let found = found.map(|pages| pages.into_iter().map(|(id, page)| (id, Arc::new(page))).collect());
            answers.extend(wanted.into_iter().map(|key| (key, pick(&found, &key.holder))));
        }
        answers
    }
}

fn distinct<I: Eq + Hash>(ids: impl Iterator<Item = I>) -> Vec<I> {
    ids.collect::<std::collections::HashSet<_>>().into_iter().collect()
}

fn most(details: impl Iterator<Item = Detail>) -> Detail {
    details.max().unwrap_or(Detail::Clear)
}

fn by_id<R, I: Eq + Hash>(records: Vec<R>, id: impl Fn(&R) -> I) -> HashMap<I, Arc<R>> {
    records.into_iter().map(|record| (id(&record), Arc::new(record))).collect()
}

fn pick<I: Eq + Hash, T>(found: &Result<HashMap<I, Arc<T>>, Failure>, id: &I) -> Loaded<T> {
    found.as_ref().map(|found| found.get(id).cloned()).map_err(Clone::clone)
}

/// One request's loaders.
pub(super) struct Loaders {
    holders: Loader<HolderKey, Loaded<HolderRecord>, Batch>,
    alias_accounts: Loader<(AliasAccountId, Detail), Loaded<AliasAccountRecord>, Batch>,
    pages: Loader<PageKey, Loaded<Page<AliasAccountRecord>>, Batch>,
}

impl Loaders {
    pub(super) fn new(registry: &Arc<Registry>, caller: &Arc<Caller>) -> Self {
        let batch = || Batch { registry: registry.clone(), caller: caller.clone() };
        Self {
            holders: Loader::new(batch()),
            alias_accounts: Loader::new(batch()),
            pages: Loader::new(batch()),
        }
    }

    pub(super) async fn holder(&self, key: HolderKey) -> Loaded<HolderRecord> {
        flat(self.holders.try_load(key).await)
    }

    pub(super) async fn alias_account(
        &self,
        id: AliasAccountId,
        detail: Detail,
    ) -> Loaded<AliasAccountRecord> {
        flat(self.alias_accounts.try_load((id, detail)).await)
    }

    pub(super) async fn page(&self, key: PageKey) -> Loaded<Page<AliasAccountRecord>> {
        flat(self.pages.try_load(key).await)
    }
}

/// A key without an answer can only be a mistake of ours: each batch answers all of its keys.
fn flat<T>(loaded: std::io::Result<Loaded<T>>) -> Loaded<T> {
    loaded.unwrap_or(Err(Failure::Internal))
}
