//! What a token says, and why one is not taken.

use serde::{Deserialize, Serialize};

/// `iss` of every token of a sandbox.
pub const ISSUER: &str = "holdergraph-sandbox";

/// `owner` of the persons' tokens.
pub const OWNER: &str = "lerian";

/// Claim `type` of a person.
pub(super) const PERSON: &str = "normal-user";

/// What a token says. Every claim but the times may be missing from a token that a test has signed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    /// `normal-user` for a person, anything else for an application.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    /// Whose people, or applications, they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sub: Option<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) iss: Option<String>,
    /// Tells tokens of the same second apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) jti: Option<String>,
    /// Since when, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) iat: Option<i64>,
    /// Until when, in seconds.
    pub(super) exp: i64,
}

impl Claims {
    /// Whether it is a person's token; all others are applications'.
    pub(super) fn is_person(&self) -> bool {
        self.kind.as_deref() == Some(PERSON)
    }

    /// `<owner>/<sub>`; `None` where a claim is missing.
    pub(super) fn person(&self) -> Option<String> {
        match (self.owner.as_deref(), self.sub.as_deref()) {
            (Some(owner), Some(sub)) if !owner.is_empty() && !sub.is_empty() => {
                Some(format!("{owner}/{sub}"))
            }
            _ => None,
        }
    }
}

/// Why a token is not taken. Holds no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejected {
    /// There is none.
    #[error("there is no token: send one Authorization header, `Bearer <token>` or the bare token")]
    Missing,
    /// Two headers: which one counts?
    #[error("there is more than one Authorization header: send one")]
    Repeated,
    /// It is no JWT that this sandbox signed, or not valid yet.
    #[error("the token was not signed by this sandbox: use one that it printed")]
    Invalid,
    /// It was good once.
    #[error("the token has expired: get a new one")]
    Expired,
}
