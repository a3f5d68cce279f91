//! A link as a row, with the rows that it is found by its records by.

use super::super::connection::prepare;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{FoundBy, TrailLink, TrailMac};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// A link's number. SQLite has no larger ones than half of these; a chain never gets there.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        i64::try_from(self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
    }
}

/// The ids of records, one after the other.
pub(super) struct Records(pub(super) Vec<Uuid>);

impl ToSql for Records {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|record| *record.as_bytes()).collect();
        Ok(ToSqlOutput::from(bytes))
    }
}

impl FromSql for Records {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let records = value.as_blob()?.chunks(16).map(|id| Uuid::from_slice(id).map_err(FromSqlError::other));
        records.collect::<FromSqlResult<_>>().map(Self)
    }
}

/// A SELECT of whole links, for [`read`].
macro_rules! select_link {
    ($rest:literal) => {
        concat!(
            "SELECT number, id, at, subject, operation, records, sealed_at, mac, entry FROM trail_links ",
            $rest
        )
    };
}
pub(super) use select_link;

/// A whole link.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<TrailLink> {
    let (Number(number), Records(records)) = (row.get(0)?, row.get(5)?);
    Ok(TrailLink {
        number,
        mac: TrailMac(row.get(7)?),
        sealed_at: row.get(6)?,
        entry: row.get(8)?,
        found_by: FoundBy {
            id: Uuid::from_bytes(row.get(1)?),
            at: row.get(2)?,
            subject: row.get(3)?,
            operation: row.get(4)?,
            records,
        },
    })
}

/// Writes a link; false where its number or its entry is there already.
pub(super) fn insert(
    db: &Connection,
    organization: OrganizationId,
    link: &TrailLink,
) -> rusqlite::Result<bool> {
    let TrailLink { number, mac, sealed_at, entry, found_by } = link;
    let number = Number(*number);
    let new = prepare(
        db,
        "INSERT INTO trail_links (organization, number, id, at, subject, operation, records, sealed_at, mac, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        organization,
        number,
        found_by.id.as_bytes(),
        found_by.at,
        found_by.subject,
        found_by.operation,
        Records(found_by.records.clone()),
        sealed_at,
        mac.0,
        entry,
    ])? > 0;
    if new {
        // An entry may name a record twice.
        let mut insert = prepare(
            db,
            "INSERT INTO trail_records (organization, record, at, number) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?;
        for record in &found_by.records {
            insert.execute(params![organization, record.as_bytes(), found_by.at, number])?;
        }
    }
    Ok(new)
}
