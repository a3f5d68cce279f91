//! The keys that a key server publishes, as far as they prove tokens.

use super::algorithm::Algorithm;
use super::jwk::{self, NamedKey};
use super::pem::MOST as MOST_TRIED;
use super::public_key::{BadKey, PublicKey};
use crate::upstream::read_object;
use serde_json::Value;
use std::sync::Arc;

/// The most keys of a set: more is no set of anybody who signs tokens.
const MOST: usize = 100;

/// Why something is no key set that can be used. Holds no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoKeySet {
    /// Not one JSON object with an array `keys`.
    #[error("it is no key set: a JSON object with an array `keys`")]
    Form,
    /// More than [`MOST`].
    #[error("it has over 100 keys")]
    TooMany,
    /// Nothing but keys between which nothing can choose.
    #[error("it has no key but different ones of one algorithm with the same `kid`")]
    Ambiguous,
    /// No key in it proves tokens; why the last one does not.
    #[error("it has no key that proves tokens{}", .0.map(|why| format!(": the last one {why}")).unwrap_or_default())]
    NoUsableKey(Option<BadKey>),
}

/// The keys of one answer of a key server; empty until there is one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeySet {
    keys: Vec<(Option<String>, Arc<PublicKey>)>,
    /// Names that different keys of one algorithm have: none of those keys is kept.
    ambiguous: Vec<(String, Algorithm)>,
}

/// What a token finds in a key set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The key that it names; or, without a name, those that may have signed it.
    Keys(Vec<Arc<PublicKey>>),
    /// No such key: there may be a newer set that has it.
    Unknown,
    /// The name is known, and not for such a token: its key is for another algorithm, or several have that name. A
    /// newer set might help, yet it is not asked for: else each token with a wrong `alg` would cause a reload.
    Unfit,
}

impl KeySet {
    /// Reads a key server's answer. Keys that prove no tokens are passed over, for such sets hold others too; a set
    /// without any other is none, so that it never replaces one with keys.
    pub(super) fn read(body: &[u8]) -> Result<Self, NoKeySet> {
        let body = read_object(body).ok_or(NoKeySet::Form)?;
        let keys = body.get("keys").and_then(Value::as_array).ok_or(NoKeySet::Form)?;
        if keys.len() > MOST {
            return Err(NoKeySet::TooMany);
        }
        let (mut set, mut last) = (Self::default(), None);
        for read in keys.iter().map(jwk::read) {
            match read {
                Ok(key) => set.add(key),
                Err(why) => last = Some(why),
            }
        }
        match (set.keys.is_empty(), set.ambiguous.is_empty()) {
            (false, _) => Ok(set),
            (true, false) => Err(NoKeySet::Ambiguous),
            (true, true) => Err(NoKeySet::NoUsableKey(last)),
        }
    }

    /// Adds a key, unless it is there. Of two different keys that nothing tells apart neither is kept: only they are
    /// in doubt, and the others must go on.
    fn add(&mut self, NamedKey { id, key }: NamedKey) {
        let algorithm = key.algorithm();
        if let Some(id) = &id
            && self.is_ambiguous(id, algorithm)
        {
            return;
        }
        let twin = |(other, known): &(Option<String>, Arc<PublicKey>)| {
            *other == id && known.algorithm() == algorithm && (id.is_some() || **known == key)
        };
        match (self.keys.iter().position(twin), &id) {
            (None, _) => self.keys.push((id, Arc::new(key))),
            (Some(at), Some(id)) if self.keys.get(at).is_some_and(|(_, known)| **known != key) => {
                self.keys.remove(at);
                self.ambiguous.push((id.clone(), algorithm));
            }
            (Some(_), _) => {}
        }
    }

    fn is_ambiguous(&self, id: &str, algorithm: Algorithm) -> bool {
        self.ambiguous.iter().any(|(name, of)| name == id && *of == algorithm)
    }

    /// The key that a token of this algorithm names. Without a name it may be signed by any of the algorithm, as while
    /// an old and a new one are published together.
    pub(super) fn find(&self, algorithm: Algorithm, id: Option<&str>) -> Found {
        let named = |other: Option<&str>| id.is_none() || other == id;
        let fitting: Vec<Arc<PublicKey>> = self
            .keys
            .iter()
            .filter(|(other, key)| named(other.as_deref()) && key.algorithm() == algorithm)
            .map(|(_, key)| key.clone())
            .take(MOST_TRIED)
            .collect();
        if !fitting.is_empty() {
            return Found::Keys(fitting);
        }
        let names = self.keys.iter().map(|(other, _)| other.as_deref());
        let mut names = names.chain(self.ambiguous.iter().map(|(other, _)| Some(other.as_str())));
        if id.is_some() && names.any(|other| other == id) { Found::Unfit } else { Found::Unknown }
    }

    /// How many keys it has.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// How many names of keys it does not say which key has.
    pub(super) fn ambiguous(&self) -> usize {
        self.ambiguous.len()
    }
}

#[cfg(test)]
mod tests;
