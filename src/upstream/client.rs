//! One upstream over pooled connections: attempts within their time, without redirects and without a proxy.
//! What happens around attempts is the shield's.

use super::answer::Answer;
use super::failure::{Failed, Failure};
use super::measure::Measure;
use super::set_up::{SetUpError, Settings};
use super::shield::Shield;
use crate::registry::ports::call::Call;
use crate::registry::ports::condition::{BreakerState, Condition};
use crate::telemetry::traces::CallSpan;
use reqwest::header::HeaderValue;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// A service that this one asks.
pub(crate) struct Upstream {
    name: &'static str,
    http: reqwest::Client,
    base: Url,
    attempt_timeout: Duration,
    longest_answer: usize,
    shield: Shield,
}

impl Upstream {
    /// Checks the settings and sets up the connections' pool; connects to nothing yet.
    pub(crate) fn new(settings: &Settings) -> Result<Self, SetUpError> {
        Ok(Self {
            name: settings.name,
            base: settings.checked_base()?,
            http: settings.http_client()?,
            attempt_timeout: settings.limits.attempt_timeout,
            shield: Shield::new(settings.name, &settings.limits),
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

    /// Asks a question that is safe to repeat, which traces know by this name, within the deadline of the request that it
    /// is for. Bodies are read of the `telling` statuses only: of the others the number says all. `read` tells what
    /// an answer says; where it says that it is none, the upstream has failed.
    pub(crate) async fn ask<T>(
        &self,
        (name, question): (&'static str, RequestBuilder),
        call: &Call,
        telling: &[StatusCode],
        read: impl Fn(Answer) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let host = self.base.host_str().unwrap_or_default();
        let span = CallSpan::of_upstream(name, self.name, host, self.base.port_or_known_default());
        let question = traced(question, call, &span);
        let deadline = Instant::from_std(call.deadline);
        let attempts = AtomicU32::new(0);
        let ended = self
            .shield
            .run(deadline, || async {
                attempts.fetch_add(1, Ordering::Relaxed);
                let measure = Measure::start(self.name);
                let question = question.try_clone().ok_or(Failure::Unsendable);
                let answer = async { self.attempt(question?, deadline, telling).await }.await;
                let answer = match answer {
                    Ok(answer) => answer,
                    Err(failure) => {
                        measure.end(failure.outcome());
                        return Err(failure.into());
                    }
                };
                let (outcome, retry_after) = (answer.outcome(), answer.retry_after);
                let read = read(answer);
                // What an answer says may show that it is none.
                let unusable = read.as_ref().err().map(Failure::outcome).filter(|_| outcome == "success");
                measure.end(unusable.unwrap_or(outcome));
                read.map_err(|failure| Failed { failure, retry_after })
            })
            .await;
        let outcome = ended.as_ref().err().map_or("success", Failure::outcome);
        span.end(outcome, ended.is_ok(), Some(attempts.into_inner().saturating_sub(1)));
        ended
    }

    /// How the way to it stands.
    pub(crate) fn condition(&self) -> Condition {
        self.shield.condition()
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
        let end = deadline.min(now.checked_add(self.attempt_timeout).unwrap_or(deadline));
        // An attempt that was cut short by the request's own end shows nothing of the upstream.
        let too_late =
            if end - now < self.attempt_timeout / 2 { Failure::OutOfTime } else { Failure::TimedOut };
        let answer = async {
            let response = question.send().await.map_err(|error| Failure::of(&error))?;
            Ok(Answer::of(response, telling, self.longest_answer).await)
        };
        timeout_at(end, answer).await.unwrap_or(Err(too_late))
    }

    /// Whether `GET {base}/health` is answered with 200, whatever the body; not counted among the calls. While the
    /// breaker is open it is left alone by this too.
    pub(crate) async fn health(&self) -> Result<(), String> {
        if self.condition().breaker == BreakerState::Open {
            return Err(Failure::BreakerOpen.to_string());
        }
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

/// Passes on the trace: the upstream's own spans are children of this call's, or where that leaves none, of what the
/// request is told by. What cannot be a header's value is left out: a call must not fail for its trace.
fn traced(mut question: RequestBuilder, call: &Call, span: &CallSpan) -> RequestBuilder {
    let (traceparent, tracestate) = span.headers().unwrap_or_else(|| (call.traceparent.clone(), None));
    let state = tracestate.unwrap_or_default();
    for (name, text) in
        [("traceparent", &traceparent), ("tracestate", &state), ("x-request-id", &call.request_id)]
    {
        if let Ok(value) = HeaderValue::from_str(text)
            && !value.is_empty()
        {
            question = question.header(name, value);
        }
    }
    question
}
