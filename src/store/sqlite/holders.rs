//! Reading holders.

use super::columns::{Columns, Kind};
use crate::domain::holder::Holder;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::record::{Claim, Detail, HolderRecord, Sealed};
use crate::registry::ports::store::State;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;

macro_rules! select {
    ($where:literal) => {
        |detail| match detail {
            Detail::Clear => select!("", $where),
            Detail::Sealed => select!(", sealed", $where),
        }
    };
    ($sealed:literal, $where:literal) => {
        concat!(
            "SELECT id, type, external_id, metadata, created_at, updated_at, deleted_at, version, revision",
            $sealed,
            " FROM holders WHERE organization = ?1 AND ",
            $where
        )
    };
}

/// The statement that reads one holder by its id.
const BY_ID: fn(Detail) -> &'static str = select!("id = ?2 AND (?3 OR deleted_at IS NULL)");
/// The statement that reads the holder of a claim.
const BY_CLAIM: fn(Detail) -> &'static str = select!(
    "deleted_at IS NULL AND id =
     (SELECT id FROM claims WHERE organization = ?1 AND claim = ?2 AND kind = ?3)"
);

/// The holders with these ids, each once.
pub(super) fn by_ids(
    db: &Connection,
    organization: OrganizationId,
    ids: &[HolderId],
    state: State,
    detail: Detail,
) -> rusqlite::Result<Vec<HolderRecord>> {
    let mut select = db.prepare_cached(BY_ID(detail))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids.iter().collect::<BTreeSet<_>>() {
        let record = select
            .query_row(params![organization, id, state == State::Any], |row| {
                record(organization, detail, row)
            })
            .optional()?;
        found.extend(record);
    }
    Ok(found)
}

/// The live holder that holds one of these claims.
pub(super) fn by_claim(
    db: &Connection,
    organization: OrganizationId,
    claims: &[Claim],
    detail: Detail,
) -> rusqlite::Result<Option<HolderRecord>> {
    let mut select = db.prepare_cached(BY_CLAIM(detail))?;
    for claim in claims {
        let record = select
            .query_row(params![organization, claim.0, Kind::Holder], |row| record(organization, detail, row))
            .optional()?;
        if record.is_some() {
            return Ok(record);
        }
    }
    Ok(None)
}

fn record(organization: OrganizationId, detail: Detail, row: &Row<'_>) -> rusqlite::Result<HolderRecord> {
    let mut columns = Columns::of(row);
    Ok(HolderRecord {
        clear: Holder {
            organization,
            id: columns.take()?,
            holder_type: columns.take()?,
            external_id: columns.take()?,
            metadata: columns.json()?,
            created_at: columns.take()?,
            updated_at: columns.take()?,
            deleted_at: columns.take()?,
        },
        version: columns.take()?,
        revision: columns.take()?,
        sealed: match detail {
            Detail::Clear => None,
            Detail::Sealed => Some(Sealed(columns.take()?)),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clear_part_is_read_without_naming_the_blob() {
        for statement in [BY_ID, BY_CLAIM] {
            assert!(!statement(Detail::Clear).contains("sealed"));
            assert!(statement(Detail::Sealed).contains(", sealed FROM"));
        }
    }
}
