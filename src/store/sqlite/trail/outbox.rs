//! Entries that wait, in the order in which they were written. A row's number is never used again, so that what is
//! settled twice takes nothing else with it.

use super::super::columns::Json;
use super::super::connection::prepare;
use super::limit;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, Recorded, WaitingEntry, WaitingPlace};
use crate::registry::ports::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Builder;

/// Keeps entries that tell of no change of a record.
pub(super) fn keep(db: &Connection, entries: &[Recorded]) -> rusqlite::Result<()> {
    let mut insert =
        prepare(db, "INSERT INTO audit_outbox (organization, record, entry) VALUES (?1, NULL, ?2)")?;
    for Recorded { organization, entry } in entries {
        insert.execute(params![organization, Json(entry)])?;
    }
    Ok(())
}

/// Those that wait, by how long their first entry does. One step for each of them, not for each entry.
pub(super) fn organizations(db: &Connection, most: usize) -> rusqlite::Result<Vec<OrganizationId>> {
    let mut next = prepare(
        db,
        "SELECT seq, organization FROM audit_outbox WHERE organization > ?1 ORDER BY organization, seq LIMIT 1",
    )?;
    let (mut found, mut after): (Vec<(i64, OrganizationId)>, Vec<u8>) = (Vec::new(), Vec::new());
    while let Some(first) = next.query_row([&after], |row| row.try_into()).optional()? {
        found.push(first);
        after = first.1.as_bytes().to_vec();
    }
    found.sort_unstable();
    found.truncate(most);
    Ok(found.into_iter().map(|(_, organization)| organization).collect())
}

/// When the first of all entries happened.
pub(super) fn oldest(db: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    prepare(db, "SELECT entry FROM audit_outbox WHERE seq > ?1 ORDER BY seq LIMIT 1")?
        .query_row([i64::MIN], |row| row.get(0).map(|Json(entry): Json<AuditEntry>| entry.at))
        .optional()
}

/// The first entries of an organization.
pub(super) fn waiting(
    db: &Connection,
    organization: OrganizationId,
    most: usize,
) -> rusqlite::Result<Vec<WaitingEntry>> {
    prepare(db, "SELECT seq, entry FROM audit_outbox WHERE organization = ?1 ORDER BY seq LIMIT ?2")?
        .query_map(params![organization, limit(most)], |row| {
            let (row, Json(entry)): (i64, Json<AuditEntry>) = (row.get(0)?, row.get(1)?);
            let place = WaitingPlace(row.to_be_bytes().to_vec());
            Ok(WaitingEntry { place, entry: with_id(entry, organization, row) })
        })?
        .collect()
}

/// An earlier release gave entries no id: theirs is made of where they wait, which stays as long as they do.
pub(in super::super) fn with_id(entry: AuditEntry, organization: OrganizationId, row: i64) -> AuditEntry {
    if !entry.id.is_nil() {
        return entry;
    }
    let digest = Sha256::new()
        .chain_update(b"holdergraph waiting entry")
        .chain_update(organization.as_bytes())
        .chain_update(row.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    AuditEntry { id: Builder::from_custom_bytes(bytes).into_uuid(), ..entry }
}

/// The numbers of the rows that places stand for.
pub(super) fn rows(places: &[WaitingPlace]) -> Result<Vec<i64>, StoreError> {
    let row = |WaitingPlace(place): &WaitingPlace| match place.as_slice().try_into() {
        Ok(bytes) => Ok(i64::from_be_bytes(bytes)),
        Err(_) => Err(StoreError::Damaged(format!(
            "an entry's place in the outbox has {} bytes and not 8: it is of another store",
            place.len()
        ))),
    };
    places.iter().map(row).collect()
}

/// Removes what waits there, if it is still there.
pub(super) fn settle(db: &Connection, organization: OrganizationId, rows: &[i64]) -> rusqlite::Result<()> {
    let mut delete = prepare(db, "DELETE FROM audit_outbox WHERE seq = ?1 AND organization = ?2")?;
    for row in rows {
        delete.execute(params![row, organization])?;
    }
    Ok(())
}
