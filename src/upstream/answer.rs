//! An answer and its body: capped while it streams in, and JSON or nothing.

use super::failure::{Failure, outcome_of_status};
use super::object::read_object;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// A status, and the body where the status alone does not say all.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// How long it wants to be left alone (`Retry-After`, RFC 9110, 10.2.3).
    pub(super) retry_after: Option<Duration>,
    /// The body; [`Failure::Status`] where it was not looked at.
    pub(crate) body: Result<Map<String, Value>, Failure>,
}

impl Answer {
    /// Reads the answer; the body only of a status that is one of `telling`.
    pub(super) async fn of(response: Response, telling: &[StatusCode], longest: usize) -> Self {
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        let body = if telling.contains(&status) {
            read(response, longest).await
        } else {
            Err(Failure::Status(status.as_u16()))
        };
        Self { status, retry_after, body }
    }

    /// The metric's label.
    pub(super) fn outcome(&self) -> &'static str {
        match &self.body {
            Ok(_) if self.status.is_success() => "success",
            Err(failure) if self.status.is_success() => failure.outcome(),
            _ => outcome_of_status(self.status.as_u16()),
        }
    }
}

async fn read(mut response: Response, longest: usize) -> Result<Map<String, Value>, Failure> {
    if !is_json(response.headers()) {
        return Err(Failure::NotJson);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
        if body.len() + chunk.len() > longest {
            return Err(Failure::TooLong(longest));
        }
        body.extend_from_slice(&chunk);
    }
    read_object(&body).ok_or(Failure::NoObject)
}

/// In seconds, or until a date. What is neither, or a date gone by, asks for nothing.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok(),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/problem+json"].iter().any(|json| media_type.eq_ignore_ascii_case(json))
}
