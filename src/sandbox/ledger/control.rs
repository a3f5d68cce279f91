//! `PUT /_sandbox/…`: what the sandbox adds to a ledger's routes, to make its accounts what a trial needs.

use super::super::change::Change;
use super::super::drive;
use super::super::refusal::Refusal;
use super::super::world::NotChanged;
use super::{Shared, account_id, bodies, ledger_ids, refusals};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// Creates (201) or changes (200) an account, and answers with its body, deleted or not. Needs no token.
pub(super) async fn put_account(
    State(this): Shared,
    Path((organization, ledger, account)): Path<(String, String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let (organization, ledger) = ledger_ids(&organization, &ledger)?;
    let id = account_id(&account)?;
    let body = drive::body(body, refusals::worded)?;
    let change = Change::read(&body).map_err(|wrong| refusals::worded(StatusCode::BAD_REQUEST, wrong))?;
    let world = Arc::clone(&this.world);
    let changed = tokio::task::spawn_blocking(move || world.change(organization, ledger, id, change));
    match changed.await {
        Ok(Ok(changed)) => {
            let status = if changed.created { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, Json(bodies::account(organization, ledger, id, &changed.account))))
        }
        Ok(Err(NotChanged::Missing(missing))) => Err(refusals::missing(missing)),
        Ok(Err(NotChanged::NotSaved(error))) => Err(refusals::not_saved(&error)),
        Err(error) => Err(refusals::interrupted(&error)),
    }
}
