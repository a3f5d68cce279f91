//! One key of a key set (RFC 7517): taken only where everything that it says of itself fits proving tokens.

use super::public_key::{BadKey, PublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Members that only a private key has: whoever reads the set could sign with such a key.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key, and the id that it is chosen by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedKey {
    /// Its `kid`, where it has one.
    pub(super) id: Option<String>,
    /// The key.
    pub(super) key: PublicKey,
}

/// Reads a key, or says why it proves no token.
pub(super) fn read(jwk: &Value) -> Result<NamedKey, BadKey> {
    let Value::Object(jwk) = jwk else { return Err(BadKey("is no JSON object")) };
    let id = optional_text(jwk, "kid", BadKey("has a `kid` that is no text"))?.map(str::to_owned);
    if optional_text(jwk, "use", BadKey("has a `use` that is no text"))?.is_some_and(|used| used != "sig") {
        return Err(BadKey("is not for signatures (`use`)"));
    }
    if jwk.get("key_ops").is_some_and(|operations| !may_verify(operations)) {
        return Err(BadKey("is not for verifying (`key_ops`)"));
    }
    // Of a symmetric key `k` is all there is, so its kind tells more than that.
    if text(jwk, "kty")? != "oct" && PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return Err(BadKey("holds its private half, so anybody could sign with it"));
    }
    let key = public(jwk)?;
    let algorithm = optional_text(jwk, "alg", BadKey("has an `alg` that is no text"))?;
    if algorithm.is_some_and(|name| name != key.algorithm().name()) {
        return Err(BadKey("has an `alg` that is not RS256, ES256 or EdDSA, or not that of its `kty`"));
    }
    Ok(NamedKey { id, key })
}

fn public(jwk: &Map<String, Value>) -> Result<PublicKey, BadKey> {
    match text(jwk, "kty")? {
        "RSA" => PublicKey::of_rsa(&bytes(jwk, "n")?, &bytes(jwk, "e")?),
        "EC" if text(jwk, "crv")? == "P-256" => PublicKey::of_p256(&bytes(jwk, "x")?, &bytes(jwk, "y")?),
        "OKP" if text(jwk, "crv")? == "Ed25519" => PublicKey::of_ed25519(&bytes(jwk, "x")?),
        "oct" => Err(BadKey("is a shared secret (`kty` is `oct`)")),
        _ => Err(BadKey("is of another kind than RSA, P-256 and Ed25519")),
    }
}

fn may_verify(operations: &Value) -> bool {
    operations.as_array().is_some_and(|operations| operations.iter().any(|one| one == "verify"))
}

fn optional_text<'a>(
    jwk: &'a Map<String, Value>,
    name: &str,
    otherwise: BadKey,
) -> Result<Option<&'a str>, BadKey> {
    jwk.get(name).map(|value| value.as_str().ok_or(otherwise)).transpose()
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<&'a str, BadKey> {
    const MISSING: BadKey = BadKey("lacks a part of its kind (`kty`, `crv`, `n`, `e`, `x` or `y`)");
    optional_text(jwk, name, MISSING)?.ok_or(MISSING)
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, BadKey> {
    URL_SAFE_NO_PAD
        .decode(text(jwk, name)?)
        .map_err(|_| BadKey("has a part that is no base64url without padding"))
}

#[cfg(test)]
mod tests;
