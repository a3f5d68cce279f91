//! Which records stand on a page, and what lies on both sides of it.

use super::range::{Cut, Range};
use super::source::Source;
use crate::registry::ports::list::{Direction, LOOKED_AT_MAX, PageRequest, Position, Sort, Take};
use rusqlite::Connection;
use std::ops::ControlFlow;

/// A page by the places of its records, in the list's order.
pub(super) struct Span {
    pub(super) places: Vec<Position>,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
    pub(super) start: Option<Position>,
    pub(super) end: Option<Position>,
}

/// Finds the places of a page.
pub(super) fn of(db: &Connection, source: &Source<'_>, request: &PageRequest) -> rusqlite::Result<Span> {
    let PageRequest { sort, direction, after, before, take, size, .. } = *request;
    let rising = direction == Direction::Ascending;
    let climbing = rising == (take == Take::First);
    // `after` bounds the lower side of a rising list, and the upper side of a falling one.
    let (below, above) = if rising { (after, before) } else { (before, after) };
    let (below, above) = (below.map(Cut::behind), above.map(Cut::before));
    let list = source.range(sort);
    let range = list.within(below.as_ref(), above.as_ref());

    let walked = gather(db, source, sort, climbing, &range, size)?;
    let (lower, upper) = if climbing { (false, walked.more) } else { (walked.more, false) };
    let lower = lower
        || match below {
            None => false,
            Some(cut) => any(db, source, sort, false, &list.within(None, Some(&cut)))?,
        };
    let upper = upper
        || match above {
            None => false,
            Some(cut) => any(db, source, sort, true, &list.within(Some(&cut), None))?,
        };
    let (has_previous, has_next) = if rising { (lower, upper) } else { (upper, lower) };

    let mut places = walked.places;
    if take == Take::Last {
        places.reverse();
    }
    let (mut start, mut end) = (places.first().copied(), places.last().copied());
    if walked.given_up.is_some() {
        *(if take == Take::First { &mut end } else { &mut start }) = walked.given_up;
    }
    Ok(Span { places, has_previous, has_next, start, end })
}

/// What a walk brought, in its own order.
struct Gathered {
    places: Vec<Position>,
    /// Whether more may follow.
    more: bool,
    /// The last place that was looked at, where the walk was given up before the page was full.
    given_up: Option<Position>,
}

fn gather(
    db: &Connection,
    source: &Source<'_>,
    sort: Sort,
    climbing: bool,
    range: &Range,
    size: usize,
) -> rusqlite::Result<Gathered> {
    let mut gathered = Gathered { places: Vec::new(), more: false, given_up: None };
    let (mut looked_at, mut last) = (0, None);
    source.walk(db, sort, climbing, range, |entry| {
        let full = gathered.places.len() == size;
        if looked_at == LOOKED_AT_MAX || full && entry.holds {
            gathered.more = true;
            gathered.given_up = last.filter(|_| !full);
            return ControlFlow::Break(());
        }
        (looked_at, last) = (looked_at + 1, Some(entry.place));
        if entry.holds {
            gathered.places.push(entry.place);
        }
        ControlFlow::Continue(())
    })?;
    Ok(gathered)
}

/// Whether the list has a record in a range; yes where looking for it was given up.
fn any(
    db: &Connection,
    source: &Source<'_>,
    sort: Sort,
    climbing: bool,
    range: &Range,
) -> rusqlite::Result<bool> {
    let (mut found, mut looked_at) = (false, 0);
    source.walk(db, sort, climbing, range, |entry| {
        looked_at += 1;
        found = entry.holds || looked_at > LOOKED_AT_MAX;
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(found)
}
