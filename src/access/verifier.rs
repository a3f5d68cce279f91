//! What a token must bring to be taken: its times, issuer and audience, and a signature where keys are configured.
//!
//! What needs no key is looked at first: a token that has expired never makes anybody ask the key server.

use super::identity;
use super::key_server::{KeyServer, NoKey};
use super::key_set::{Found, KeySet};
use super::key_source::KeyUrl;
use super::pem::PublicKeys;
use super::token::{self, Claims, Token};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::access::{BadToken, Identity, Organizations, Unidentified};
use crate::reload::Fresh;
use crate::tls::UpstreamTls;
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What the claims of a token are compared with.
#[derive(Clone, Debug, Default)]
pub struct ExpectedClaims {
    /// The only `iss` that is taken.
    pub issuer: Option<String>,
    /// What `aud` must be or hold.
    pub audience: Option<String>,
    /// The claim that names the organizations of a token.
    pub organizations_claim: Option<String>,
}

/// Proves tokens.
pub struct Verifier {
    keys: Keys,
    expected: ExpectedClaims,
}

enum Keys {
    /// Access Manager proves tokens, which gets them with each question.
    None,
    /// Those of a file, as it is now.
    OfFile(Arc<Fresh<PublicKeys>>),
    Set(KeySet),
    Server(KeyServer),
}

const FORGED: BadToken = BadToken("the token is not signed by a key that proves tokens here");
const NO_SUCH_KEY: BadToken = BadToken("the token's key (`kid`, or any of its `alg`) is not known here");

impl Verifier {
    /// Tokens are only decoded.
    pub fn none(expected: ExpectedClaims) -> Self {
        Self { keys: Keys::None, expected }
    }

    /// By keys that never change.
    pub fn by_keys(keys: PublicKeys, expected: ExpectedClaims) -> Self {
        Self::by_fresh_keys(Arc::new(Fresh::fixed(keys)), expected)
    }

    /// By the keys that a file holds at the time of each token.
    pub fn by_fresh_keys(keys: Arc<Fresh<PublicKeys>>, expected: ExpectedClaims) -> Self {
        Self { keys: Keys::OfFile(keys), expected }
    }

    /// By a key set (RFC 7517) that is here already and never changes.
    ///
    /// # Errors
    /// It is no key set, or has no key that proves tokens; the reason holds no part of it.
    pub fn by_key_set(set: &[u8], expected: ExpectedClaims) -> Result<Self, String> {
        let set = KeySet::read(set).map_err(|why| why.to_string())?;
        Ok(Self { keys: Keys::Set(set), expected })
    }

    /// By the keys that are published at this URL. They are read in a task of the runtime that this is called in.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn by_url(
        url: Url,
        connect_timeout: Duration,
        attempt_timeout: Duration,
        tls: &UpstreamTls,
        expected: ExpectedClaims,
    ) -> Result<Self, String> {
        let source = KeyUrl::new(url, connect_timeout, attempt_timeout, tls)?;
        Ok(Self { keys: Keys::Server(KeyServer::start(source)), expected })
    }

    /// Reads the value of an `Authorization` header.
    pub(super) async fn identify(&self, authorization: &str) -> Result<Identity, Unidentified> {
        let token = token::read(token::bearer(authorization)?, now())?;
        self.expected.check(&token.claims)?;
        let (subject, asked_as) = identity::speaker(&token.claims)?;
        let expires = token.claims.get("exp").and_then(Value::as_f64);
        if expires.is_none() && !matches!(self.keys, Keys::None) {
            return Err(BadToken("the token has no `exp`").into());
        }
        self.check_signature(&token).await?;
        Ok(Identity {
            token: Some(SecretString::from(token.text)),
            subject,
            expires: expires.map(|seconds| Timestamp((seconds * 1000.0) as i64)),
            asked_as,
            organizations: self.expected.organizations(&token.claims),
        })
    }

    async fn check_signature(&self, token: &Token<'_>) -> Result<(), Unidentified> {
        let (signed, signature) = (token.signed(), token.signature.as_slice());
        let proven = match &self.keys {
            Keys::None => true,
            Keys::OfFile(keys) => {
                let keys = keys.current().value;
                keys.of(token.algorithm).any(|key| key.verifies(signed, signature))
            }
            Keys::Set(set) => match set.find(token.algorithm, token.key_id.as_deref()) {
                Found::Keys(keys) => keys.iter().any(|key| key.verifies(signed, signature)),
                Found::Unknown | Found::Unfit => return Err(NO_SUCH_KEY.into()),
            },
            Keys::Server(server) => match server.find(token.algorithm, token.key_id.as_deref()).await {
                Ok(keys) => keys.iter().any(|key| key.verifies(signed, signature)),
                Err(NoKey::Unavailable) => return Err(Unidentified::Unavailable),
                Err(NoKey::Unknown | NoKey::Unfit) => return Err(NO_SUCH_KEY.into()),
            },
        };
        if proven { Ok(()) } else { Err(FORGED.into()) }
    }

    /// Whether the keys are there and new; the reason why not is for operators.
    pub(super) fn health(&self) -> Result<(), String> {
        match &self.keys {
            Keys::None | Keys::OfFile(_) | Keys::Set(_) => Ok(()),
            Keys::Server(server) => match server.trouble() {
                None => Ok(()),
                Some(trouble) => Err(format!("the key set of AUTH_JWKS_URL: {trouble}")),
            },
        }
    }
}

fn now() -> f64 {
    Timestamp::now().0 as f64 / 1000.0
}

impl ExpectedClaims {
    fn check(&self, claims: &Claims) -> Result<(), BadToken> {
        if let Some(issuer) = &self.issuer
            && claims.get("iss").and_then(Value::as_str) != Some(issuer)
        {
            return Err(BadToken("the token is of another issuer (`iss`)"));
        }
        if let Some(audience) = &self.audience
            && !names(claims.get("aud"), audience)
        {
            return Err(BadToken("the token is for another audience (`aud`)"));
        }
        Ok(())
    }

    fn organizations(&self, claims: &Claims) -> Organizations {
        match &self.organizations_claim {
            None => Organizations::Any,
            Some(claim) => Organizations::Only(claims.get(claim).and_then(ids).unwrap_or_default()),
        }
    }
}

/// Whether the claim is this text, or a list of texts with it.
fn names(claim: Option<&Value>, wanted: &str) -> bool {
    match claim {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => {
            several.iter().all(Value::is_string) && several.iter().any(|one| one == wanted)
        }
        _ => false,
    }
}

/// A UUID, or a list of them; `None` where it is anything else, or only one of them is.
fn ids(claim: &Value) -> Option<Vec<OrganizationId>> {
    let id = |value: &Value| value.as_str().and_then(OrganizationId::parse);
    match claim {
        Value::Array(several) => several.iter().map(id).collect(),
        one => Some(vec![id(one)?]),
    }
}

#[cfg(test)]
mod tests;
