//! Lists: which records, in which order, which page of them.

use super::record::{Detail, Token};
pub use crate::domain::state::State;
use crate::domain::time::Timestamp;
use uuid::Uuid;

/// Which records a list holds: all conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// In which state they are.
    pub state: State,
    /// Only records with one of these ids; `None` where ids do not matter.
    pub ids: Option<Vec<Uuid>>,
    /// Of each of these, the record has at least one token. The tokens of one entry are the same value under several
    /// generations of keys; an empty entry holds for no record.
    pub tokens: Vec<Vec<Token>>,
    /// Created at this moment or later.
    pub created_from: Option<Timestamp>,
    /// Created before this moment.
    pub created_before: Option<Timestamp>,
}

/// What a list is sorted by; equal times are sorted by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The time of creation.
    CreatedAt,
    /// The time of the last change.
    UpdatedAt,
}

/// Which way a list goes; it turns the order of time and id together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

/// A place in a list, whether a record is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The time that the list is sorted by.
    pub at: Timestamp,
    /// The record's id.
    pub id: Uuid,
}

/// Which records of its range a page takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Take {
    /// The first ones.
    First,
    /// The last ones; they come in the list's order all the same.
    Last,
}

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// What the list is sorted by.
    pub sort: Sort,
    /// Which way it goes.
    pub direction: Direction,
    /// Only what follows this place.
    pub after: Option<Position>,
    /// Only what comes before this place.
    pub before: Option<Position>,
    /// Which records of that range.
    pub take: Take,
    /// At most so many records.
    pub size: usize,
    /// How much of each record.
    pub detail: Detail,
}

/// One page, in the list's order.
#[derive(Clone, Debug)]
pub struct Page<R> {
    /// The records.
    pub records: Vec<R>,
    /// Those of this page whose rows cannot be read: they are left out of the records and spoil no other.
    pub unreadable: Vec<Uuid>,
    /// Whether records of the list lie before this page.
    pub has_previous: bool,
    /// Whether records of the list follow this page.
    pub has_next: bool,
    /// Where the page begins: at its first record, or where looking for more (with [`Take::Last`]) was given up;
    /// `None` where neither is.
    pub start: Option<Position>,
    /// Where it ends: at its last record, or where looking for more (with [`Take::First`]) was given up. A store looks
    /// at no more than [`LOOKED_AT_MAX`] entries for one page: where a filter holds for few of very many, a page may
    /// end, short or even empty, at a place with more to come.
    pub end: Option<Position>,
}

impl<R> Page<R> {
    /// Whether there is any record on it, also one that cannot be read.
    pub fn shows_any(&self) -> bool {
        !self.records.is_empty() || !self.unreadable.is_empty()
    }
}

/// Most entries of an index that are looked at for one page of one list, or for one count.
pub const LOOKED_AT_MAX: usize = 10_000;

/// Counting stops here.
pub const COUNT_MAX: usize = 10_000;

/// How many records a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many were counted.
    pub total: usize,
    /// Whether these are all; if not, counting stopped.
    pub exact: bool,
}
