//! Public keys from a PEM file (RFC 7468): one or several, of any algorithm that tokens may have.

use super::algorithm::Algorithm;
use super::public_key::PublicKey;
use crate::reload::Content;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// The most keys of one file: a token is tried with each of its algorithm.
pub(super) const MOST: usize = 16;

/// Why a text is no file of public keys. Holds no part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemFault {
    /// Nothing in it begins like PEM.
    #[error("the file holds no `-----BEGIN PUBLIC KEY-----`")]
    NoKey,
    /// The key that must stay with whoever signs tokens.
    #[error("the file holds a private key, which nobody but the signer of the tokens may have")]
    Private,
    /// PEM of something else.
    #[error("the file holds something that is no public key (`-----BEGIN PUBLIC KEY-----`)")]
    Other,
    /// Cut off, or not base64.
    #[error("the file holds a key that is cut off or not base64")]
    Broken,
    /// A key that proves no token; which one, and why.
    #[error("key {0} of the file {1}")]
    BadKey(usize, &'static str),
    /// More than 16.
    #[error("the file holds over 16 keys")]
    TooMany,
}

/// The keys of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeys(Vec<Arc<PublicKey>>);

impl Content for PublicKeys {
    fn is(&self, other: &Self) -> bool {
        self == other
    }
}

impl PublicKeys {
    /// Reads all keys of a PEM text.
    ///
    /// # Errors
    /// It holds anything but public keys of RSA (2048 to 8192 bits), P-256 or Ed25519.
    pub fn of_pem(text: &str) -> Result<Self, PemFault> {
        let mut keys = Vec::new();
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            let Some(label) = line.strip_prefix("-----BEGIN ") else { continue };
            check_label(label)?;
            if keys.len() == MOST {
                return Err(PemFault::TooMany);
            }
            let der = block(&mut lines)?;
            let key = PublicKey::of_spki(&der).map_err(|why| PemFault::BadKey(keys.len() + 1, why.0))?;
            keys.push(Arc::new(key));
        }
        if keys.is_empty() { Err(PemFault::NoKey) } else { Ok(Self(keys)) }
    }

    /// Those that a token of this algorithm may be signed with: PEM gives keys no names.
    pub(super) fn of(&self, algorithm: Algorithm) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().map(Arc::as_ref).filter(move |key| key.algorithm() == algorithm)
    }
}

fn check_label(label: &str) -> Result<(), PemFault> {
    match label {
        "PUBLIC KEY-----" => Ok(()),
        label if label.ends_with("PRIVATE KEY-----") => Err(PemFault::Private),
        _ => Err(PemFault::Other),
    }
}

/// The bytes between the line that begins a key and the one that ends it.
fn block<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<Vec<u8>, PemFault> {
    let mut text = String::new();
    for line in lines {
        if line == "-----END PUBLIC KEY-----" {
            return STANDARD.decode(text).map_err(|_| PemFault::Broken);
        }
        text.push_str(line);
    }
    Err(PemFault::Broken)
}

#[cfg(test)]
mod tests;
