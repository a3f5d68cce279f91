//! Walking along the rows of tokens.

use super::super::connection::prepare;
use super::range::Range;
use super::source::Walked;
use super::statement;
use crate::registry::ports::list::{Position, Sort};
use rusqlite::types::ToSql;
use rusqlite::{Connection, Rows, params_from_iter};
use std::ops::ControlFlow;
use uuid::Uuid;

/// One entry that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it stands.
    pub(super) place: Position,
    /// Whether the other conditions hold for it.
    pub(super) holds: bool,
}

/// Visits the entries of a range in their order, or against it where it does not climb, until the visitor has seen
/// enough.
///
/// A list with several tokens or states is several walks at once. Each gives its next entry only when it is needed;
/// the nearest of them is visited, and one that stands in several walks is visited once.
pub(super) fn walk(
    db: &Connection,
    walked: &Walked<'_>,
    sort: Sort,
    climbing: bool,
    range: &Range,
    mut visit: impl FnMut(Entry) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    // The range keeps to the moments of creation only where it is in their order.
    let moments = sort != Sort::CreatedAt;
    let others = walked.others(moments);
    let mut statements = Vec::new();
    for live in walked.states {
        let sql = statement::walk(sort, climbing, *live, &others);
        for token in &walked.tokens {
            statements.push((prepare(db, &sql)?, token));
        }
    }
    let mut walks = Vec::with_capacity(statements.len());
    for (statement, token) in &mut statements {
        let first: [&dyn ToSql; 7] = [
            &walked.organization,
            &walked.kind,
            token,
            &range.from.at,
            &range.from.id,
            &range.to.at,
            &range.to.id,
        ];
        let mut rows = statement.query(params_from_iter(first.into_iter().chain(walked.values(moments))))?;
        walks.push((next(&mut rows)?, rows));
    }
    while let Some(nearest) = nearest(walks.iter().filter_map(|(head, _)| *head), climbing) {
        if visit(nearest).is_break() {
            break;
        }
        for (head, rows) in &mut walks {
            if head.is_some_and(|entry| entry.place == nearest.place) {
                *head = next(rows)?;
            }
        }
    }
    Ok(())
}

fn nearest(heads: impl Iterator<Item = Entry>, climbing: bool) -> Option<Entry> {
    let place = |entry: &Entry| (entry.place.at, entry.place.id);
    if climbing { heads.min_by_key(place) } else { heads.max_by_key(place) }
}

fn next(rows: &mut Rows<'_>) -> rusqlite::Result<Option<Entry>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let place = Position { at: row.get(0)?, id: Uuid::from_bytes(row.get(1)?) };
    Ok(Some(Entry { place, holds: row.get(2)? }))
}
