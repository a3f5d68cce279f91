//! OTLP over HTTP, in protobuf.

use super::settings::{Headers, Settings};
use crate::domain::redacted;
use crate::reload::Fresh;
use crate::tls::UpstreamTls;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use std::sync::Arc;
use url::Url;

/// Longest answer that is looked at.
const ANSWER_MAX: usize = 16 * 1024;

/// Why a collector cannot be used as it is set.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// TLS could not be set up: most often no CA certificates are installed.
    #[error("its connections cannot be set up")]
    Client,
    /// Its name is told, its value never.
    #[error("the header {0:?} cannot be sent")]
    Header(String),
}

/// Why spans were not taken: no URL, no header and no body is part of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotTaken {
    /// Nobody listens, or no connection could be made.
    #[error("cannot connect")]
    NotConnected,
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection broke off")]
    BrokenOff,
    /// Another answer than 200.
    #[error("status {0}")]
    Status(u16),
    /// Its headers cannot be sent.
    #[error("its headers cannot be sent")]
    Headers,
    /// It was taken in part.
    #[error("{0} spans of the batch were rejected")]
    Rejected(i64),
}

/// Where spans are sent.
pub(super) struct Collector {
    http: reqwest::Client,
    url: Url,
    headers: Arc<Fresh<Headers>>,
    resource: ResourceAttributesWithSchema,
}
redacted!(Collector);

impl Collector {
    /// Connects to nothing yet.
    pub(super) fn new(
        settings: &Settings,
        tls: &UpstreamTls,
        resource: &Resource,
    ) -> Result<Self, SetUpError> {
        let mut url = settings.endpoint.clone();
        // Cannot fail: the settings have checked that it has a host, so it has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["v1", "traces"]);
        }
        let builder = reqwest::Client::builder()
            .timeout(settings.timeout)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("holdergraph/", env!("CARGO_PKG_VERSION")));
        let builder = match url.scheme() {
            // Without TLS nothing is verified, so an image without CA certificates must do.
            "http" => builder.tls_certs_only([]),
            _ => tls.apply(builder),
        };
        let http = builder.build().map_err(|_| SetUpError::Client)?;
        // Told now where they cannot be sent, and not with the first batch.
        map(&settings.headers.current().value)?;
        Ok(Self { http, url, headers: settings.headers.clone(), resource: resource.into() })
    }

    /// Sends a batch, once: what is not taken is lost.
    pub(super) async fn send(&self, batch: Vec<SpanData>) -> Result<(), NotTaken> {
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let headers = map(&self.headers.current().value).map_err(|_| NotTaken::Headers)?;
        let request = self.http.post(self.url.clone()).headers(headers).body(body);
        let mut answer = request.send().await.map_err(|error| not_taken(&error))?;
        if !answer.status().is_success() {
            return Err(NotTaken::Status(answer.status().as_u16()));
        }
        let mut told = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| not_taken(&error))? {
            told.extend_from_slice(&chunk);
            if told.len() > ANSWER_MAX {
                return Ok(());
            }
        }
        // An answer that cannot be read says nothing against a status that is good.
        let told = ExportTraceServiceResponse::decode(told.as_slice()).unwrap_or_default();
        match told.partial_success.map_or(0, |partial| partial.rejected_spans) {
            0 => Ok(()),
            rejected => Err(NotTaken::Rejected(rejected)),
        }
    }
}

fn map(Headers(given): &Headers) -> Result<HeaderMap, SetUpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let unsendable = || SetUpError::Header(name.clone());
        let known = HeaderName::try_from(name.as_str()).map_err(|_| unsendable())?;
        let mut value = HeaderValue::try_from(value.expose_secret()).map_err(|_| unsendable())?;
        value.set_sensitive(true);
        headers.append(known, value);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
    Ok(headers)
}

fn not_taken(error: &reqwest::Error) -> NotTaken {
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => NotTaken::TimedOut,
        (false, true) => NotTaken::NotConnected,
        (false, false) => NotTaken::BrokenOff,
    }
}
