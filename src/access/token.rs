//! Reads a JSON Web Token (RFC 7519) as far as that needs no key: form, algorithm and times.

use crate::registry::ports::access::BadToken;
use crate::upstream::read_object;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::{Map, Value};

const LONGEST: usize = 16 * 1024;
const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];
/// How far clocks may be apart, in seconds.
const LEEWAY: f64 = 30.0;

/// A token's claims, by name.
pub(super) type Claims = Map<String, Value>;

/// Takes the token out of an `Authorization` header's value.
pub(super) fn bearer(authorization: &str) -> Result<&str, BadToken> {
    match authorization.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim_matches(' ')),
        _ => Err(BadToken("the Authorization header must be `Bearer <token>`")),
    }
}

/// Reads a token at this time, in seconds since 1970: the token itself, to be passed on, and its claims.
pub(super) fn read(token: &str, now: f64) -> Result<(SecretString, Claims), BadToken> {
    if token.len() > LONGEST {
        return Err(BadToken("the token is longer than 16 KiB"));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadToken("the token is no JWT: it must have three parts with dots between them"));
    };
    check_header(&decoded(header)?)?;
    if decoded(signature)?.is_empty() {
        return Err(BadToken("the token has no signature"));
    }
    let claims = read_object(&decoded(claims)?)
        .ok_or(BadToken("the token's claims must be a JSON object with unique keys"))?;
    check_times(&claims, now)?;
    Ok((SecretString::from(token), claims))
}

fn decoded(part: &str) -> Result<Vec<u8>, BadToken> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| BadToken("the token is no JWT: each part must be base64url without padding"))
}

fn check_header(header: &[u8]) -> Result<(), BadToken> {
    let header =
        read_object(header).ok_or(BadToken("the token's header must be a JSON object with unique keys"))?;
    let algorithm = header.get("alg").and_then(Value::as_str);
    if !algorithm.is_some_and(|algorithm| ALGORITHMS.contains(&algorithm)) {
        return Err(BadToken("the token's `alg` must be RS256, ES256 or EdDSA"));
    }
    // RFC 7515, 4.1.11: what is marked critical and not understood must be refused.
    if header.contains_key("crit") {
        return Err(BadToken("the token's header must not have `crit`"));
    }
    Ok(())
}

fn check_times(claims: &Claims, now: f64) -> Result<(), BadToken> {
    let expires =
        seconds(claims, "exp", BadToken("the token's `exp` must be a number of seconds since 1970"))?;
    if expires.is_some_and(|expires| now >= expires + LEEWAY) {
        return Err(BadToken("the token has expired"));
    }
    let begins =
        seconds(claims, "nbf", BadToken("the token's `nbf` must be a number of seconds since 1970"))?;
    if begins.is_some_and(|begins| now < begins - LEEWAY) {
        return Err(BadToken("the token is not valid yet"));
    }
    Ok(())
}

fn seconds(claims: &Claims, name: &str, otherwise: BadToken) -> Result<Option<f64>, BadToken> {
    let Some(claim) = claims.get(name) else { return Ok(None) };
    match claim.as_f64() {
        Some(seconds) if seconds >= 0.0 => Ok(Some(seconds)),
        _ => Err(otherwise),
    }
}
