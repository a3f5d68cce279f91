//! Operations: what makes a repeat give the first outcome again (rule 9).

use super::columns::Json;
use super::connection::prepare;
use crate::domain::time::Timestamp;
use crate::registry::ports::operation::{Begun, Conclusion, Operation, Outcome};
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::{Connection, OptionalExtension, params};

/// So many expired operations go with each new one: more than come, and never a long wait.
const SWEPT: i64 = 8;

/// What is known of an operation at its own time.
pub(super) fn known(db: &Connection, operation: &Operation) -> rusqlite::Result<Begun> {
    let found: Option<(String, [u8; 32], Json<Outcome>)> = prepare(
        db,
        "SELECT mutation, fingerprint, outcome FROM operations
         WHERE organization = ?1 AND key = ?2 AND expires_at > ?3",
    )?
    .query_row(params![operation.organization, operation.key.0, operation.at], |row| row.try_into())
    .optional()?;
    Ok(match found {
        None => Begun::New,
        Some((mutation, fingerprint, Json(outcome)))
            if mutation == operation.mutation && fingerprint == operation.fingerprint.0 =>
        {
            Begun::Repeated(outcome)
        }
        Some(_) => Begun::KeyReused,
    })
}

/// The answer to a write whose operation is known already.
pub(super) fn met(db: &Connection, conclusion: Option<&Conclusion>) -> rusqlite::Result<Option<Commit>> {
    let Some(conclusion) = conclusion else { return Ok(None) };
    Ok(match known(db, &conclusion.operation)? {
        Begun::New => None,
        Begun::Repeated(outcome) => Some(Commit::Repeated(outcome)),
        Begun::KeyReused => Some(Commit::Refused(Refused::KeyReused)),
    })
}

/// Commits an operation that has nothing else to write.
pub(super) fn conclude(db: &Connection, conclusion: &Conclusion) -> rusqlite::Result<Commit> {
    match met(db, Some(conclusion))? {
        Some(met) => Ok(met),
        None => commit(db, Some(conclusion)),
    }
}

/// The last step of a write: commits its new operation with its outcome, in the place of an expired one with the same
/// key.
pub(super) fn commit(db: &Connection, conclusion: Option<&Conclusion>) -> rusqlite::Result<Commit> {
    let Some(Conclusion { operation, outcome }) = conclusion else { return Ok(Commit::Stored) };
    prepare(
        db,
        "INSERT INTO operations (organization, key, mutation, fingerprint, outcome, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (organization, key) DO UPDATE SET mutation = excluded.mutation,
             fingerprint = excluded.fingerprint, outcome = excluded.outcome, expires_at = excluded.expires_at",
    )?
    .execute(params![
        operation.organization,
        operation.key.0,
        operation.mutation,
        operation.fingerprint.0,
        Json(outcome),
        operation.expires_at,
    ])?;
    sweep(db, operation.at)?;
    Ok(Commit::Stored)
}

/// Of all organizations, the oldest first.
fn sweep(db: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    prepare(
        db,
        "DELETE FROM operations WHERE (organization, key) IN (
             SELECT organization, key FROM operations WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    )?
    .execute(params![now, SWEPT])
    .map(drop)
}
