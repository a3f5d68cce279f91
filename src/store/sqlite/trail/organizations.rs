//! Whose trails there are.

use super::super::connection::prepare;
use crate::domain::ids::OrganizationId;
use rusqlite::Connection;

/// The next organization of each table that tells of a trail. A chain whose links are all gone has its checkpoint.
const NEXT: [&str; 3] = [
    "SELECT min(organization) FROM trail_links WHERE organization > ?1",
    "SELECT min(organization) FROM trail_checkpoints WHERE organization > ?1",
    "SELECT min(organization) FROM audit_outbox WHERE organization > ?1",
];

/// All that have a chain or entries waiting, in order, behind this one. A few steps for each of them.
pub(super) fn audited(
    db: &Connection,
    after: Option<OrganizationId>,
    most: usize,
) -> rusqlite::Result<Vec<OrganizationId>> {
    // Before all of them: nothing is shorter, and so smaller, than no byte.
    let mut after: Vec<u8> = after.map_or(Vec::new(), |after| after.as_bytes().to_vec());
    let mut found = Vec::new();
    while found.len() < most {
        let mut next: Option<OrganizationId> = None;
        for select in NEXT {
            let of_table: Option<OrganizationId> =
                prepare(db, select)?.query_one([&after], |row| row.get(0))?;
            next = next.into_iter().chain(of_table).min();
        }
        let Some(next) = next else { break };
        after = next.as_bytes().to_vec();
        found.push(next);
    }
    Ok(found)
}
