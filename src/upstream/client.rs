//! One upstream over pooled connections: attempts within their time, without redirects and without a proxy.
//!
//! Retries, the breaker and the bound on calls in flight belong around [`Upstream::ask`].

use super::answer::Answer;
use super::failure::Failure;
use super::measure::Measure;
use super::set_up::{SetUpError, Settings};
use crate::registry::ports::call::Call;
use reqwest::header::HeaderValue;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};
use tokio::time::timeout_at;
use url::Url;

/// A service that this one asks.
pub(crate) struct Upstream {
    name: &'static str,
    http: reqwest::Client,
    base: Url,
    attempt_timeout: Duration,
    longest_answer: usize,
}

impl Upstream {
    /// Checks the settings and sets up the connections' pool; connects to nothing yet.
    pub(crate) fn new(settings: &Settings) -> Result<Self, SetUpError> {
        Ok(Self {
            name: settings.name,
            base: settings.checked_base()?,
            http: settings.http_client()?,
            attempt_timeout: settings.attempt_timeout,
            longest_answer: settings.longest_answer,
        })
    }

    /// A GET of the path with these segments.
    pub(crate) fn get(&self, path: &[&str]) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    /// A POST to the path with these segments.
    pub(crate) fn post(&self, path: &[&str]) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    /// Makes one attempt, with the trace of the request that it is for, within the attempt's time and the
    /// request's deadline. Bodies are read of the `telling` statuses only: of the others the number says all.
    pub(crate) async fn ask(
        &self,
        question: RequestBuilder,
        call: &Call,
        telling: &[StatusCode],
    ) -> Result<Answer, Failure> {
        let measure = Measure::start(self.name);
        let answer = self.attempt(traced(question, call), call.deadline, telling).await;
        measure.end(answer.as_ref().map_or_else(Failure::outcome, Answer::outcome));
        answer
    }

    async fn attempt(
        &self,
        question: RequestBuilder,
        deadline: Instant,
        telling: &[StatusCode],
    ) -> Result<Answer, Failure> {
        let now = Instant::now();
        if deadline <= now {
            return Err(Failure::OutOfTime);
        }
        let (end, too_late) = match now.checked_add(self.attempt_timeout) {
            Some(end) if end < deadline => (end, Failure::TimedOut),
            _ => (deadline, Failure::OutOfTime),
        };
        let answer = async {
            let response = question.send().await.map_err(|error| Failure::of(&error))?;
            Ok(Answer::of(response, telling, self.longest_answer).await)
        };
        timeout_at(end.into(), answer).await.unwrap_or(Err(too_late))
    }

    /// Whether `GET {base}/health` is answered with 200, whatever the body; not counted among the calls.
    pub(crate) async fn health(&self) -> Result<(), String> {
        let question = self.get(&["health"]).timeout(self.attempt_timeout);
        let response = question.send().await.map_err(|error| Failure::of(&error).to_string())?;
        match response.status() {
            StatusCode::OK => Ok(()),
            status => Err(Failure::Status(status.as_u16()).to_string()),
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        // Cannot fail: the base was checked to have a host, so it has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }
}

/// The value of an `Authorization` header: the token after this prefix, never shown by `Debug`.
pub(crate) fn authorization(prefix: &str, token: &SecretString) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::try_from(format!("{prefix}{}", token.expose_secret()))
        .map_err(|_| Failure::Unsendable)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Passes on the trace. What cannot be a header's value is left out: a call must not fail for its trace.
fn traced(mut question: RequestBuilder, call: &Call) -> RequestBuilder {
    for (name, text) in [("traceparent", &call.traceparent), ("x-request-id", &call.request_id)] {
        if let Ok(value) = HeaderValue::from_str(text)
            && !value.is_empty()
        {
            question = question.header(name, value);
        }
    }
    question
}
