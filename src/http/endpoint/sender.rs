//! Who sends a request, as the rate limit sees it.

use super::Endpoint;
use crate::domain::ids::OrganizationId;
use crate::http::rate_limit::{Left, RateLimit, Wait};
use crate::registry::ports::access::Identity;
use crate::registry::ports::call::Asked;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The bucket of one sender.
pub(super) struct Sender<'a> {
    limit: &'a RateLimit,
    subject: String,
    organization: OrganizationId,
}

impl<'a> Sender<'a> {
    /// Nobody is limited without a limit, nor where the schema may be read without a token.
    pub(super) fn of(
        endpoint: &'a Endpoint,
        identity: Option<&Identity>,
        organization: Result<OrganizationId, &'static str>,
    ) -> Option<Self> {
        let (limit, identity) = (endpoint.rate_limit.as_ref()?, identity?);
        // Organizations that the token is not for, and what is none, share one bucket: else each that somebody thinks
        // up would bring a full one along.
        let own = organization.ok().filter(|organization| identity.organizations.include(*organization));
        let organization = own.unwrap_or(OrganizationId(Uuid::nil()));
        Some(Self { limit, subject: subject(endpoint.rules.tokens_proven, identity), organization })
    }

    /// Whether there is room for a request at all: asked before anything of it is read. Nothing is taken.
    pub(super) fn has_room(&self) -> Result<(), Wait> {
        match self.take(0)?.left {
            0 => self.take(1).map(drop),
            _ => Ok(()),
        }
    }

    /// Takes so many requests, all of them or none.
    pub(super) fn take(&self, requests: usize) -> Result<Left, Wait> {
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        self.limit.take(&self.subject, self.organization, requests)
    }
}

/// Whose bucket it is. Whom an unproven token names, anybody can write into one: then each token has a bucket of its own,
/// so that a forged one takes nothing from whom it names.
fn subject(tokens_proven: bool, identity: &Identity) -> String {
    match (&identity.token, &identity.asked_as) {
        (Some(token), _) if !tokens_proven => {
            format!("token {}", hex::encode(Sha256::digest(token.expose_secret())))
        }
        (_, Asked::Person(_)) => format!("person {}", identity.subject),
        (_, Asked::Application) => format!("application {}", identity.subject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::ports::call::Organizations;
    use secrecy::SecretString;

    fn identity(token: &str, subject: &str, asked_as: Asked) -> Identity {
        Identity {
            token: Some(SecretString::from(token)),
            subject: subject.to_owned(),
            expires: None,
            asked_as,
            organizations: Organizations::Any,
        }
    }

    #[test]
    fn an_unproven_token_is_its_own_sender_and_a_proven_one_whom_it_names() {
        let person = || Asked::Person("owner/ana".to_owned());
        let genuine = identity("a.b.genuine", "owner/ana", person());
        let forged = identity("a.b.forged", "owner/ana", person());
        assert_ne!(subject(false, &genuine), subject(false, &forged));
        assert!(!subject(false, &genuine).contains("genuine"));
        assert_eq!(subject(true, &genuine), subject(true, &forged));
        let application = identity("c", "owner/ana", Asked::Application);
        assert_ne!(subject(true, &genuine), subject(true, &application));
    }
}
