//! Claims: what at most one live record of an organization may hold (rule 1).

use super::connection::prepare;
use super::table::Target;
use crate::registry::ports::record::Claim;
use rusqlite::types::ToSql;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Takes the claims for a record; false where another record holds one of them, and then the caller takes back what
/// was written. The unique index is what tells.
pub(super) fn take(db: &Connection, target: &Target<impl ToSql>, claims: &[Claim]) -> rusqlite::Result<bool> {
    const TAKE: &str =
        "INSERT INTO claims (organization, claim, kind, id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    let mut take = prepare(db, TAKE)?;
    let mut free = true;
    for claim in claims.iter().collect::<BTreeSet<_>>() {
        free &= take.execute(params![target.organization, claim.0, target.kind, target.id])? == 1;
    }
    Ok(free)
}

/// Gives back all that a record holds.
pub(super) fn release(db: &Connection, target: &Target<impl ToSql>) -> rusqlite::Result<()> {
    prepare(db, "DELETE FROM claims WHERE organization = ?1 AND kind = ?2 AND id = ?3")?
        .execute(params![target.organization, target.kind, target.id])
        .map(drop)
}
