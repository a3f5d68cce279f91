//! The key that signs every token of a sandbox, and proves them.

use super::claims::Claims;
use super::claims::Rejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;

/// The sandbox's key or a secret cannot be made, read or used. Never holds a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox's key material: {0}")]
pub struct KeyError(String);

impl KeyError {
    pub(super) fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

fn key_error(error: impl std::fmt::Display) -> KeyError {
    KeyError(error.to_string())
}

/// An Ed25519 key pair with its id, in the forms that signing, proving and publishing need.
pub(super) struct SigningKey {
    id: String,
    private: EncodingKey,
    public: DecodingKey,
    jwk: Jwk,
}

/// Makes a new key pair: PKCS#8 in base64, as it is kept.
pub(super) fn generate() -> Result<String, KeyError> {
    // Version 1, without the public key: the form that every JWT library and OpenSSL reads.
    let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(key_error)?;
    Ok(STANDARD.encode(document.as_ref()))
}

impl SigningKey {
    /// Reads what [`generate`] made.
    pub(super) fn read(text: &str) -> Result<Self, KeyError> {
        // The decoder's own message would show a character of the key.
        let pkcs8 = STANDARD.decode(text).map_err(|_| key_error("it is no base64"))?;
        let pair =
            Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| key_error("it is no Ed25519 key in PKCS#8"))?;
        let public = DecodingKey::from_ed_der(pair.public_key().as_ref());
        let mut jwk = Jwk::from_decoding_key(&public, Some(Algorithm::EdDSA)).map_err(key_error)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(key_error)?;
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { id, private: EncodingKey::from_ed_der(&pkcs8), public, jwk })
    }

    /// A JWT of these claims. The same claims always give the same text: Ed25519 signs without chance.
    pub(super) fn sign<T: Serialize>(&self, claims: &T) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(key_error)
    }

    /// The claims of a token that this key signed and that is valid now.
    pub(super) fn verify(&self, token: &str) -> Result<Claims, Rejected> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.leeway = 0;
        rules.validate_nbf = true;
        rules.validate_aud = false;
        match jsonwebtoken::decode::<Claims>(token, &self.public, &rules) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(match error.kind() {
                ErrorKind::ExpiredSignature => Rejected::Expired,
                _ => Rejected::Invalid,
            }),
        }
    }

    /// The public half, as key servers publish it.
    pub(super) fn key_set(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk.clone()] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn far() -> i64 {
        jiff::Timestamp::now().as_second() + 3600
    }

    #[test]
    fn a_key_that_was_kept_proves_what_it_signed_and_nothing_else() {
        let kept = generate().unwrap();
        let key = SigningKey::read(&kept).unwrap();
        let token = key.sign(&json!({"sub": "someone", "exp": far()})).unwrap();
        let again = SigningKey::read(&kept).unwrap();
        assert_eq!(again.verify(&token).unwrap().sub.as_deref(), Some("someone"));
        assert_eq!(again.sign(&json!({"a": 1})), key.sign(&json!({"a": 1})));
        let stranger = SigningKey::read(&generate().unwrap()).unwrap();
        assert_eq!(stranger.verify(&token).err(), Some(Rejected::Invalid));
    }

    #[test]
    fn tokens_out_of_their_time_or_without_an_end_are_refused() {
        let key = SigningKey::read(&generate().unwrap()).unwrap();
        let verdict = |claims| key.verify(&key.sign(&claims).unwrap()).err();
        assert_eq!(verdict(json!({"exp": far()})), None);
        assert_eq!(verdict(json!({"exp": far() - 3602})), Some(Rejected::Expired));
        assert_eq!(verdict(json!({"exp": far(), "nbf": far()})), Some(Rejected::Invalid));
        assert_eq!(verdict(json!({"sub": "someone"})), Some(Rejected::Invalid));
        assert_eq!(verdict(json!({"exp": "tomorrow"})), Some(Rejected::Invalid));
    }

    #[test]
    fn what_is_no_key_is_refused_without_showing_it() {
        for wrong in ["", "not base64!", "AAAA"] {
            let Err(error) = SigningKey::read(wrong) else { panic!("{wrong} was taken") };
            assert!(wrong.is_empty() || !error.to_string().contains(wrong), "{error}");
        }
    }

    #[test]
    fn the_published_key_set_holds_no_private_part() {
        let kept = generate().unwrap();
        let key = SigningKey::read(&kept).unwrap();
        let set = serde_json::to_value(key.key_set()).unwrap();
        let published = set["keys"][0].as_object().unwrap();
        let members: std::collections::BTreeSet<_> = published.keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"].into());
    }
}
