//! Asks Access Manager over HTTP.

use super::verifier::Verifier;
use crate::domain::redacted;
use crate::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use crate::upstream::{self, Answer, Failure, SetUpError, Upstream};
use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

const LONGEST_ANSWER: usize = 64 * 1024;

/// Where Access Manager is and what its grants call things.
#[derive(Clone)]
pub struct Settings {
    /// The base URL, with or without a slash at its end.
    pub base: Url,
    /// Whether the token goes out as `Bearer <token>`; older deployments expect it bare.
    pub bearer_prefix: bool,
    /// The product of the grants: `plugin-crm`, `midaz`, …
    pub product: String,
    /// What the grants call alias accounts: `aliases`, `instruments`, …
    pub alias_resource: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long one attempt may take with everything in it.
    pub attempt_timeout: Duration,
}
redacted!(Settings);

/// Access Manager.
pub struct Client {
    upstream: Upstream,
    settings: Settings,
    application: String,
    verifier: Verifier,
}
redacted!(Client);

/// The body of a question, as it goes out.
#[derive(Serialize)]
struct Question<'a> {
    sub: &'a str,
    resource: &'a str,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<&'a str>,
}

impl Client {
    /// Checks the settings; asks nothing yet, so Access Manager need not be up.
    pub fn new(settings: Settings, verifier: Verifier) -> Result<Self, SetUpError> {
        let upstream = Upstream::new(&upstream::Settings {
            name: "access_manager",
            base: settings.base.clone(),
            connect_timeout: settings.connect_timeout,
            attempt_timeout: settings.attempt_timeout,
            longest_answer: LONGEST_ANSWER,
        })?;
        let application = format!("admin/{}-editor-role", settings.product);
        Ok(Self { upstream, settings, application, verifier })
    }

    fn question<'a>(&'a self, asked_as: &'a Asked, resource: Resource, action: Action) -> Question<'a> {
        let (sub, product) = match asked_as {
            Asked::Person(person) => (person, Some(self.settings.product.as_str())),
            Asked::Application => (&self.application, None),
        };
        let resource = match resource {
            Resource::Holders => "holders",
            Resource::Aliases => &self.settings.alias_resource,
        };
        Question { sub, resource, action: action.as_str(), product }
    }

    async fn ask(
        &self,
        call: &Call,
        token: &SecretString,
        question: &Question<'_>,
    ) -> Result<Answer, Failure> {
        let prefix = if self.settings.bearer_prefix { "Bearer " } else { "" };
        let question = self
            .upstream
            .post(&["v1", "authorize"])
            .header(AUTHORIZATION, upstream::authorization(prefix, token)?)
            .json(question);
        self.upstream.ask(question, call, &[StatusCode::OK]).await
    }
}

#[async_trait]
impl AccessManager for Client {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified> {
        let authorization = authorization
            .ok_or(BadToken("there is no token: send the header `Authorization: Bearer <token>`"))?;
        self.verifier.identify(authorization).await
    }

    async fn decide(&self, call: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision> {
        let Some(token) = &call.identity.token else { return Ok(Decision::Unauthenticated) };
        let question = self.question(&call.identity.asked_as, resource, action);
        let answer = self.ask(call, token, &question).await;
        answer.and_then(decision).map_err(|failure| NoDecision(failure.to_string()))
    }

    async fn health(&self) -> Result<(), String> {
        self.upstream.health().await?;
        self.verifier.health()
    }
}

/// Allowed is status 200 with `authorized` JSON true. Nothing else is a permission, and an outage is no denial.
fn decision(answer: Answer) -> Result<Decision, Failure> {
    match answer.status {
        StatusCode::UNAUTHORIZED => return Ok(Decision::Unauthenticated),
        StatusCode::FORBIDDEN => return Ok(Decision::Denied),
        _ => {}
    }
    match answer.body?.get("authorized") {
        Some(Value::Bool(true)) => Ok(Decision::Allowed),
        Some(Value::Bool(false)) => Ok(Decision::Denied),
        _ => Err(Failure::Unexpected("`authorized` is neither true nor false")),
    }
}
