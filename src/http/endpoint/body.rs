//! The body of a GraphQL request: JSON only, so that no form or plain text of a foreign page is ever executed.

use super::accept::Media;
use super::reply::{self, Reply};
use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};
use std::time::Instant;

/// A GraphQL request.
pub(super) struct GraphQLRequest {
    /// The document.
    pub(super) query: String,
    /// Which of its operations.
    pub(super) operation_name: Option<String>,
    /// Values of its variables.
    pub(super) variables: Map<String, Value>,
    /// How long the body was.
    pub(super) bytes: usize,
}

/// Why a body is no GraphQL request.
pub(super) struct BodyFault {
    status: StatusCode,
    message: String,
}

impl BodyFault {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn reply(self, media: Media) -> Reply {
        reply::bad_request(media, self.status, &self.message)
    }
}

/// Reads the body, as long and as far as is allowed.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    max: usize,
    deadline: Instant,
) -> Result<GraphQLRequest, BodyFault> {
    if !is_json(headers) {
        let message = "the body must be JSON: send Content-Type: application/json";
        return Err(BodyFault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        let message = "the body must come as it is: send no Content-Encoding";
        return Err(BodyFault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let collected = tokio::time::timeout_at(deadline.into(), Limited::new(body, max).collect()).await;
    let bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("the body is over {max} bytes");
            return Err(BodyFault::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        Ok(Err(_)) => return Err(BodyFault::new(StatusCode::BAD_REQUEST, "the body broke off")),
        Err(_) => return Err(BodyFault::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    };
    let value = serde_json::from_slice(&bytes)
        .map_err(|error| BodyFault::new(StatusCode::BAD_REQUEST, no_json(&bytes, &error)))?;
    parse(value, bytes.len())
}

/// Why a body is no JSON: serde_json's own message would quote it.
fn no_json(bytes: &[u8], error: &serde_json::Error) -> String {
    if bytes.is_empty() {
        return "the body is empty: send a JSON object with query".to_owned();
    }
    if std::str::from_utf8(bytes).is_err() {
        return "the body is not UTF-8".to_owned();
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    format!("the body is no JSON that can be read, or nested too deep, at {place}")
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = only.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let charset_fits = parts.all(|part| {
        let charset = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        charset.is_none_or(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
    });
    is_json && charset_fits
}

fn parse(value: Value, bytes: usize) -> Result<GraphQLRequest, BodyFault> {
    let wrong = |message: &str| BodyFault::new(StatusCode::BAD_REQUEST, message);
    let Value::Object(mut fields) = value else {
        return Err(wrong(
            "the body must be one JSON object with query, and where needed operationName and variables",
        ));
    };
    let query = match fields.remove("query") {
        Some(Value::String(query)) => query,
        _ => return Err(wrong("query must be the text of a GraphQL document")),
    };
    let operation_name = match fields.remove("operationName") {
        None | Some(Value::Null) => None,
        // Many clients send an empty one where they have none.
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err(wrong("operationName must be text or null")),
    };
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return Err(wrong("variables must be an object or null")),
    };
    match fields.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => {
            Ok(GraphQLRequest { query, operation_name, variables, bytes })
        }
        Some(_) => Err(wrong("extensions must be an object or null")),
    }
}
