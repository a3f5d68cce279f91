//! Access Manager's client against servers that answer in every way.

mod decisions;
mod own_token;
mod questions;
mod speakers;
mod tokens;

use super::{Client, ExpectedClaims, Open, Settings, Verifier};
use crate::domain::time::Timestamp;
use crate::registry::ports::access::{AccessManager, BadToken, Identity, Unidentified};
use crate::tls::UpstreamTls;
use crate::upstream::stand_in::{PATIENT, limits, nobody};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;

fn settings(base: &Url) -> Settings {
    Settings {
        base: base.clone(),
        bearer_prefix: true,
        product: "plugin-crm".to_owned(),
        alias_resource: "aliases".to_owned(),
        pii_resource: None,
        limits: limits(PATIENT),
        tls: UpstreamTls::default(),
    }
}

fn client(base: &Url) -> Client {
    Client::new(settings(base), Verifier::none(ExpectedClaims::default())).unwrap()
}

fn encoded(part: &str) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// A token of these two JSON texts.
fn token_of(header: &str, claims: &str) -> String {
    format!("{}.{}.{}", encoded(header), encoded(claims), encoded("the-secret-signature"))
}

/// A token with an accepted header.
fn token(claims: &Value) -> String {
    token_of(r#"{"alg":"RS256","typ":"JWT","kid":"1"}"#, &claims.to_string())
}

/// The present time, in seconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().0 / 1000
}

/// A person's claims and these.
pub(super) fn person_and(more: Value) -> Value {
    let mut claims = json!({"type": "normal-user", "owner": "lerian", "sub": "7f3c0a52"});
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

/// Reading a token asks nobody: nobody is there.
async fn identify(authorization: Option<&str>) -> Result<Identity, BadToken> {
    let (_socket, base) = nobody();
    bad(client(&base).identify(authorization).await)
}

/// Authorisation switched off, and no key.
fn open() -> Open {
    Open::default()
}

/// Without keys of our own nothing is unavailable.
fn bad(identified: Result<Identity, Unidentified>) -> Result<Identity, BadToken> {
    identified.map_err(|why| match why {
        Unidentified::BadToken(why) => why,
        Unidentified::Unavailable => panic!("{why}"),
    })
}
