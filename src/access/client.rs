//! Asks Access Manager over HTTP.

use super::own_token::Granted;
use super::verifier::Verifier;
use crate::domain::redacted;
use crate::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Resource, Unidentified,
};
use crate::registry::ports::call::Call;
use crate::registry::ports::condition::Condition;
use crate::tls::UpstreamTls;
use crate::upstream::{self, Answer, Failure, Limits, SetUpError, Upstream};
use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
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
    /// What the grants call personal data in clear; `None`: it needs no grant of its own.
    pub pii_resource: Option<String>,
    /// What bounds its calls.
    pub limits: Limits,
    /// Whom to trust there, and what to show.
    pub tls: UpstreamTls,
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
            limits: settings.limits.clone(),
            longest_answer: LONGEST_ANSWER,
            tls: settings.tls.clone(),
        })?;
        let application = format!("admin/{}-editor-role", settings.product);
        Ok(Self { upstream, settings, application, verifier })
    }

    /// The question to ask; `None` where the grants have no name for the resource.
    fn question<'a>(
        &'a self,
        asked_as: &'a Asked,
        resource: Resource,
        action: Action,
    ) -> Option<Question<'a>> {
        let (sub, product) = match asked_as {
            Asked::Person(person) => (person, Some(self.settings.product.as_str())),
            Asked::Application => (&self.application, None),
        };
        let resource = match resource {
            Resource::Holders => "holders",
            Resource::Aliases => &self.settings.alias_resource,
            Resource::PersonalData => self.settings.pii_resource.as_deref()?,
            Resource::Audit => "audit",
        };
        Some(Question { sub, resource, action: action.as_str(), product })
    }

    async fn ask(
        &self,
        call: &Call,
        token: &SecretString,
        question: &Question<'_>,
    ) -> Result<Decision, Failure> {
        let prefix = if self.settings.bearer_prefix { "Bearer " } else { "" };
        let question = self
            .upstream
            .post(&["v1", "authorize"])
            .header(AUTHORIZATION, upstream::authorization(prefix, token)?)
            .json(question);
        self.upstream.ask(("authorize", question), call, &[StatusCode::OK], decision).await
    }
}

/// A log-in, as it goes out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogIn<'a> {
    grant_type: &'static str,
    client_id: &'a str,
    client_secret: &'a str,
}

impl Client {
    /// A token for this service itself.
    pub(super) async fn log_in(
        &self,
        call: &Call,
        id: &str,
        secret: &SecretString,
    ) -> Result<Granted, Failure> {
        let log_in =
            LogIn { grant_type: "client_credentials", client_id: id, client_secret: secret.expose_secret() };
        let question = self.upstream.post(&["v1", "login", "oauth", "access_token"]).json(&log_in);
        self.upstream.ask(("log_in", question), call, &[StatusCode::OK, StatusCode::CREATED], granted).await
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
        let Some(question) = self.question(&call.identity.asked_as, resource, action) else {
            return Err(NoDecision("its grants have no name for this resource".to_owned()));
        };
        self.ask(call, token, &question).await.map_err(|failure| NoDecision(failure.to_string()))
    }

    async fn health(&self) -> Result<(), String> {
        // Both at once: whoever mends one must not find the other afterwards.
        match (self.upstream.health().await, self.verifier.health()) {
            (Ok(()), keys) => keys,
            (manager, Ok(())) => manager,
            (Err(manager), Err(keys)) => Err(format!("{manager}; {keys}")),
        }
    }

    fn condition(&self) -> Option<Condition> {
        Some(self.upstream.condition())
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

/// The longest life of a token that is believed.
const LONGEST_LIFE: u64 = 24 * 60 * 60;

/// What a log-in was answered with.
fn granted(answer: Answer) -> Result<Granted, Failure> {
    let body = answer.body?;
    if !body.get("tokenType").and_then(Value::as_str).is_none_or(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(Failure::Unexpected("`tokenType` is not Bearer"));
    }
    let token = match body.get("accessToken") {
        Some(Value::String(token)) if !token.is_empty() => SecretString::from(token.as_str()),
        _ => return Err(Failure::Unexpected("`accessToken` is no text")),
    };
    match body.get("expiresIn").and_then(Value::as_u64) {
        Some(seconds @ 1..) => Ok(Granted { token, life: Duration::from_secs(seconds.min(LONGEST_LIFE)) }),
        _ => Err(Failure::Unexpected("`expiresIn` is no number of seconds")),
    }
}
