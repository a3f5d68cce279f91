//! Finding links. One condition says which index is walked along, in the order of when the links happened; the others
//! are judged on the way.

use super::super::connection::prepare;
use super::link_row::{self, Number, select_link};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{TRAIL_LOOK_MAX, TrailFilter, TrailLink, TrailPage, TrailPlace};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use uuid::Uuid;

/// What is walked along: what few links have goes before what many have.
enum Along<'a> {
    Record(Uuid),
    Subject(&'a str),
    Operation(&'a str),
    Time,
}

impl<'a> Along<'a> {
    fn of(filter: &'a TrailFilter) -> Self {
        match filter {
            TrailFilter { record: Some(record), .. } => Self::Record(*record),
            TrailFilter { subject: Some(subject), .. } => Self::Subject(subject),
            TrailFilter { operation: Some(operation), .. } => Self::Operation(operation),
            _ => Self::Time,
        }
    }

    /// The table or tables, and what it is that all links of the walk have. No value stands in the text.
    fn rows(&self) -> (&'static str, &'static str) {
        match self {
            Self::Record(_) => (
                "trail_records AS place CROSS JOIN trail_links AS link
                     ON link.organization = place.organization AND link.number = place.number",
                "AND place.record = ?2",
            ),
            Self::Subject(_) => {
                ("trail_links AS place INDEXED BY trail_links_by_subject", "AND subject = ?2")
            }
            Self::Operation(_) => {
                ("trail_links AS place INDEXED BY trail_links_by_operation", "AND operation = ?2")
            }
            Self::Time => ("trail_links AS place INDEXED BY trail_links_by_time", ""),
        }
    }

    /// Gives place, subject and operation of links between two places, neither of them included. Parameters:
    /// organization, what all have, the place before, the place behind.
    fn statement(&self, newest_first: bool) -> String {
        let ((rows, have), order) = (self.rows(), if newest_first { "DESC" } else { "ASC" });
        format!(
            "SELECT place.at, place.number, subject, operation FROM {rows}
             WHERE place.organization = ?1 {have}
                 AND (place.at, place.number) > (?3, ?4) AND (place.at, place.number) < (?5, ?6)
             ORDER BY place.at {order}, place.number {order}"
        )
    }
}

impl ToSql for Along<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Record(record) => ToSqlOutput::Borrowed(ValueRef::Blob(record.as_bytes())),
            Self::Subject(text) | Self::Operation(text) => ToSqlOutput::from(*text),
            Self::Time => ToSqlOutput::Owned(Value::Null),
        })
    }
}

/// Between two places, neither of them included; nothing where they have crossed.
struct Span {
    before: TrailPlace,
    behind: TrailPlace,
}

impl Span {
    /// The moments of a filter, and what lies behind a place in this direction. No link has the number 0.
    fn of(filter: &TrailFilter, after: Option<TrailPlace>, newest_first: bool) -> Self {
        let first = TrailPlace { at: filter.from.unwrap_or(Timestamp(i64::MIN)), number: 0 };
        let end = match filter.to {
            Some(to) => TrailPlace { at: to, number: 0 },
            None => TrailPlace { at: Timestamp(i64::MAX), number: u64::MAX },
        };
        match (after, newest_first) {
            (None, _) => Self { before: first, behind: end },
            (Some(after), false) => Self { before: first.max(after), behind: end },
            (Some(after), true) => Self { before: first, behind: end.min(after) },
        }
    }
}

/// A place's number as it is compared with those of links, which are never as large as the largest of these.
fn comparable(place: TrailPlace) -> i64 {
    i64::try_from(place.number).unwrap_or(i64::MAX)
}

/// One page.
pub(in super::super) fn page(
    db: &Connection,
    organization: OrganizationId,
    filter: &TrailFilter,
    after: Option<TrailPlace>,
    newest_first: bool,
    most: usize,
) -> rusqlite::Result<TrailPage> {
    let (along, span) = (Along::of(filter), Span::of(filter, after, newest_first));
    let mut walk = prepare(db, &along.statement(newest_first))?;
    let mut rows = walk.query(params![
        organization,
        along,
        span.before.at,
        comparable(span.before),
        span.behind.at,
        comparable(span.behind),
    ])?;
    let (mut page, mut looked, mut reached) = (TrailPage { links: Vec::new(), next: None }, 0, after);
    while let Some(row) = rows.next()? {
        if page.links.len() >= most || looked >= TRAIL_LOOK_MAX {
            page.next = reached;
            break;
        }
        let (at, Number(number)) = (row.get(0)?, row.get(1)?);
        let place = TrailPlace { at, number };
        if passes(filter, row)? {
            page.links.extend(link(db, organization, place)?);
        }
        (looked, reached) = (looked + 1, Some(place));
    }
    Ok(page)
}

/// What the walk itself does not answer for; it costs nothing to judge it again.
fn passes(filter: &TrailFilter, row: &Row<'_>) -> rusqlite::Result<bool> {
    let is = |column: usize, wanted: &Option<String>| match wanted {
        Some(wanted) => row.get::<_, String>(column).map(|found| found == *wanted),
        None => Ok(true),
    };
    Ok(is(2, &filter.subject)? && is(3, &filter.operation)?)
}

fn link(
    db: &Connection,
    organization: OrganizationId,
    place: TrailPlace,
) -> rusqlite::Result<Option<TrailLink>> {
    prepare(db, select_link!("WHERE organization = ?1 AND number = ?2"))?
        .query_row(params![organization, Number(place.number)], link_row::read)
        .optional()
}
