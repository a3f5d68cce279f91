//! Parts of a list, as half-open ranges between cuts.

use crate::domain::time::Timestamp;
use crate::registry::ports::list::Position;

/// A cut between two neighbouring places of an index, in its own order: time, then id. Ids compare byte by byte, as
/// SQLite compares blobs, so an id that is cut short or made longer falls between real ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    pub(super) at: i64,
    pub(super) id: Vec<u8>,
}

impl Cut {
    /// Before all places.
    pub(super) fn lowest() -> Self {
        Self { at: i64::MIN, id: Vec::new() }
    }

    /// Behind all places.
    pub(super) fn highest() -> Self {
        Self { at: i64::MAX, id: vec![u8::MAX; 17] }
    }

    /// Before all places of a moment.
    pub(super) fn at(moment: Timestamp) -> Self {
        Self { at: moment.0, id: Vec::new() }
    }

    /// Just before a place.
    pub(super) fn before(place: Position) -> Self {
        Self { at: place.at.0, id: place.id.as_bytes().to_vec() }
    }

    /// Just behind a place.
    pub(super) fn behind(place: Position) -> Self {
        let mut cut = Self::before(place);
        cut.id.push(0);
        cut
    }
}

/// What lies between two cuts; nothing where they have crossed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: Cut,
    pub(super) to: Cut,
}

impl Range {
    /// The part of it that lies behind one cut and before another.
    pub(super) fn within(&self, from: Option<&Cut>, to: Option<&Cut>) -> Self {
        Self {
            from: from.map_or(&self.from, |cut| cut.max(&self.from)).clone(),
            to: to.map_or(&self.to, |cut| cut.min(&self.to)).clone(),
        }
    }

    /// Whether a place lies in it.
    pub(super) fn holds(&self, place: Position) -> bool {
        let cut = Cut::before(place);
        self.from <= cut && cut < self.to
    }
}
