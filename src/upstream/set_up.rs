//! What an upstream is set up with, and the HTTP client that is built from it.

use super::failure::innermost;
use super::limits::Limits;
use crate::tls::UpstreamTls;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

/// Where an upstream is, and what its answers are bounded by.
pub(crate) struct Settings {
    /// Its name in metrics and errors.
    pub(crate) name: &'static str,
    /// The base URL, with or without a slash at its end.
    pub(crate) base: Url,
    /// What bounds its calls.
    pub(crate) limits: Limits,
    /// The longest body, in bytes, that is taken for an answer.
    pub(crate) longest_answer: usize,
    /// Whom to trust there, and what to show.
    pub(crate) tls: UpstreamTls,
}

/// Why an upstream cannot be used as it is set. Holds no part of the URL: it may contain a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetUpError {
    /// Another scheme, or no host.
    #[error("the base URL of {0} must begin with http:// or https:// and name a host")]
    NotHttp(&'static str),
    /// A user name or a password in the URL.
    #[error("the base URL of {0} must not hold a user name or a password")]
    Credentials(&'static str),
    /// A query or a fragment, which no path can follow.
    #[error("the base URL of {0} must end with its path: no `?` and no `#`")]
    QueryOrFragment(&'static str),
    /// TLS could not be set up: most often no CA certificates are installed.
    #[error("the HTTP client of {0} cannot be set up: {1}")]
    Tls(&'static str, String),
}

impl Settings {
    /// The base URL without a slash at its end, so that paths can be added.
    pub(super) fn checked_base(&self) -> Result<Url, SetUpError> {
        let mut base = self.base.clone();
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(SetUpError::NotHttp(self.name));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(SetUpError::Credentials(self.name));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(SetUpError::QueryOrFragment(self.name));
        }
        if let Ok(mut segments) = base.path_segments_mut() {
            segments.pop_if_empty();
        }
        Ok(base)
    }

    /// The client: it goes nowhere but to the base URL.
    pub(super) fn http_client(&self) -> Result<reqwest::Client, SetUpError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.limits.connect_timeout)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("holdergraph/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers);
        builder = match self.base.scheme() {
            // Without TLS nothing is verified, so an image without CA certificates must do.
            "http" => builder.tls_certs_only([]),
            _ => self.tls.apply(builder),
        };
        builder.build().map_err(|error| SetUpError::Tls(self.name, innermost(&error)))
    }
}
