//! Where key sets come from: one GET over HTTP, bounded in time and size, that follows no redirect.

use super::key_set::NoKeySet;
use crate::tls::UpstreamTls;
use async_trait::async_trait;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use std::error::Error;
use std::time::Duration;
use url::Url;

/// The longest answer of a key server: room for as many keys as a set may have, each with its certificates (`x5c`).
const LONGEST: usize = 1024 * 1024;

/// Why there is no new key set, in few words: never with the URL, which may hold what it should not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    /// Nobody listens, no route, no TLS.
    #[error("cannot connect: {0}")]
    NotConnected(String),
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection broke off")]
    BrokenOff,
    /// Anything but 200, also a redirect.
    #[error("status {0}")]
    Status(u16),
    /// The content type is not JSON's.
    #[error("the answer is not JSON")]
    NotJson,
    /// Longer than [`LONGEST`].
    #[error("the answer is over 1 MiB")]
    TooLong,
    /// An answer, and no key set that can be used.
    #[error("{0}")]
    NoKeySet(#[from] NoKeySet),
}

impl NoAnswer {
    /// The metric's label.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::NotConnected(_) => "not_connected",
            Self::TimedOut => "timed_out",
            Self::BrokenOff => "broken_off",
            Self::Status(_) => "status",
            Self::NotJson | Self::TooLong | Self::NoKeySet(_) => "no_key_set",
        }
    }

    fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::NotConnected(innermost(error))
        } else {
            Self::BrokenOff
        }
    }
}

/// Gives the bytes of the newest key set.
#[async_trait]
pub(super) trait KeySource: Send + Sync + 'static {
    /// Asks once.
    async fn fetch(&self) -> Result<Vec<u8>, NoAnswer>;
}

/// A key server.
pub(super) struct KeyUrl {
    http: reqwest::Client,
    url: Url,
}

impl KeyUrl {
    /// Sets up the client; connects to nothing yet.
    pub(super) fn new(
        url: Url,
        connect_timeout: Duration,
        attempt_timeout: Duration,
        tls: &UpstreamTls,
    ) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/jwk-set+json, application/json"));
        let mut builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            .timeout(attempt_timeout)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("holdergraph/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers);
        builder = match url.scheme() {
            // Without TLS nothing is verified, so an image without CA certificates must do.
            "http" => builder.tls_certs_only([]),
            _ => tls.apply(builder),
        };
        let http = builder.build().map_err(|error| innermost(&error))?;
        Ok(Self { http, url })
    }
}

#[async_trait]
impl KeySource for KeyUrl {
    async fn fetch(&self) -> Result<Vec<u8>, NoAnswer> {
        let answer = self.http.get(self.url.clone()).send().await.map_err(|error| NoAnswer::of(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(NoAnswer::Status(answer.status().as_u16()));
        }
        if !is_json(answer.headers()) {
            return Err(NoAnswer::NotJson);
        }
        body(answer).await
    }
}

async fn body(mut answer: Response) -> Result<Vec<u8>, NoAnswer> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| NoAnswer::of(&error))? {
        if body.len() + chunk.len() > LONGEST {
            return Err(NoAnswer::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(given) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let media_type = given.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/jwk-set+json"].iter().any(|json| media_type.eq_ignore_ascii_case(json))
}

/// The innermost cause; the outer ones name the URL. What a peer's certificate may say is cut to one short line.
fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
    let cause = causes.last().map_or_else(String::new, |cause| cause.to_string());
    cause.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests;
