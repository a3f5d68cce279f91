//! Where a chain begins, and removing what lies before that.

use super::super::connection::prepare;
use super::limit;
use super::link_row::{Number, Records};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{Checkpoint, TrailHead, TrailMac};
use rusqlite::{Connection, OptionalExtension, params};

/// Where the chain begins.
pub(super) fn checkpoint(
    db: &Connection,
    organization: OrganizationId,
) -> rusqlite::Result<Option<Checkpoint>> {
    prepare(db, "SELECT number, mac, sealed_at, proof FROM trail_checkpoints WHERE organization = ?1")?
        .query_row([organization], |row| {
            let Number(number) = row.get(0)?;
            let last = TrailHead { number, mac: TrailMac(row.get(1)?), sealed_at: row.get(2)? };
            Ok(Checkpoint { last, proof: TrailMac(row.get(3)?) })
        })
        .optional()
}

/// Moves the beginning; never back.
pub(super) fn move_to(
    db: &Connection,
    organization: OrganizationId,
    checkpoint: &Checkpoint,
) -> rusqlite::Result<()> {
    let Checkpoint { last, proof } = checkpoint;
    prepare(
        db,
        "INSERT INTO trail_checkpoints (organization, number, mac, sealed_at, proof) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (organization) DO UPDATE SET number = excluded.number, mac = excluded.mac,
             sealed_at = excluded.sealed_at, proof = excluded.proof
             WHERE excluded.number >= number",
    )?
    .execute(params![organization, Number(last.number), last.mac.0, last.sealed_at, proof.0])
    .map(drop)
}

/// Removes some links up to the checkpoint, the oldest first, with the rows that they are found by; how many.
pub(super) fn prune(db: &Connection, organization: OrganizationId, most: usize) -> rusqlite::Result<u64> {
    let mut select = prepare(
        db,
        "SELECT number, at, records FROM trail_links WHERE organization = ?1
             AND number <= (SELECT number FROM trail_checkpoints WHERE organization = ?1)
         ORDER BY number LIMIT ?2",
    )?;
    let found: Vec<(i64, Timestamp, Records)> = select
        .query_map(params![organization, limit(most)], |row| row.try_into())?
        .collect::<rusqlite::Result<_>>()?;
    let mut delete_record = prepare(
        db,
        "DELETE FROM trail_records WHERE organization = ?1 AND record = ?2 AND at = ?3 AND number = ?4",
    )?;
    let mut delete = prepare(db, "DELETE FROM trail_links WHERE organization = ?1 AND number = ?2")?;
    let mut pruned = 0;
    for (number, at, Records(records)) in found {
        for record in records {
            delete_record.execute(params![organization, record.as_bytes(), at, number])?;
        }
        delete.execute(params![organization, number])?;
        pruned += 1;
    }
    Ok(pruned)
}
