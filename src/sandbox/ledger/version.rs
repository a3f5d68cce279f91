//! Which release the ledger says it is, and `/_sandbox/version`, which makes it say another.

use super::super::drive::{Members, body};
use super::super::refusal::Refusal;
use super::{Shared, refusals};
use crate::domain::time::Timestamp;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};

/// What it says by itself.
const VERSION: &str = "v3.8.0";

/// What it was told to say, if it was. In memory only.
#[derive(Default)]
pub(super) struct Version(Mutex<Option<String>>);

impl Version {
    fn set(&self, version: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = version;
    }

    fn said(&self) -> String {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.clone().unwrap_or_else(|| VERSION.to_owned())
    }

    fn told(&self) -> Json<Value> {
        Json(json!({ "version": self.said() }))
    }
}

/// Which release it speaks like.
pub(super) async fn version(State(this): Shared) -> Json<Value> {
    Json(json!({ "version": this.version.said(), "requestDate": Timestamp::now().to_string() }))
}

/// What it says now.
pub(super) async fn show(State(this): Shared) -> Json<Value> {
    this.version.told()
}

/// Makes it say another version; any text, to see what becomes of one that is none. Nothing else changes with it.
pub(super) async fn put(
    State(this): Shared,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let sent = body(sent, refusals::worded)?;
    let version = read(&sent).map_err(|wrong| refusals::worded(StatusCode::BAD_REQUEST, wrong))?;
    this.version.set(Some(version));
    Ok(this.version.told())
}

/// Makes it say its own again.
pub(super) async fn forget(State(this): Shared) -> Json<Value> {
    this.version.set(None);
    this.version.told()
}

fn read(body: &[u8]) -> Result<String, String> {
    const FORM: &str = "the body must be a JSON object, such as {\"version\": \"v2.1.0\"}";
    let body: Value = serde_json::from_slice(body).map_err(|_| FORM.to_owned())?;
    let mut faults = Vec::new();
    let mut members = Members::of("", body, &mut faults).ok_or(FORM)?;
    members.require(&["version"]);
    let version = members.text("version");
    members.end(&["version"]);
    version.filter(|_| faults.is_empty()).ok_or_else(|| faults.join("; "))
}
