//! Audit entries, written with the change that they tell of. They wait here until they are moved to the trail.

use super::columns::Json;
use super::connection::prepare;
use super::table::Target;
use crate::registry::ports::record::AuditEntry;
use rusqlite::types::ToSql;
use rusqlite::{Connection, params};

/// Adds entries that tell of a record.
pub(super) fn append(
    db: &Connection,
    target: &Target<impl ToSql>,
    entries: &[AuditEntry],
) -> rusqlite::Result<()> {
    let mut insert =
        prepare(db, "INSERT INTO audit_outbox (organization, record, entry) VALUES (?1, ?2, ?3)")?;
    for entry in entries {
        insert.execute(params![target.organization, target.id, Json(entry)])?;
    }
    Ok(())
}
