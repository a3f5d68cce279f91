//! Authorisation switched off (`PLUGIN_AUTH_ENABLED=false`): for local use only, which the configuration sees to.

use super::verifier::{ExpectedClaims, Verifier};
use crate::registry::ports::access::{
    AccessManager, Action, Asked, Decision, Identity, NoDecision, Organizations, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use async_trait::async_trait;

/// Lets everyone do everything; a token is optional, but one that is sent must hold as it would elsewhere.
pub struct Open {
    verifier: Verifier,
}

impl Open {
    /// With what proves the tokens that are sent.
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier }
    }
}

/// With tokens that are only decoded.
impl Default for Open {
    fn default() -> Self {
        Self::new(Verifier::none(ExpectedClaims::default()))
    }
}

#[async_trait]
impl AccessManager for Open {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified> {
        match authorization {
            Some(authorization) => self.verifier.identify(authorization).await,
            None => Ok(Identity {
                token: None,
                subject: "anonymous".to_owned(),
                expires: None,
                asked_as: Asked::Application,
                organizations: Organizations::Any,
            }),
        }
    }

    async fn decide(&self, _: &Call, _: Resource, _: Action) -> Result<Decision, NoDecision> {
        Ok(Decision::Allowed)
    }

    async fn health(&self) -> Result<(), String> {
        self.verifier.health()
    }
}
