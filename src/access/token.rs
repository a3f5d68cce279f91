//! Reads a JSON Web Token (RFC 7519) as far as that needs no key: form, algorithm and times.

use super::algorithm::Algorithm;
use crate::registry::ports::access::BadToken;
use crate::upstream::read_object;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

const LONGEST: usize = 16 * 1024;
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

/// A token taken apart; nothing of it is proven yet.
pub(super) struct Token<'a> {
    /// The token itself, to be passed on.
    pub(super) text: &'a str,
    /// What it says it is signed with.
    pub(super) algorithm: Algorithm,
    /// Which key it says it is signed with.
    pub(super) key_id: Option<String>,
    /// Its claims.
    pub(super) claims: Claims,
    /// The signature.
    pub(super) signature: Vec<u8>,
}

/// Takes a token apart that holds at this time, in seconds since 1970.
pub(super) fn read(token: &str, now: f64) -> Result<Token<'_>, BadToken> {
    if token.len() > LONGEST {
        return Err(BadToken("the token is longer than 16 KiB"));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadToken("the token is no JWT: it must have three parts with dots between them"));
    };
    let (algorithm, key_id) = read_header(&decoded(header)?)?;
    let signature = decoded(signature)?;
    if signature.is_empty() {
        return Err(BadToken("the token has no signature"));
    }
    let claims = read_object(&decoded(claims)?)
        .ok_or(BadToken("the token's claims must be a JSON object with unique keys"))?;
    check_times(&claims, now)?;
    Ok(Token { text: token, algorithm, key_id, claims, signature })
}

impl Token<'_> {
    /// What the signature is of: header and claims as they were sent.
    pub(super) fn signed(&self) -> &[u8] {
        self.text.rsplit_once('.').map_or(&[], |(signed, _)| signed.as_bytes())
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, BadToken> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| BadToken("the token is no JWT: each part must be base64url without padding"))
}

fn read_header(header: &[u8]) -> Result<(Algorithm, Option<String>), BadToken> {
    let header =
        read_object(header).ok_or(BadToken("the token's header must be a JSON object with unique keys"))?;
    let algorithm = header
        .get("alg")
        .and_then(Value::as_str)
        .and_then(Algorithm::named)
        .ok_or(BadToken("the token's `alg` must be RS256, ES256 or EdDSA"))?;
    // RFC 7515, 4.1.11: what is marked critical and not understood must be refused.
    if header.contains_key("crit") {
        return Err(BadToken("the token's header must not have `crit`"));
    }
    // RFC 7797: without encoding the signature would be of something else.
    if header.contains_key("b64") {
        return Err(BadToken("the token's header must not have `b64`"));
    }
    let key_id = header.get("kid").map(|id| match id.as_str() {
        Some(id) => Ok(id.to_owned()),
        None => Err(BadToken("the token's `kid` must be text")),
    });
    Ok((algorithm, key_id.transpose()?))
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
