//! Authorisation switched off (`PLUGIN_AUTH_ENABLED=false`): for local use only, which the configuration sees to.

use super::identity;
use crate::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Resource,
};
use crate::registry::ports::call::Call;
use async_trait::async_trait;

/// Lets everyone do everything; a token is optional, but one that is sent must be readable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

#[async_trait]
impl AccessManager for Open {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, BadToken> {
        match authorization {
            Some(authorization) => identity::of_header(authorization),
            None => {
                let subject = "anonymous".to_owned();
                Ok(Identity { token: None, subject, expires: None, asked_as: Asked::Application })
            }
        }
    }

    async fn decide(&self, _: &Call, _: Resource, _: Action) -> Result<Decision, NoDecision> {
        Ok(Decision::Allowed)
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}
