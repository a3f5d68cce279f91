//! Generations of keys. Today there is one, `1`, from the two `LCRYPTO_*` settings.

use super::derive::Root;
use super::fault::{KeyFault, KeyProblem};
use super::key::{KEY_BYTES, MasterKey};
use crate::domain::redacted;
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::KeyCheck;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The setting of the master that seals.
pub(crate) const ENCRYPT_SETTING: &str = "LCRYPTO_ENCRYPT_SECRET_KEY";
/// The setting of the master that makes tokens.
pub(crate) const HASH_SETTING: &str = "LCRYPTO_HASH_SECRET_KEY";
/// The generation of the two settings.
const ONLY: &str = "1";

/// Two masters that came into use together, ready to derive from.
pub(crate) struct Generation {
    id: KeyId,
    encrypt: Root,
    hash: Root,
    check: [u8; 32],
}
redacted!(Generation);

impl Generation {
    /// Makes a generation of two masters, which are wiped.
    pub(crate) fn new(id: KeyId, encrypt: MasterKey, hash: MasterKey) -> Self {
        let mut both = Zeroizing::new([0; 2 * KEY_BYTES]);
        for (place, byte) in both.iter_mut().zip(encrypt.expose().iter().chain(hash.expose())) {
            *place = *byte;
        }
        let check = *Root::extract(both.as_slice()).derive(&[b"check"]).expose();
        Self { id, encrypt: Root::extract(encrypt.expose()), hash: Root::extract(hash.expose()), check }
    }

    /// Its id, as it stands in records.
    pub(crate) fn id(&self) -> &KeyId {
        &self.id
    }

    /// What sealing keys come from.
    pub(crate) fn encrypt(&self) -> &Root {
        &self.encrypt
    }

    /// What the keys of tokens, cursors and operations come from.
    pub(crate) fn hash(&self) -> &Root {
        &self.hash
    }

    /// What a store keeps to know these masters again.
    pub(crate) fn check(&self) -> KeyCheck {
        KeyCheck { id: self.id.clone(), value: self.check }
    }
}

/// All generations that this process can open records of; there is always a newest.
pub struct Keyring {
    older: Vec<Arc<Generation>>,
    newest: Arc<Generation>,
}
redacted!(Keyring);

impl Keyring {
    /// The keyring of the two `LCRYPTO_*` settings, or all that is wrong with them.
    pub fn single(encrypt: &str, hash: &str) -> Result<Self, Vec<KeyFault>> {
        match (MasterKey::parse(ENCRYPT_SETTING, encrypt), MasterKey::parse(HASH_SETTING, hash)) {
            (Ok(encrypt), Ok(hash)) if encrypt.is(&hash) => Err(vec![KeyFault {
                setting: HASH_SETTING.to_owned(),
                problem: KeyProblem::SameAs(ENCRYPT_SETTING.to_owned()),
            }]),
            (Ok(encrypt), Ok(hash)) => {
                Ok(Self::of(Vec::new(), Generation::new(KeyId(ONLY.to_owned()), encrypt, hash)))
            }
            (encrypt, hash) => Err([encrypt.err(), hash.err()].into_iter().flatten().collect()),
        }
    }

    /// A keyring of several generations, oldest first.
    pub(crate) fn of(older: Vec<Generation>, newest: Generation) -> Self {
        Self { older: older.into_iter().map(Arc::new).collect(), newest: Arc::new(newest) }
    }

    /// The newest generation.
    pub(crate) fn newest(&self) -> &Arc<Generation> {
        &self.newest
    }

    /// All of them, oldest first.
    pub(crate) fn generations(&self) -> impl Iterator<Item = &Arc<Generation>> {
        self.older.iter().chain([&self.newest])
    }

    /// The generation with this id, if it is here.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<Generation>> {
        self.generations().find(|generation| generation.id().0 == id)
    }
}
