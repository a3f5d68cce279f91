//! Which generations of keys take part in what: the one value that a rotation changes.

use super::keyring::Generation;
use crate::domain::redacted;
use crate::registry::ports::record::KeyId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What every write and every search takes of the keys.
#[derive(Clone)]
pub(crate) struct KeyUse {
    sealing: Arc<Generation>,
    indexing: Vec<Arc<Generation>>,
    searched: Vec<Arc<Generation>>,
}
redacted!(KeyUse);

impl KeyUse {
    /// No rotation is under way: one generation does everything.
    pub(crate) fn steady(generation: &Arc<Generation>) -> Self {
        let only = vec![Arc::clone(generation)];
        Self { sealing: Arc::clone(generation), indexing: only.clone(), searched: only }
    }

    /// The generation that seals records; it makes cursors and recognises repeated mutations too.
    pub(crate) fn sealing(&self) -> &Generation {
        &self.sealing
    }

    /// The generations that a written record has claims and tokens of.
    pub(crate) fn indexing(&self) -> &[Arc<Generation>] {
        &self.indexing
    }

    /// The generations whose claims and tokens are looked for.
    pub(crate) fn searched(&self) -> &[Arc<Generation>] {
        &self.searched
    }

    /// The ids of all generations that take part in a write.
    pub(crate) fn written(&self) -> Vec<KeyId> {
        let ids: BTreeSet<&KeyId> =
            self.indexing.iter().chain([&self.sealing]).map(|generation| generation.id()).collect();
        ids.into_iter().cloned().collect()
    }

    #[cfg(test)]
    pub(crate) fn between(old: &Arc<Generation>, new: &Arc<Generation>) -> Self {
        let both = vec![Arc::clone(old), Arc::clone(new)];
        Self { sealing: Arc::clone(new), indexing: both.clone(), searched: both }
    }
}
