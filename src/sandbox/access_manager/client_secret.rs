//! `/_sandbox/client`: another secret for the service's client, so that a rotation can be rehearsed.

use super::super::drive::{Members, body};
use super::super::refusal::Refusal;
use super::{Shared, worded};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use subtle::ConstantTimeEq;

/// The secret that a trial has set. In memory only: the next start finds the world's own.
#[derive(Default)]
pub(super) struct ClientSecret(Mutex<Option<String>>);

impl ClientSecret {
    /// Whether the client is known by this secret; `own` is the world's.
    pub(super) fn is(&self, secret: &str, own: &str) -> bool {
        self.set().as_deref().unwrap_or(own).as_bytes().ct_eq(secret.as_bytes()).into()
    }

    fn set(&self) -> MutexGuard<'_, Option<String>> {
        // Only ever replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sets it. It is never told again.
pub(super) async fn put(
    State(this): Shared,
    sent: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let sent = body(sent, worded)?;
    let secret = read(&sent).map_err(|wrong| worded(StatusCode::BAD_REQUEST, wrong))?;
    *this.client_secret.set() = Some(secret);
    Ok(Json(json!({ "id": this.world.application().client_id, "secret": "changed" })))
}

/// The client has its own again.
pub(super) async fn forget(State(this): Shared) -> Json<Value> {
    *this.client_secret.set() = None;
    Json(json!({ "id": this.world.application().client_id, "secret": "own" }))
}

fn read(body: &[u8]) -> Result<String, String> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| "the body must be a JSON object".to_owned())?;
    let mut faults = Vec::new();
    let secret = Members::of(String::new(), body, &mut faults).and_then(|mut members| {
        members.require(&["secret"]);
        let secret = members.text("secret");
        members.end(&["secret"]);
        secret
    });
    secret.filter(|_| faults.is_empty()).ok_or_else(|| faults.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_no_secret_is_told_and_never_repeated() {
        assert_eq!(read(br#"{"secret": "hunter2"}"#).unwrap(), "hunter2");
        for (body, wrong) in [
            ("", "must be a JSON object"),
            ("{}", "secret is missing"),
            (r#"{"secret": ""}"#, "secret must be a string"),
            (r#"{"secret": "hunter2", "id": "x"}"#, "id is unknown"),
        ] {
            let told = read(body.as_bytes()).unwrap_err();
            assert!(told.contains(wrong) && !told.contains("hunter2"), "{body}: {told}");
        }
    }
}
