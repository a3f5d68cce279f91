//! Who appends to a chain.

use super::super::connection::prepare;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Takes or renews the lease; false while it is another one's.
pub(super) fn take(
    db: &Connection,
    organization: OrganizationId,
    leader: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<bool> {
    let taken = prepare(
        db,
        "INSERT INTO trail_leads (organization, leader, until) VALUES (?1, ?2, ?4)
         ON CONFLICT (organization) DO UPDATE SET leader = excluded.leader, until = excluded.until
             WHERE leader = excluded.leader OR until <= ?3",
    )?
    .execute(params![organization, leader.as_bytes(), now, until])?;
    Ok(taken > 0)
}
