//! The keys that a key server publishes, as far as they prove tokens.

use super::algorithm::Algorithm;
use super::jwk::{self, NamedKey};
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
    /// Two keys between which nothing can choose.
    #[error("two different keys of one algorithm have the same `kid`")]
    Ambiguous,
    /// No key in it proves tokens; why the last one does not.
    #[error("it has no key that proves tokens{}", .0.map(|why| format!(": the last one {why}")).unwrap_or_default())]
    NoUsableKey(Option<BadKey>),
}

/// The keys of one answer of a key server; empty until there is one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeySet(Vec<(Option<String>, Arc<PublicKey>)>);

/// What a token finds in a key set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The one key that it must be signed with.
    Key(Arc<PublicKey>),
    /// No such key: there may be a newer set that has it.
    Unknown,
    /// No newer set would help: the key of that name is for another algorithm, or no one key is meant.
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
                Ok(key) => set.add(key)?,
                Err(why) => last = Some(why),
            }
        }
        if set.0.is_empty() { Err(NoKeySet::NoUsableKey(last)) } else { Ok(set) }
    }

    fn add(&mut self, NamedKey { id, key }: NamedKey) -> Result<(), NoKeySet> {
        let twin = |(other, known): &&(Option<String>, Arc<PublicKey>)| {
            *other == id && known.algorithm() == key.algorithm() && (id.is_some() || **known == key)
        };
        match self.0.iter().find(twin) {
            Some((_, known)) if **known == key => {}
            Some(_) => return Err(NoKeySet::Ambiguous),
            None => self.0.push((id, Arc::new(key))),
        }
        Ok(())
    }

    /// The key that a token of this algorithm names. Without a name it is the only one of the algorithm, if there is
    /// just one.
    pub(super) fn find(&self, algorithm: Algorithm, id: Option<&str>) -> Found {
        let named = |(other, _): &&(Option<String>, Arc<PublicKey>)| id.is_none() || other.as_deref() == id;
        let mut fitting = self.0.iter().filter(named).filter(|(_, key)| key.algorithm() == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some((_, key)), None) => Found::Key(key.clone()),
            (None, _) if id.is_none() || !self.0.iter().any(|key| named(&key)) => Found::Unknown,
            _ => Found::Unfit,
        }
    }

    /// How many keys it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests;
