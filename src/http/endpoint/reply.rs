//! Answers: data, or `errors` alone, in the media type and with the status that http.md's table asks for.

use super::accept::Media;
use super::headers::{ORGANIZATION, REQUEST_ID};
use crate::graphql::code_of;
use crate::http::documents::RequestError;
use crate::registry::failure::Failure;
use async_graphql::{Pos, ServerError};
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use std::collections::BTreeMap;

/// What a client is asked to wait before it tries again: about as long as the first reloads of a key set take.
const RETRY_AFTER_SECONDS: &str = "2";

/// An answer that has not been written yet.
pub(super) struct Reply {
    media: Media,
    status: StatusCode,
    body: Content,
    operation_name: Option<String>,
}

/// What an answer says.
enum Content {
    /// An executed operation; written as it is, so that its fields keep the order of the selection.
    Executed(async_graphql::Response),
    /// `errors` alone.
    Errors(Vec<ServerError>),
}

/// The answer of an operation that was executed, also where a field of it failed.
pub(super) fn executed(
    media: Media,
    response: async_graphql::Response,
    operation_name: Option<String>,
) -> Reply {
    Reply { media, status: StatusCode::OK, body: Content::Executed(response), operation_name }
}

/// A query whose time was over before all of its fields were there.
pub(super) fn timed_out(media: Media) -> Reply {
    let mut error = error("TIMEOUT", "the request took too long: ask for less at once, or try again later");
    error.extensions.get_or_insert_default().set("retryable", true);
    let response = async_graphql::Response::from_errors(vec![error]);
    executed(media, response, None)
}

/// A request that cannot be executed: 400, or 200 where the client only takes `application/json`.
pub(super) fn request_errors(media: Media, errors: &[RequestError]) -> Reply {
    let status = match media {
        Media::GraphQLResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    };
    let told = errors.iter().map(|fault| {
        let at = fault.location.map(|(line, column)| Pos { line, column });
        ServerError { locations: at.into_iter().collect(), ..error(fault.code, &fault.message) }
    });
    errors_with(media, status, told.collect())
}

/// No token, or one that is not accepted.
pub(super) fn unauthenticated(media: Media, why: &str) -> Reply {
    errors_with(media, StatusCode::UNAUTHORIZED, vec![error("UNAUTHENTICATED", why)])
}

/// Nobody knows whether the token is good: the keys that would prove it cannot be read. Nothing is executed, so it is no
/// partial answer (200); it is no bad token either (401).
pub(super) fn unidentifiable(media: Media) -> Reply {
    let code = code_of(&Failure::AuthorizationUnavailable);
    let mut error = error(code, "the keys that prove tokens cannot be read now: try again later");
    error.extensions.get_or_insert_default().set("retryable", true);
    errors_with(media, StatusCode::SERVICE_UNAVAILABLE, vec![error])
}

/// The organization's header is missing, repeated or no UUID.
pub(super) fn bad_organization(media: Media, why: &str) -> Reply {
    let mut error = error("BAD_USER_INPUT", why);
    error.extensions.get_or_insert_default().set("header", ORGANIZATION);
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

fn errors_with(media: Media, status: StatusCode, errors: Vec<ServerError>) -> Reply {
    Reply { media, status, body: Content::Errors(errors), operation_name: None }
}

fn error(code: &str, message: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    extensions.set("retryable", false);
    error
}

fn internal() -> ServerError {
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
        let mut codes: Vec<String> = self.errors().iter().map(code_or_internal).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(",")
    }

    /// A label for metrics: `ok`, or the first error's code in lower case.
    pub(super) fn outcome(&self) -> String {
        self.errors().first().map_or_else(|| "ok".to_owned(), |error| code_or_internal(error).to_lowercase())
    }

    fn errors(&self) -> &[ServerError] {
        match &self.body {
            Content::Executed(response) => &response.errors,
            Content::Errors(errors) => errors,
        }
    }

    /// Writes it, each error with the request's id.
    pub(super) fn into_response(mut self, request_id: &str) -> Response<Body> {
        let body = match &mut self.body {
            Content::Executed(response) => {
                response.errors.iter_mut().for_each(|error| complete(error, request_id));
                serde_json::to_vec(response)
            }
            Content::Errors(errors) => {
                errors.iter_mut().for_each(|error| complete(error, request_id));
                serde_json::to_vec(&BTreeMap::from([("errors", errors)]))
            }
        };
        // Text and numbers always have a JSON form; if one had none, an empty 200 would read as an answer.
        let (status, body) = match body {
            Ok(body) => (self.status, Body::from(body)),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Body::empty()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media.content_type()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, id);
        }
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        response
    }
}

/// Every error has a code of the closed list and says whether to try again; what the executor itself finds after
/// validation can only be a fault of ours, and its message could quote a value.
fn complete(error: &mut ServerError, request_id: &str) {
    if code(error).is_none() {
        let internal = internal();
        (error.message, error.extensions) = (internal.message, internal.extensions);
    }
    error.extensions.get_or_insert_default().set("requestId", request_id);
}

fn code_or_internal(error: &ServerError) -> String {
    code(error).unwrap_or_else(|| "INTERNAL".to_owned())
}
