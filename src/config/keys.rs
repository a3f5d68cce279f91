//! The master keys, as text: whether they are fit to be keys is judged where they are used.

use super::reader::{Faulted, Reader};
use super::secret::read_secret;
use super::setting::{Group, Secret, Setting, Unset};
use secrecy::SecretString;

static ENCRYPT: Secret = Secret {
    name: "LCRYPTO_ENCRYPT_SECRET_KEY",
    file: Setting {
        name: "LCRYPTO_ENCRYPT_SECRET_KEY_FILE",
        flag: "lcrypto-encrypt-secret-key-file",
        value: "PATH",
        unset: Unset::Means("the variable LCRYPTO_ENCRYPT_SECRET_KEY, which is then required"),
        help: "File with the master key that seals personal data: 64 hex digits.\n\
               The variable LCRYPTO_ENCRYPT_SECRET_KEY may hold the key itself; there is no flag for that, since \
               other processes can read command lines. `holdergraph keys generate` makes a set.",
    },
};

static HASH: Secret = Secret {
    name: "LCRYPTO_HASH_SECRET_KEY",
    file: Setting {
        name: "LCRYPTO_HASH_SECRET_KEY_FILE",
        flag: "lcrypto-hash-secret-key-file",
        value: "PATH",
        unset: Unset::Means("the variable LCRYPTO_HASH_SECRET_KEY, which is then required"),
        help: "File with the master key of search tokens: 64 hex digits, others than the first key's.\n\
               The variable LCRYPTO_HASH_SECRET_KEY may hold the key itself.",
    },
};

pub(super) static GROUP: Group = Group { heading: "Keys", settings: &[&ENCRYPT.file, &HASH.file] };

/// The master keys' texts, as far as they were given and could be read.
#[derive(Clone, Debug)]
pub struct GivenKeys {
    /// `LCRYPTO_ENCRYPT_SECRET_KEY`, or its file's content.
    pub encrypt: Option<SecretString>,
    /// `LCRYPTO_HASH_SECRET_KEY`, or its file's content.
    pub hash: Option<SecretString>,
    /// `AUDIT_SECRET_KEY`, or its file's content; none also for commands that do not need it.
    pub audit: Option<SecretString>,
}

/// The master keys' texts.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `LCRYPTO_ENCRYPT_SECRET_KEY`, or its file's content.
    pub encrypt: SecretString,
    /// `LCRYPTO_HASH_SECRET_KEY`, or its file's content.
    pub hash: SecretString,
}

impl GivenKeys {
    /// Fetches both masters, and notes a fault of each that is not there.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let (encrypt, hash) = (read_secret(reader, &ENCRYPT).ok(), read_secret(reader, &HASH).ok());
        Self { encrypt, hash, audit: None }
    }

    /// Both masters, if both are there; a fault is noted for one that is not.
    pub(super) fn both(self) -> Result<Keys, Faulted> {
        match (self.encrypt, self.hash) {
            (Some(encrypt), Some(hash)) => Ok(Keys { encrypt, hash }),
            _ => Err(Faulted),
        }
    }
}
