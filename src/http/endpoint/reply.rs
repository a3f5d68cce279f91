//! Answers: data, or `errors` alone, in the media type and with the status that http.md's table asks for.

use super::accept::Media;
use super::headers::{ORGANIZATION, REQUEST_ID};
use crate::http::documents::RequestError;
use async_graphql::ServerError;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

/// An answer that has not been written yet.
pub(super) struct Reply {
    media: Media,
    status: StatusCode,
    body: Value,
    operation_name: Option<String>,
}

/// The answer of an operation that was executed, also where a field of it failed.
pub(super) fn executed(
    media: Media,
    response: async_graphql::Response,
    operation_name: Option<String>,
) -> Reply {
    let body = serde_json::to_value(&response).unwrap_or_else(|_| only_errors(vec![internal()]));
    Reply { media, status: StatusCode::OK, body, operation_name }
}

/// A request that cannot be executed: 400, or 200 where the client only takes `application/json`.
pub(super) fn request_errors(media: Media, errors: &[RequestError]) -> Reply {
    let status = match media {
        Media::GraphQLResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    };
    let told = errors.iter().map(|fault| {
        let mut error = error(fault.code, &fault.message);
        if let (Some((line, column)), Some(error)) = (fault.location, error.as_object_mut()) {
            error.insert("locations".to_owned(), json!([{"line": line, "column": column}]));
        }
        error
    });
    errors_with(media, status, told.collect())
}

/// No token, or one that is not accepted.
pub(super) fn unauthenticated(media: Media, why: &str) -> Reply {
    errors_with(media, StatusCode::UNAUTHORIZED, vec![error("UNAUTHENTICATED", why)])
}

/// The organization's header is missing, repeated or no UUID.
pub(super) fn bad_organization(media: Media, why: &str) -> Reply {
    let mut error = error("BAD_USER_INPUT", why);
    if let Some(extensions) = error.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.insert("header".to_owned(), json!(ORGANIZATION));
    }
    errors_with(media, StatusCode::BAD_REQUEST, vec![error])
}

/// A body that is no GraphQL request.
pub(super) fn bad_request(media: Media, status: StatusCode, why: &str) -> Reply {
    errors_with(media, status, vec![error("BAD_USER_INPUT", why)])
}

/// The client takes neither media type.
pub(super) fn not_acceptable() -> Reply {
    let why = "Accept must allow application/graphql-response+json or application/json";
    bad_request(Media::Json, StatusCode::NOT_ACCEPTABLE, why)
}

/// The code of an error that a resolver made.
pub(super) fn code(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

fn errors_with(media: Media, status: StatusCode, errors: Vec<Value>) -> Reply {
    Reply { media, status, body: only_errors(errors), operation_name: None }
}

fn only_errors(errors: Vec<Value>) -> Value {
    json!({ "errors": errors })
}

fn error(code: &str, message: &str) -> Value {
    json!({"message": message, "extensions": {"code": code, "retryable": false}})
}

fn internal() -> Value {
    error("INTERNAL", "a fault of the service: tell the operator the requestId")
}

/// The answer where a request panicked: what was going on is in the log, by its place alone.
pub(in crate::http) fn panicked() -> Response<Body> {
    errors_with(Media::Json, StatusCode::INTERNAL_SERVER_ERROR, vec![internal()]).into_response("unknown")
}

impl Reply {
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The client's own name of the operation.
    pub(super) fn operation_name(&self) -> Option<&str> {
        self.operation_name.as_deref()
    }

    /// The codes of the errors in it, each once.
    pub(super) fn codes(&self) -> String {
        let mut codes: Vec<&str> = self.errors().map(code_in).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(",")
    }

    /// A label for metrics: `ok`, or the first error's code in lower case.
    pub(super) fn outcome(&self) -> String {
        self.errors().next().map_or_else(|| "ok".to_owned(), |error| code_in(error).to_lowercase())
    }

    fn errors(&self) -> impl Iterator<Item = &Value> {
        self.body.get("errors").and_then(Value::as_array).into_iter().flatten()
    }

    /// Writes it, each error with the request's id.
    pub(super) fn into_response(mut self, request_id: &str) -> Response<Body> {
        for error in self.body.get_mut("errors").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(error) = error.as_object_mut() {
                complete(error, request_id);
            }
        }
        let mut response = Response::new(Body::from(self.body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media.content_type()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, id);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Every error has a code of the closed list and says whether to try again; what the executor itself finds after
/// validation can only be a fault of ours, and its message could quote a value.
fn complete(error: &mut serde_json::Map<String, Value>, request_id: &str) {
    if error.get("extensions").and_then(|extensions| extensions.get("code")).is_none() {
        let internal = internal();
        for (key, value) in internal.as_object().into_iter().flatten() {
            error.insert(key.clone(), value.clone());
        }
    }
    if let Some(extensions) = error.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.insert("requestId".to_owned(), json!(request_id));
    }
}

fn code_in(error: &Value) -> &str {
    error.pointer("/extensions/code").and_then(Value::as_str).unwrap_or("INTERNAL")
}
