//! Reading records by their ids or claims.

use super::connection::prepare;
use super::table::{Table, record};
use super::whole::live;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Claim, Detail, Stored};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The records with these ids that are in this state, in the order of the ids; one that is not there is left out.
pub(super) fn by_ids<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = Uuid>,
    state: State,
    detail: Detail,
) -> rusqlite::Result<Vec<Stored<T>>> {
    let mut select = prepare(db, (T::STATEMENTS.by_id)(detail))?;
    let mut found = Vec::new();
    for id in ids {
        let id: &dyn ToSql = id.as_bytes();
        let stored = select
            .query_row(params![organization, id, live(state)], |row| record(organization, detail, row))
            .optional()?;
        found.extend(stored);
    }
    Ok(found)
}

/// The live records that hold one of these claims, each once.
pub(super) fn by_claims<T: Table>(
    db: &Connection,
    organization: OrganizationId,
    claims: &[Claim],
    detail: Detail,
) -> rusqlite::Result<Vec<Stored<T>>> {
    let mut select =
        prepare(db, "SELECT id FROM claims WHERE organization = ?1 AND claim = ?2 AND kind = ?3")?;
    let mut ids = BTreeSet::new();
    for claim in claims {
        let id: Option<[u8; 16]> =
            select.query_row(params![organization, claim.0, T::KIND], |row| row.get(0)).optional()?;
        ids.extend(id.map(Uuid::from_bytes));
    }
    by_ids(db, organization, ids, State::Live, detail)
}
