//! For tests: key pairs of every kind, their public halves as key servers and PEM files show them, and tokens by them.
//! The tests over HTTP have this file too.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// Public keys that no token may be proven by, as PEM.
pub(crate) const UNUSABLE: [(&str, &str); 6] = [
    (
        "RSA of 1024 bits",
        "-----BEGIN PUBLIC KEY-----\n\
         MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDKH+h/Ujmh7fhsCUqESSamDeEM\n\
         rgZGUtPJ4sEuSrOadVxMrKiG0gDegG82ppG5t/HzEkCouyweS1R2DiECIWjFLBtm\n\
         nCAbc5QPfka0uZEB3cGsxAZk8s16qC4MKfYSDHsPfMphpovslwrt0bezOCDleFsH\n\
         7ObdLJno5OFqWYEYTQIDAQAB\n\
         -----END PUBLIC KEY-----\n",
    ),
    (
        "RSA of 2047 bits",
        "-----BEGIN PUBLIC KEY-----\n\
         MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQBeEC2/hbfVBl+rdOFpyXqy\n\
         HzzpRwCbytb2D7r6+W2GBCpuB9by8ZTZQnOwpS3WbbZG/+ossMJ/+QyoaUFkIVvg\n\
         davoeR0x6ftjuDornuyWpnsvpJpvPrn8KJO9Qbzj6VPufe6eVxpjDtINhDIJTIlY\n\
         a3v9Lw9e8zc6vpwgsovpZhxaStNvkObXo4cIjiIub1edJRkK8IP0ibFN90i+UARp\n\
         ZWmMRTEzqwMGFnyPmxklM/OEdosuaxSAP9uOBdjU5CY9yw9KLJq12nM2n9G/e0vo\n\
         i/edE+NMRTj5irj4FzS2obD/qeZeTsXj8Sh5k973jZ7xtvUOdzFoCD3a/87DrWER\n\
         AgMBAAE=\n\
         -----END PUBLIC KEY-----\n",
    ),
    (
        "P-384",
        "-----BEGIN PUBLIC KEY-----\n\
         MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEBXOLn2CWGU23wpPENtAd8fXNvDOwNKsc\n\
         BnwXZSU1StoogeBO1el/tjtv3hzqyYturz95okPHZk5ky3EzxRgK97vKIrEhmmvI\n\
         M65Ovg11mnY9Cpc9HIPYs4+E5+o1oWB0\n\
         -----END PUBLIC KEY-----\n",
    ),
    (
        "secp256k1",
        "-----BEGIN PUBLIC KEY-----\n\
         MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE2bKcUUCV5J2DTVPGyXWIzQidjYs63FL6\n\
         DJ0ZC109n5VHR7uzijCCSwYhu9cdgc+x0ZYGjOfaDUDKJvR3LCmf6A==\n\
         -----END PUBLIC KEY-----\n",
    ),
    (
        "Ed448",
        "-----BEGIN PUBLIC KEY-----\n\
         MEMwBQYDK2VxAzoA2hSZlI6pZtxDFLDrlpbWjWC3EKAGwbSTA+H0juVDH+ONwUzs\n\
         GUmYsyRpyI3c9oqEY+gYoN+TGaSA\n\
         -----END PUBLIC KEY-----\n",
    ),
    (
        "X25519",
        "-----BEGIN PUBLIC KEY-----\n\
         MCowBQYDK2VuAyEAZePsoCSO8HVFJNAUJP2xlS0JcdO2DqxJxcIIsAwI21I=\n\
         -----END PUBLIC KEY-----\n",
    ),
];

/// Who signs tokens.
pub(crate) struct Signer {
    algorithm: Algorithm,
    private: EncodingKey,
    public: Vec<u8>,
}

impl Signer {
    /// With RSA of 2048 bits.
    pub(crate) fn rsa() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let private = EncodingKey::from_rsa_pem(pem("PRIVATE", private.as_ref()).as_bytes()).unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        Self { algorithm: Algorithm::RS256, private, public: public.as_ref().to_vec() }
    }

    /// With ECDSA on P-256.
    pub(crate) fn p256() -> Self {
        let signing = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let private = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(signing, private.as_ref()).unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let private = EncodingKey::from_ec_der(private.as_ref());
        Self { algorithm: Algorithm::ES256, private, public: public.as_ref().to_vec() }
    }

    /// With Ed25519.
    pub(crate) fn ed25519() -> Self {
        let private = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(private.as_ref()).unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let private = EncodingKey::from_ed_der(private.as_ref());
        Self { algorithm: Algorithm::EdDSA, private, public: public.as_ref().to_vec() }
    }

    /// One of each kind.
    pub(crate) fn all() -> [Self; 3] {
        [Self::rsa(), Self::p256(), Self::ed25519()]
    }

    /// Its algorithm's name.
    pub(crate) fn name(&self) -> String {
        format!("{:?}", self.algorithm)
    }

    /// Its public half in a key set.
    pub(crate) fn jwk(&self, id: &str) -> Value {
        let mut jwk =
            serde_json::to_value(Jwk::from_encoding_key(&self.private, self.algorithm).unwrap()).unwrap();
        jwk["kid"] = json!(id);
        jwk["use"] = json!("sig");
        jwk
    }

    /// Its public half in a PEM file.
    pub(crate) fn pem(&self) -> String {
        pem("PUBLIC", &self.public)
    }

    /// A token of these claims, whose header names this key.
    pub(crate) fn token(&self, id: &str, claims: &Value) -> String {
        self.token_of(&json!({"alg": self.name(), "kid": id}), claims)
    }

    /// A token whose header is what the test says; signed as this key signs.
    pub(crate) fn token_of(&self, header: &Value, claims: &Value) -> String {
        self.signed(&text_of(header, claims))
    }

    /// This text with its genuine signature, whatever it is.
    pub(crate) fn signed(&self, text: &str) -> String {
        signed(text, &self.private, self.algorithm)
    }

    /// A token signed by this key in another way of its kind.
    pub(crate) fn token_by(&self, algorithm: Algorithm, id: &str, claims: &Value) -> String {
        self.token_of_by(algorithm, &json!({"alg": format!("{algorithm:?}"), "kid": id}), claims)
    }

    /// The same, whose header is what the test says.
    pub(crate) fn token_of_by(&self, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
        signed(&text_of(header, claims), &self.private, algorithm)
    }
}

/// A token signed with HMAC by this secret.
pub(crate) fn hmac(algorithm: Algorithm, header: &Value, secret: &[u8], claims: &Value) -> String {
    signed(&text_of(header, claims), &EncodingKey::from_secret(secret), algorithm)
}

/// What a token's signature is of.
fn text_of(header: &Value, claims: &Value) -> String {
    let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}", encoded(header), encoded(claims))
}

fn signed(text: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let signature = crypto::sign(text.as_bytes(), key, algorithm).unwrap();
    format!("{text}.{signature}")
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {kind} KEY-----\n{}\n-----END {kind} KEY-----\n", lines.join("\n"))
}
