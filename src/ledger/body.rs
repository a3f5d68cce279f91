//! What the ledger's answers say, once they are known to be JSON objects.

use crate::domain::ids::{AccountId, LedgerId, OrganizationId, parse_uuid};
use crate::registry::ports::ledger::LedgerAccount;
use crate::upstream::Failure;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A body of the ledger.
pub(super) type Body = Map<String, Value>;

/// What of the ledger is not there: its entity, ledger, organization or account.
const MISSING: [u64; 4] = [7, 37, 38, 52];

/// The answer is about something else than what was asked for.
const ANOTHER: Failure = Failure::Unexpected("an id in the answer is not the one that was asked for");

/// Whether a 404 comes from the ledger itself, and not from a proxy or a wrong base URL.
pub(super) fn says_missing(body: &Body) -> bool {
    let code = match body.get("code") {
        Some(Value::String(text)) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    code.is_some_and(|code| MISSING.contains(&code))
}

/// The answer to the ledger call; `None` where the ledger is deleted.
pub(super) fn ledger(
    body: &Body,
    organization: OrganizationId,
    ledger: LedgerId,
) -> Result<Option<()>, Failure> {
    check_ids(body, &[("id", ledger.0), ("organizationId", organization.0)])?;
    Ok((!is_deleted(body)).then_some(()))
}

/// The answer to the account call; `None` where the account is deleted.
pub(super) fn account(
    body: &Body,
    organization: OrganizationId,
    ledger: LedgerId,
    account: AccountId,
) -> Result<Option<LedgerAccount>, Failure> {
    check_ids(body, &[("id", account.0), ("ledgerId", ledger.0), ("organizationId", organization.0)])?;
    if is_deleted(body) {
        return Ok(None);
    }
    let account_type = match body.get("type") {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        _ => return Err(Failure::Unexpected("`type` is no text")),
    };
    Ok(Some(LedgerAccount { account_type, blocked: is_blocked(body)?, holder_id: holder_id(body)? }))
}

fn check_ids(body: &Body, asked: &[(&str, Uuid)]) -> Result<(), Failure> {
    let same = |name, id| body.get(name).and_then(Value::as_str).and_then(parse_uuid) == Some(id);
    if asked.iter().all(|(name, id)| same(*name, *id)) { Ok(()) } else { Err(ANOTHER) }
}

fn is_deleted(body: &Body) -> bool {
    body.get("deletedAt").is_some_and(|at| !at.is_null())
}

/// v3 has no `blocked` for every account: there, the status code tells.
fn is_blocked(body: &Body) -> Result<bool, Failure> {
    match body.get("blocked") {
        Some(Value::Bool(blocked)) => return Ok(*blocked),
        None | Some(Value::Null) => {}
        Some(_) => return Err(Failure::Unexpected("`blocked` is neither true, false nor null")),
    }
    let status = match body.get("status") {
        None | Some(Value::Null) => return Ok(false),
        Some(Value::Object(status)) => status,
        Some(_) => return Err(Failure::Unexpected("`status` is no object")),
    };
    match status.get("code") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::String(code)) => Ok(code.eq_ignore_ascii_case("BLOCKED")),
        Some(_) => Err(Failure::Unexpected("`status.code` is no text")),
    }
}

fn holder_id(body: &Body) -> Result<Option<String>, Failure> {
    match body.get("holderId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::Unexpected("`holderId` is no text")),
    }
}
