//! Creating a holder.

use super::columns::{Json, Kind};
use super::{claims, operations, tokens};
use crate::registry::ports::operation::{Operation, Outcome};
use crate::registry::ports::record::NewHolder;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::{Connection, params};

/// Inserts the holder with all that belongs to it; whatever is not [`Commit::Stored`] is taken back by the caller.
pub(super) fn create_holder(
    db: &Connection,
    holder: &NewHolder,
    operation: Option<&Operation>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, operation)? {
        return Ok(met);
    }
    let (clear, protected) = (&holder.clear, &holder.protected);
    if !claims::take(db, clear.organization, Kind::Holder, &clear.id, &protected.claims)? {
        return Ok(Commit::Refused(Refused::ClaimTaken));
    }
    insert(db, holder)?;
    tokens::insert(db, clear.organization, Kind::Holder, clear.created_at, &clear.id, &protected.tokens)?;
    if let Some(operation) = operation {
        let outcome = Outcome { holder: Some(clear.id), alias_accounts: Vec::new() };
        operations::commit(db, operation, &outcome)?;
    }
    Ok(Commit::Stored)
}

fn insert(db: &Connection, holder: &NewHolder) -> rusqlite::Result<()> {
    let (clear, protected) = (&holder.clear, &holder.protected);
    db.prepare_cached(
        "INSERT INTO holders (organization, id, type, external_id, metadata, created_at, updated_at, deleted_at,
             version, revision, generations, operation, audit, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 1, ?9, NULL, ?10, ?11)",
    )?
    .execute(params![
        clear.organization,
        clear.id,
        clear.holder_type,
        clear.external_id,
        Json(&clear.metadata),
        clear.created_at,
        clear.updated_at,
        clear.deleted_at,
        Json(&protected.generations),
        Json(&holder.audit),
        protected.sealed.0,
    ])
    .map(drop)
}
