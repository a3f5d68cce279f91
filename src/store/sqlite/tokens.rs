//! Tokens: by what a record is found in a search.

use super::columns::Kind;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::record::Token;
use rusqlite::types::ToSql;
use rusqlite::{Connection, params};

/// Writes a record's tokens. Two fields of it may well give one and the same token.
pub(super) fn insert(
    db: &Connection,
    organization: OrganizationId,
    kind: Kind,
    created_at: Timestamp,
    id: &dyn ToSql,
    tokens: &[Token],
) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO tokens (organization, kind, token, created_at, id) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    for token in tokens {
        insert.execute(params![organization, kind, token.0, created_at, id])?;
    }
    Ok(())
}
