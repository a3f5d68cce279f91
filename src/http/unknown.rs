//! Paths that there are none of, and methods that a path does not take: told in words instead of by an empty answer.

use super::preference::{Form, preferred};
use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The answer where there is no such path. It does not repeat the path: that may be anything.
pub(super) async fn path(headers: HeaderMap) -> Response {
    told(StatusCode::NOT_FOUND, "there is no such path: / says which there are", &headers)
}

/// The answer where a path does not take the method; the router adds `Allow`.
pub(super) async fn method(headers: HeaderMap) -> Response {
    let message = "this path does not take that method: the Allow header says which, and / what is where";
    told(StatusCode::METHOD_NOT_ALLOWED, message, &headers)
}

fn told(status: StatusCode, message: &str, headers: &HeaderMap) -> Response {
    let fixed = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match preferred(headers) {
        Form::Json => (status, fixed, Json(json!({ "message": message }))).into_response(),
        Form::Html | Form::Text => (status, fixed, format!("{message}\n")).into_response(),
    }
}
