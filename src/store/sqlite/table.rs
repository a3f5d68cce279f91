//! What holders and alias accounts have in common: two tables of records.

use super::columns::{Columns, Kind};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{Detail, Protected, Sealed, Stored, Token};
use crate::registry::ports::store::Refused;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Row};
use std::collections::BTreeSet;

/// The statements that are the same for both tables. The first two parameters are organization and id.
pub(super) struct Statements {
    /// One record; parameter 3 is whether it shall be live, or null.
    pub(super) by_id: fn(Detail) -> &'static str,
    /// Whether there is one with the revision of parameter 3 that is live as parameter 4 says, or null.
    pub(super) stands: &'static str,
    /// Makes it deleted: parameter 3 is the moment, 4 the version.
    pub(super) delete: &'static str,
    /// Removes it.
    pub(super) purge: &'static str,
    /// The key generations that it was made with.
    pub(super) generations: &'static str,
    /// Organization and id of those that follow it, at most so many as parameter 3 says.
    pub(super) after: &'static str,
}

/// [`Statements`] for a table, by its name and the columns of its clear part.
macro_rules! statements {
    ($table:literal, $columns:literal) => {
        Statements {
            by_id: |detail| match detail {
                Detail::Clear => statements!(by_id, "", $table, $columns),
                Detail::Sealed => statements!(by_id, ", sealed", $table, $columns),
            },
            stands: concat!(
                "SELECT 1 FROM ",
                $table,
                " WHERE organization = ?1 AND id = ?2 AND revision = ?3
                      AND (?4 IS NULL OR (deleted_at IS NULL) = ?4)"
            ),
            delete: concat!(
                "UPDATE ",
                $table,
                " SET deleted_at = ?3, updated_at = ?3, version = ?4, revision = revision + 1
                  WHERE organization = ?1 AND id = ?2"
            ),
            purge: concat!("DELETE FROM ", $table, " WHERE organization = ?1 AND id = ?2"),
            generations: concat!("SELECT generations FROM ", $table, " WHERE organization = ?1 AND id = ?2"),
            after: concat!(
                "SELECT organization, id FROM ",
                $table,
                " WHERE (organization, id) > (?1, ?2) ORDER BY organization, id LIMIT ?3"
            ),
        }
    };
    (by_id, $sealed:literal, $table:literal, $columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", version, revision",
            $sealed,
            " FROM ",
            $table,
            " WHERE organization = ?1 AND id = ?2 AND (?3 IS NULL OR (deleted_at IS NULL) = ?3)"
        )
    };
}
pub(super) use statements;

/// A table of records, known by their clear part.
pub(super) trait Table: Sized + Send + 'static {
    /// What its rows are called by.
    type Id: ToSql + Copy;
    /// Which of the two it is.
    const KIND: Kind;
    /// What is said to it.
    const STATEMENTS: Statements;
    /// Inserts a record; takes the same parameters as `UPDATE`.
    const INSERT: &'static str;
    /// Replaces all of a record but its revision, which goes up.
    const UPDATE: &'static str;

    /// The tenant.
    fn organization(&self) -> OrganizationId;

    /// The record's id.
    fn id(&self) -> Self::Id;

    /// The times of creation and of the last change.
    fn times(&self) -> (Timestamp, Timestamp);

    /// What is told where its claims are taken, and it is alone in its call.
    fn taken() -> Refused;

    /// What it is found by without keys.
    fn terms(&self) -> BTreeSet<Token>;

    /// The clear part of a row.
    fn read(organization: OrganizationId, columns: &mut Columns<'_>) -> rusqlite::Result<Self>;

    /// Runs `INSERT` or `UPDATE`.
    fn write(
        &self,
        db: &Connection,
        statement: &'static str,
        protected: &Protected,
        version: i32,
    ) -> rusqlite::Result<()>;

    /// Which record this is.
    fn target(&self) -> Target<Self::Id> {
        Target { organization: self.organization(), kind: Self::KIND, id: self.id() }
    }
}

/// One record among all.
#[derive(Clone, Copy)]
pub(super) struct Target<I> {
    /// The tenant.
    pub(super) organization: OrganizationId,
    /// The table.
    pub(super) kind: Kind,
    /// The row.
    pub(super) id: I,
}

/// A record out of the columns of `by_id`.
pub(super) fn record<T: Table>(
    organization: OrganizationId,
    detail: Detail,
    row: &Row<'_>,
) -> rusqlite::Result<Stored<T>> {
    let mut columns = Columns::of(row);
    Ok(Stored {
        clear: T::read(organization, &mut columns)?,
        version: columns.take()?,
        revision: columns.take()?,
        sealed: match detail {
            Detail::Clear => None,
            Detail::Sealed => Some(Sealed(columns.take()?)),
        },
    })
}
