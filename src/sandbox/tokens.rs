//! The tokens that a sandbox hands out: one for each kind of person, and those of its application.

use super::claims::{Claims, ISSUER, OWNER, PERSON};
use super::identity::{Application, Identity};
use super::signing_key::{KeyError, SigningKey};
use crate::domain::redacted;
use serde::Serialize;
use uuid::Uuid;

const TEN_YEARS_IN_SECONDS: i64 = 10 * 365 * 24 * 3600;

/// How long an application's token is valid, in seconds.
pub(super) const APPLICATION_LIFE: i64 = 3600;

/// One token for each kind of person, valid for ten years and the same after a restart.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Everything, also purge, the audit trail and personal data in clear.
    pub admin: String,
    /// Read, create, change and delete.
    pub editor: String,
    /// Read, create and change.
    pub contributor: String,
    /// Read.
    pub viewer: String,
    /// Nothing.
    pub nobody: String,
}
redacted!(Tokens);

impl Tokens {
    /// Signs them anew from what is kept; the texts are always the same.
    pub(super) fn sign(key: &SigningKey, identity: &Identity) -> Result<Self, KeyError> {
        let issued = identity.created_at.0.div_euclid(1000);
        let person = |id: Uuid| {
            key.sign(&Claims {
                kind: Some(PERSON.to_owned()),
                owner: Some(OWNER.to_owned()),
                sub: Some(id.to_string()),
                iss: Some(ISSUER.to_owned()),
                jti: None,
                iat: Some(issued),
                exp: issued.saturating_add(TEN_YEARS_IN_SECONDS),
            })
        };
        let subjects = &identity.subjects;
        Ok(Self {
            admin: person(subjects.admin)?,
            editor: person(subjects.editor)?,
            contributor: person(subjects.contributor)?,
            viewer: person(subjects.viewer)?,
            nobody: person(subjects.nobody)?,
        })
    }
}

/// A new token of the application.
pub(super) fn for_application(key: &SigningKey, application: &Application) -> Result<String, KeyError> {
    let issued = jiff::Timestamp::now().as_second();
    key.sign(&Claims {
        kind: Some("application".to_owned()),
        owner: Some("admin".to_owned()),
        sub: Some(application.client_id.clone()),
        iss: Some(ISSUER.to_owned()),
        jti: Some(Uuid::new_v4().to_string()),
        iat: Some(issued),
        exp: issued.saturating_add(APPLICATION_LIFE),
    })
}
