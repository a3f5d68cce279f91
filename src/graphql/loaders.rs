//! Loaders: what the resolvers of one level ask for becomes one store call. One set for each request: a loader that
//! outlived its request could answer one tenant with another's records.

use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::Registry;
use crate::registry::caller::Caller;
use crate::registry::failure::Failure;
use crate::registry::ports::list::{Count, Filter, Page, PageRequest, State};
use crate::registry::ports::record::{AliasAccountRecord, Detail, HolderRecord};
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

/// Which alias account, in which state, with which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AliasAccountKey {
    pub(super) id: AliasAccountId,
    pub(super) state: State,
    pub(super) detail: Detail,
}

/// Which holder's alias accounts, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PageKey {
    pub(super) holder: HolderId,
    pub(super) filter: Arc<Filter>,
    /// Whether a sealed value is looked up.
    pub(super) looks_up: bool,
    pub(super) page: PageRequest,
}

/// Which holder's alias accounts are to be counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CountKey {
    pub(super) holder: HolderId,
    pub(super) filter: Arc<Filter>,
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
        for (state, wanted) in grouped(keys, |key| key.state) {
            let ids = distinct(wanted.iter().map(|key| key.id));
            let detail = most(wanted.iter().map(|key| key.detail));
            let found = self.registry.holders(&self.caller, &ids, state, detail).await.map(each_shared);
            answers.extend(wanted.into_iter().map(|key| (key, pick_each(&found, &key.id))));
        }
        answers
    }
}

impl BatchFn<AliasAccountKey, Loaded<AliasAccountRecord>> for Batch {
    async fn load(
        &mut self,
        keys: &[AliasAccountKey],
    ) -> HashMap<AliasAccountKey, Loaded<AliasAccountRecord>> {
        let mut answers = HashMap::with_capacity(keys.len());
        for (state, wanted) in grouped(keys, |key| key.state) {
            let ids = distinct(wanted.iter().map(|key| key.id));
            let detail = most(wanted.iter().map(|key| key.detail));
            let found =
                self.registry.alias_accounts(&self.caller, &ids, state, detail).await.map(each_shared);
            answers.extend(wanted.into_iter().map(|key| (key, pick_each(&found, &key.id))));
        }
        answers
    }
}

impl BatchFn<PageKey, Loaded<Page<AliasAccountRecord>>> for Batch {
    async fn load(&mut self, keys: &[PageKey]) -> HashMap<PageKey, Loaded<Page<AliasAccountRecord>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let groups = grouped(keys, |key| (key.filter.clone(), key.looks_up, key.page));
        for ((filter, looks_up, page), wanted) in groups {
            let holders = distinct(wanted.iter().map(|key| key.holder));
            let found = self.registry.alias_accounts_of(&self.caller, &holders, &filter, looks_up, page);
            let found = found.await.map(shared);
            answers.extend(wanted.into_iter().map(|key| {
                let page = pick(&found, &key.holder);
                (key, page)
            }));
        }
        answers
    }
}

impl BatchFn<CountKey, Loaded<Count>> for Batch {
    async fn load(&mut self, keys: &[CountKey]) -> HashMap<CountKey, Loaded<Count>> {
        let mut answers = HashMap::with_capacity(keys.len());
        for (filter, wanted) in grouped(keys, |key| key.filter.clone()) {
            let holders = distinct(wanted.iter().map(|key| key.holder));
            let found = self.registry.count_alias_accounts_of(&self.caller, &holders, &filter).await;
            let found = found.map(shared);
            answers.extend(wanted.into_iter().map(|key| {
                let count = pick(&found, &key.holder);
                (key, count)
            }));
        }
        answers
    }
}

/// The keys that one store call can answer, together.
fn grouped<K: Clone, G: Eq + Hash>(keys: &[K], group: impl Fn(&K) -> G) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    for key in keys {
        groups.entry(group(key)).or_default().push(key.clone());
    }
    groups
}

fn shared<I: Eq + Hash, T>(found: HashMap<I, T>) -> HashMap<I, Arc<T>> {
    found.into_iter().map(|(id, one)| (id, Arc::new(one))).collect()
}

fn distinct<I: Eq + Hash>(ids: impl Iterator<Item = I>) -> Vec<I> {
    ids.collect::<std::collections::HashSet<_>>().into_iter().collect()
}

fn most(details: impl Iterator<Item = Detail>) -> Detail {
    details.max().unwrap_or(Detail::Clear)
}

fn each_shared<I: Eq + Hash, T>(
    found: HashMap<I, Result<T, Failure>>,
) -> HashMap<I, Result<Arc<T>, Failure>> {
    found.into_iter().map(|(id, one)| (id, one.map(Arc::new))).collect()
}

/// One record of a call whose records have each their own answer.
fn pick_each<I: Eq + Hash, T>(
    found: &Result<HashMap<I, Result<Arc<T>, Failure>>, Failure>,
    id: &I,
) -> Loaded<T> {
    found.as_ref().map_err(Clone::clone)?.get(id).cloned().transpose()
}

fn pick<I: Eq + Hash, T>(found: &Result<HashMap<I, Arc<T>>, Failure>, id: &I) -> Loaded<T> {
    found.as_ref().map(|found| found.get(id).cloned()).map_err(Clone::clone)
}

/// One request's loaders.
pub(super) struct Loaders {
    holders: Loader<HolderKey, Loaded<HolderRecord>, Batch>,
    alias_accounts: Loader<AliasAccountKey, Loaded<AliasAccountRecord>, Batch>,
    pages: Loader<PageKey, Loaded<Page<AliasAccountRecord>>, Batch>,
    counts: Loader<CountKey, Loaded<Count>, Batch>,
}

impl Loaders {
    pub(super) fn new(registry: &Arc<Registry>, caller: &Arc<Caller>) -> Self {
        let batch = || Batch { registry: registry.clone(), caller: caller.clone() };
        Self {
            holders: Loader::new(batch()),
            alias_accounts: Loader::new(batch()),
            pages: Loader::new(batch()),
            counts: Loader::new(batch()),
        }
    }

    pub(super) async fn holder(&self, key: HolderKey) -> Loaded<HolderRecord> {
        flat(self.holders.try_load(key).await)
    }

    pub(super) async fn alias_account(&self, key: AliasAccountKey) -> Loaded<AliasAccountRecord> {
        flat(self.alias_accounts.try_load(key).await)
    }

    pub(super) async fn page(&self, key: PageKey) -> Loaded<Page<AliasAccountRecord>> {
        flat(self.pages.try_load(key).await)
    }

    pub(super) async fn count(&self, key: CountKey) -> Loaded<Count> {
        flat(self.counts.try_load(key).await)
    }
}

/// A key without an answer can only be a mistake of ours: each batch answers all of its keys.
fn flat<T>(loaded: std::io::Result<Loaded<T>>) -> Loaded<T> {
    loaded.unwrap_or(Err(Failure::Internal))
}
