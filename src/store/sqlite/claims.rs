//! Claims: what at most one live record of an organization may hold (rule 1).

use super::columns::Kind;
use super::faults;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::record::Claim;
use rusqlite::types::ToSql;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Takes the claims for a record; false where another record holds one of them, and then the caller takes back what
/// was written. Looking first is what tells; the unique index is the last line of defence.
pub(super) fn take(
    db: &Connection,
    organization: OrganizationId,
    kind: Kind,
    id: &dyn ToSql,
    claims: &[Claim],
) -> rusqlite::Result<bool> {
    for claim in claims.iter().collect::<BTreeSet<_>>() {
        if held(db, organization, claim)? || !insert(db, organization, kind, id, claim)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn held(db: &Connection, organization: OrganizationId, claim: &Claim) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM claims WHERE organization = ?1 AND claim = ?2")?
        .exists(params![organization, claim.0])
}

fn insert(
    db: &Connection,
    organization: OrganizationId,
    kind: Kind,
    id: &dyn ToSql,
    claim: &Claim,
) -> rusqlite::Result<bool> {
    let inserted = db
        .prepare_cached("INSERT INTO claims (organization, claim, kind, id) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![organization, claim.0, kind, id]);
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if faults::is_taken(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::HolderId;
    use crate::store::sqlite::schema;
    use uuid::Uuid;

    #[test]
    fn the_unique_index_refuses_what_the_look_before_it_missed() {
        let db = Connection::open_in_memory().unwrap();
        schema::migrate(&db).unwrap();
        let (organization, claim) = (OrganizationId(Uuid::now_v7()), Claim("document.1/1/a".to_owned()));
        let (first, second) = (HolderId(Uuid::now_v7()), HolderId(Uuid::now_v7()));
        assert!(insert(&db, organization, Kind::Holder, &first, &claim).unwrap());
        assert!(!insert(&db, organization, Kind::Holder, &second, &claim).unwrap());
    }
}
