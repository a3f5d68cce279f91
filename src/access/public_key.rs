//! A public key that proves tokens, of one algorithm only: so no token can choose how its key is used.

use super::algorithm::Algorithm;
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use std::fmt;

/// The length of an Ed25519 key as it is, without the structure around it.
const ED25519_LENGTH: usize = 32;
/// The length of one coordinate of a point on P-256.
const P256_COORDINATE: usize = 32;

/// Why a key cannot be used. Holds no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadKey(pub(super) &'static str);

const NOT_ONE: BadKey = BadKey("is no public key of RSA, P-256 or Ed25519");
const RSA_SIZE: BadKey = BadKey("is an RSA key under 2048 bits, over 8192 bits or unsound");

/// A public key and the one algorithm that it is for.
pub(super) struct PublicKey {
    algorithm: Algorithm,
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280), as PEM files hold it; what is in it tells the algorithm.
    pub(super) fn of_spki(der: &[u8]) -> Result<Self, BadKey> {
        // The library would take so many bytes for a bare Ed25519 key.
        if der.len() == ED25519_LENGTH {
            return Err(NOT_ONE);
        }
        let key = Algorithm::ALL.into_iter().find_map(|algorithm| {
            let parsed = ParsedPublicKey::new(algorithm.verification(), der).ok()?;
            Some(Self { algorithm, parsed })
        });
        key.ok_or(NOT_ONE)?.of_sound_size()
    }

    /// An RSA key of its modulus and exponent, most significant byte first.
    pub(super) fn of_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, BadKey> {
        let components = RsaPublicKeyComponents { n: trimmed(modulus), e: trimmed(exponent) };
        let parsed = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| RSA_SIZE)?;
        Self { algorithm: Algorithm::Rs256, parsed }.of_sound_size()
    }

    /// A P-256 key of its point's coordinates.
    pub(super) fn of_p256(x: &[u8], y: &[u8]) -> Result<Self, BadKey> {
        if x.len() != P256_COORDINATE || y.len() != P256_COORDINATE {
            return Err(BadKey("is no point of P-256"));
        }
        let point = [&[4], x, y].concat();
        let parsed = ParsedPublicKey::new(Algorithm::Es256.verification(), point);
        Ok(Self { algorithm: Algorithm::Es256, parsed: parsed.map_err(|_| BadKey("is no point of P-256"))? })
    }

    /// An Ed25519 key as it is.
    pub(super) fn of_ed25519(x: &[u8]) -> Result<Self, BadKey> {
        if x.len() != ED25519_LENGTH {
            return Err(BadKey("is no Ed25519 key"));
        }
        let parsed = ParsedPublicKey::new(Algorithm::EdDsa.verification(), x);
        Ok(Self { algorithm: Algorithm::EdDsa, parsed: parsed.map_err(|_| BadKey("is no Ed25519 key"))? })
    }

    /// What it is for.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether this key's owner signed this.
    pub(super) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(signed, signature).is_ok()
    }

    /// The library judges an RSA key's size only when it verifies; a short key must be told when it is read.
    fn of_sound_size(self) -> Result<Self, BadKey> {
        if self.algorithm == Algorithm::Rs256 {
            PublicEncryptingKey::from_der(self.parsed.as_ref()).map_err(|_| RSA_SIZE)?;
        }
        Ok(self)
    }
}

/// Without zeros at its beginning, which some key servers write and the library refuses.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The same algorithm and the same key.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.parsed.as_ref() == other.parsed.as_ref()
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.algorithm.name())
    }
}
