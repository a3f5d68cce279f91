//! HKDF-SHA256: from a master key to the keys that are used.

use super::key::KEY_BYTES;
use crate::domain::redacted;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// Sets our keys apart from those that another program derives from the same masters.
const SALT: &[u8] = b"holdergraph/v1";

/// A master after HKDF's extraction, which is done once.
pub(crate) struct Root(SecretBox<[u8; KEY_BYTES]>);
redacted!(Root);

impl Root {
    /// Extracts from a master, or from several in a row.
    pub(crate) fn extract(masters: &[u8]) -> Self {
        let (mut prk, _) = Hkdf::<Sha256>::extract(Some(SALT), masters);
        let root = SecretBox::init_with_mut(|bytes: &mut [u8; KEY_BYTES]| bytes.copy_from_slice(&prk));
        prk.as_mut_slice().zeroize();
        Self(root)
    }

    /// The key of one use; the parts of `info` are put together as they are, so all but the last have a fixed width.
    pub(crate) fn derive(&self, info: &[&[u8]]) -> DerivedKey {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        #[expect(clippy::expect_used, reason = "both lengths are constants within HKDF's bounds")]
        Hkdf::<Sha256>::from_prk(self.0.expose_secret())
            .ok()
            .and_then(|hkdf| hkdf.expand_multi_info(info, key.as_mut_slice()).ok())
            .expect("HKDF-SHA256 takes 32 bytes and gives 32 bytes");
        DerivedKey(key)
    }
}

/// The key of one use; wiped when dropped.
pub(crate) struct DerivedKey(Zeroizing<[u8; KEY_BYTES]>);
redacted!(DerivedKey);

impl DerivedKey {
    /// The key itself.
    pub(crate) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// HMAC-SHA256 over these parts, put together as they are.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mac = Hmac::<Sha256>::new_from_slice(self.expose()).expect("HMAC takes a key of any length");
        parts.iter().fold(mac, |mac, part| mac.chain_update(part))
    }

    /// The 32 bytes of that HMAC.
    pub(crate) fn hmac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.mac(parts).finalize().into_bytes().into()
    }
}
