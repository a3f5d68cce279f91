//! The service as its clients reach it.

use super::operations::Operation;
use crate::config::smoke::SmokeConfig;
use crate::domain::redacted;
use crate::registry::ports::call::Call;
use crate::upstream::{self, Failure, Limits, SetUpError, Upstream, authorization};
use reqwest::header::AUTHORIZATION;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a step may take, its repetitions included.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long one attempt at it may take.
const ATTEMPT: Duration = Duration::from_secs(12);

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// So often a step is asked for where no answer comes.
const ATTEMPTS: u32 = 3;

/// The pause before the second attempt; the next one is twice as long.
const PAUSE: Duration = Duration::from_millis(200);

const LONGEST_ANSWER: usize = 256 * 1024;

/// With these the service says in words what is wrong.
const TELLING: [StatusCode; 5] = [
    StatusCode::OK,
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::TOO_MANY_REQUESTS,
];

/// Longest piece of an answer that is repeated.
const SHOWN_MAX: usize = 300;

/// The service, and who asks it.
pub(super) struct Service {
    upstream: Upstream,
    token: Option<SecretString>,
    organization: String,
}
redacted!(Service);

/// What the service answered, at which attempt.
struct Answered {
    body: Map<String, Value>,
    /// The id of the request.
    request: String,
    attempts: u32,
}

/// Why a step failed.
pub(super) struct Trouble {
    /// In words.
    pub(super) text: String,
    /// The code that the service gave it.
    pub(super) code: Option<String>,
    /// Whether what was asked for may be done all the same.
    pub(super) perhaps_done: bool,
    /// Whether the service has weighed it, and said no.
    pub(super) refused: bool,
}

impl Service {
    /// Connects to nothing yet.
    pub(super) fn new(config: SmokeConfig) -> Result<Self, SetUpError> {
        // Attempts are made and counted here: an error that answers the second one tells nothing of the first.
        let limits = Limits {
            connect_timeout: CONNECT,
            attempt_timeout: ATTEMPT,
            retries: 0,
            breaker_failures: u32::MAX,
            ..Limits::default()
        };
        let upstream = Upstream::new(&upstream::Settings {
            name: "holdergraph",
            base: config.base,
            limits,
            longest_answer: LONGEST_ANSWER,
            tls: config.tls,
        })?;
        Ok(Self { upstream, token: config.token, organization: config.organization.to_string() })
    }

    /// What a path that tells of the service says.
    pub(super) async fn get(&self, path: &'static str) -> Result<Map<String, Value>, Trouble> {
        self.send(path, || self.upstream.get(&[path])).await.map(|answered| answered.body)
    }

    /// What the operation's field says.
    pub(super) async fn ask(&self, operation: &Operation, variables: Value) -> Result<Value, Trouble> {
        let body = json!({
            "query": operation.text, "operationName": operation.name, "variables": variables,
        });
        let token = self.token.as_ref().map(|token| authorization("Bearer ", token)).transpose();
        let token = token.map_err(|_| {
            Trouble::plain("the token cannot be sent: its file must hold one line, as Access Manager gave it")
        })?;
        let question = || {
            let post = self.upstream.post(&["graphql"]).header("X-Organization-Id", &self.organization);
            let post = post.json(&body);
            match &token {
                Some(token) => post.header(AUTHORIZATION, token.clone()),
                None => post,
            }
        };
        let answered = self.send(operation.name, question).await?;
        self.read(operation, &answered)
    }

    /// Asks until there is an answer. What is asked is safe to repeat: mutations have their keys.
    async fn send(
        &self,
        name: &'static str,
        question: impl Fn() -> RequestBuilder,
    ) -> Result<Answered, Trouble> {
        let call = Call::of_service("smoke", PATIENCE);
        let mut attempts = 1;
        loop {
            let answer = self.upstream.ask((name, question()), &call, &TELLING, |answer| answer.body).await;
            match answer {
                Ok(body) => return Ok(Answered { body, request: call.request_id, attempts }),
                Err(failure) if attempts == ATTEMPTS => return Err(Trouble::of(&failure)),
                Err(_) => tokio::time::sleep(PAUSE * attempts).await,
            }
            attempts += 1;
        }
    }

    fn read(&self, operation: &Operation, answered: &Answered) -> Result<Value, Trouble> {
        let Answered { body: answer, request, attempts } = answered;
        if let Some(error) = answer.get("errors").and_then(Value::as_array).and_then(|errors| errors.first())
        {
            let code = text(error, "/extensions/code");
            // These are told where the end of what was begun is not known. Whatever answers a repetition, the attempt
            // before it may have been carried out.
            let perhaps_done =
                *attempts > 1 || matches!(code.as_str(), "TIMEOUT" | "INTERNAL" | "STORE_UNAVAILABLE");
            let hint = match (code.as_str(), &self.token) {
                ("UNAUTHENTICATED", None) => "; no token was sent: name its file with --token-file",
                _ => "",
            };
            let text = format!("{code}: {}{hint} (request {request})", text(error, "/message"));
            return Err(Trouble { text, code: Some(code), perhaps_done, refused: false });
        }
        let told = answer.get("data").and_then(|data| data.get(operation.field)).cloned();
        let told = told
            .ok_or_else(|| Trouble::plain("the answer is none of holdergraph's: is --url its base URL?"))?;
        match told.get("userErrors").and_then(Value::as_array).and_then(|errors| errors.first()) {
            Some(refused) => {
                let code = text(refused, "/code");
                let text = format!("{code}: {} (request {request})", text(refused, "/message"));
                Err(Trouble { text, code: Some(code), perhaps_done: false, refused: true })
            }
            None => Ok(told),
        }
    }
}

impl Trouble {
    /// One that the service said nothing of.
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), code: None, perhaps_done: false, refused: false }
    }

    /// Whether the token has not the right to it.
    pub(super) fn is_forbidden(&self) -> bool {
        self.code.as_deref() == Some("FORBIDDEN")
    }

    fn of(failure: &Failure) -> Self {
        let hint = match failure {
            Failure::Status(404 | 405) | Failure::NotJson | Failure::NoObject => "is --url its base URL?",
            Failure::CannotConnect(_) => "is --url right, and for https --ca-file?",
            _ => "is it up, and reached from here?",
        };
        Self {
            text: format!("the service gave no answer ({failure}): {hint}"),
            code: None,
            perhaps_done: true,
            refused: false,
        }
    }
}

/// A text of an answer, as one short line.
pub(super) fn text(of: &Value, path: &str) -> String {
    let text = of.pointer(path).and_then(Value::as_str).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(SHOWN_MAX).collect()
}
