//! Lists as one would write them down without an index: what every store's lists are compared with.

use super::acts::Record;
use crate::domain::time::Timestamp;
use crate::registry::ports::list::{
    Count, Direction, Filter, Page, PageRequest, Position, Sort, State, Take,
};
use crate::registry::ports::record::{Stored, Token};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is known of one record.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) live: bool,
    pub(crate) tokens: BTreeSet<Token>,
}

impl Known {
    fn holds(&self, filter: &Filter) -> bool {
        let state = match filter.state {
            State::Live => self.live,
            State::Deleted => !self.live,
            State::Any => true,
        };
        state
            && filter.ids.as_ref().is_none_or(|ids| ids.contains(&self.id))
            && filter.tokens.iter().all(|tokens| tokens.iter().any(|token| self.tokens.contains(token)))
            && filter.created_from.is_none_or(|from| self.created_at >= from)
            && filter.created_before.is_none_or(|before| self.created_at < before)
    }

    fn place(&self, sort: Sort) -> Position {
        let at = match sort {
            Sort::CreatedAt => self.created_at,
            Sort::UpdatedAt => self.updated_at,
        };
        Position { at, id: self.id }
    }
}

/// The list that a filter lets through, in its order.
pub(crate) fn list(all: &[Known], filter: &Filter, sort: Sort, direction: Direction) -> Vec<Position> {
    let held = all.iter().filter(|known| known.holds(filter));
    let mut places: Vec<Position> = held.map(|known| known.place(sort)).collect();
    places.sort_by_key(|place| (place.at, place.id));
    if direction == Direction::Descending {
        places.reverse();
    }
    places
}

/// What a page must tell.
#[derive(Debug, PartialEq)]
pub(crate) struct Expected {
    places: Vec<Position>,
    has_previous: bool,
    has_next: bool,
    start: Option<Position>,
    end: Option<Position>,
}

impl Expected {
    /// Whether nothing at all is told.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty() && !self.has_previous && !self.has_next
    }
}

/// The page of a list.
pub(crate) fn page(all: &[Known], filter: &Filter, request: &PageRequest) -> Expected {
    let list = list(all, filter, request.sort, request.direction);
    let precedes = |a: &Position, b: &Position| match request.direction {
        Direction::Ascending => (a.at, a.id) < (b.at, b.id),
        Direction::Descending => (a.at, a.id) > (b.at, b.id),
    };
    let follows_after = |place: &&Position| request.after.is_none_or(|after| precedes(&after, place));
    let precedes_before = |place: &&Position| request.before.is_none_or(|before| precedes(place, &before));
    let range: Vec<Position> = list.iter().filter(follows_after).filter(precedes_before).copied().collect();
    let spare = range.len().saturating_sub(request.size);
    let (in_front, behind) = match request.take {
        Take::First => (0, spare),
        Take::Last => (spare, 0),
    };
    let places = range[in_front..range.len() - behind].to_vec();
    Expected {
        has_previous: in_front > 0 || !list.iter().all(|place| follows_after(&place)),
        has_next: behind > 0 || !list.iter().all(|place| precedes_before(&place)),
        start: places.first().copied(),
        end: places.last().copied(),
        places,
    }
}

/// How many records a list has.
pub(crate) fn count(all: &[Known], filter: &Filter) -> Count {
    Count { total: list(all, filter, Sort::CreatedAt, Direction::Ascending).len(), exact: true }
}

/// What a page told.
pub(crate) fn told<C: Record>(page: &Page<Stored<C>>, sort: Sort) -> Expected {
    let place = |record: &Stored<C>| {
        let mut clear = record.clear.clone();
        let (created_at, updated_at, _) = clear.times();
        let at = if sort == Sort::CreatedAt { *created_at } else { *updated_at };
        Position { at, id: record.clear.uuid() }
    };
    Expected {
        places: page.records.iter().map(place).collect(),
        has_previous: page.has_previous,
        has_next: page.has_next,
        start: page.start,
        end: page.end,
    }
}
