//! `/_sandbox/faults` and `/_sandbox/calls`, the same at both servers.

use super::super::refusal::Refusal;
use super::{Driven, Wording, rule};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use std::sync::Arc;

const LARGEST_BODY: usize = 64 * 1024;

type Shared = State<Arc<Driven>>;

/// The routes that drive any server of the sandbox.
pub(super) fn routes(driven: Arc<Driven>) -> Router {
    Router::new()
        .route("/_sandbox/faults", get(faults).put(put_faults).delete(end_faults))
        .route("/_sandbox/calls", get(calls).delete(clear_calls))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(driven)
}

/// The body of a request that drives a server, or why there is none.
pub(in crate::sandbox) fn body(
    body: Result<Bytes, BytesRejection>,
    wording: Wording,
) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            wording(StatusCode::PAYLOAD_TOO_LARGE, "the body must be at most 64 KiB".to_owned())
        }
        _ => wording(StatusCode::BAD_REQUEST, "the body could not be read".to_owned()),
    })
}

/// The rules in force, with how often each struck.
async fn faults(State(this): Shared) -> Json<Value> {
    Json(this.drive.faults.told())
}

/// Puts these rules in force instead of all others. A body with anything wrong changes nothing.
async fn put_faults(
    State(this): Shared,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let sent = body(sent, this.wording)?;
    let rules = rule::read(&sent).map_err(|wrong| (this.wording)(StatusCode::BAD_REQUEST, wrong))?;
    tracing::info!(rules = rules.len(), "a sandbox server is told to fail");
    this.drive.faults.replace(rules);
    Ok(Json(this.drive.faults.told()))
}

/// Ends all faults.
async fn end_faults(State(this): Shared) -> Json<Value> {
    this.drive.faults.replace(Vec::new());
    Json(this.drive.faults.told())
}

/// What was asked.
async fn calls(State(this): Shared) -> Json<Value> {
    Json(this.drive.calls.told())
}

/// Forgets it.
async fn clear_calls(State(this): Shared) -> Json<Value> {
    this.drive.calls.clear();
    Json(this.drive.calls.told())
}
