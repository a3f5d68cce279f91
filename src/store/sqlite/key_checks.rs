//! The check values of key generations.

use super::connection::prepare;
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::KeyCheck;
use rusqlite::{Connection, params};

/// Writes a generation's value unless it has one; the value that it has.
pub(super) fn remember(db: &Connection, check: &KeyCheck) -> rusqlite::Result<KeyCheck> {
    prepare(db, "INSERT INTO key_checks (id, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![check.id.0, check.value])?;
    let value = prepare(db, "SELECT value FROM key_checks WHERE id = ?1")?
        .query_row([&check.id.0], |row| row.get(0))?;
    Ok(KeyCheck { id: KeyId(check.id.0.clone()), value })
}

/// Those of all generations.
pub(super) fn all(db: &Connection) -> rusqlite::Result<Vec<KeyCheck>> {
    prepare(db, "SELECT id, value FROM key_checks ORDER BY id")?
        .query_map([], |row| Ok(KeyCheck { id: KeyId(row.get(0)?), value: row.get(1)? }))?
        .collect()
}

/// Looks at the table, to see that there is one.
pub(super) fn look(db: &Connection) -> rusqlite::Result<()> {
    prepare(db, "SELECT 1 FROM key_checks WHERE id = ''")?.exists([]).map(drop)
}
