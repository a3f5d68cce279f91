//! Parts of a list, as half-open ranges between cuts.

use super::super::values::{date, uuid};
use crate::domain::time::Timestamp;
use crate::registry::ports::list::Position;
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// A cut between two neighbouring places of an index, in its own order: time, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    at: Timestamp,
    /// None is before all ids of that moment.
    id: Option<Uuid>,
    /// Behind the id, not before it.
    behind: bool,
}

impl Cut {
    /// Before all places.
    pub(super) const LOWEST: Self = Self { at: Timestamp(i64::MIN), id: None, behind: false };
    /// Behind all places.
    pub(super) const HIGHEST: Self = Self { at: Timestamp(i64::MAX), id: Some(Uuid::max()), behind: true };

    /// Before all places of a moment.
    pub(super) fn at(moment: Timestamp) -> Self {
        Self { at: moment, id: None, behind: false }
    }

    /// Just before a place.
    pub(super) fn before(place: Position) -> Self {
        Self { at: place.at, id: Some(place.id), behind: false }
    }

    /// Just behind a place.
    pub(super) fn behind(place: Position) -> Self {
        Self { behind: true, ..Self::before(place) }
    }
}

/// What lies between two cuts; nothing where they have crossed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: Cut,
    pub(super) to: Cut,
}

impl Range {
    /// Everything.
    pub(super) const ALL: Self = Self { from: Cut::LOWEST, to: Cut::HIGHEST };

    /// The part of it that lies behind one cut and before another.
    pub(super) fn within(&self, from: Option<Cut>, to: Option<Cut>) -> Self {
        Self {
            from: from.map_or(self.from, |cut| cut.max(self.from)),
            to: to.map_or(self.to, |cut| cut.min(self.to)),
        }
    }

    /// Its conditions on the field with this time and on the id. The times bound the walk along an index, so they
    /// stand alone; among records of the very first or last moment the ids tell.
    pub(super) fn filter(&self, time: &str) -> Document {
        let (from, to) = (self.from, self.to);
        // The lower bound is always there: what is no date is in no list.
        let mut times = doc! { "$gte": date(from.at) };
        let mut ids = Vec::new();
        if let Some(id) = from.id {
            let climbs = if from.behind { "$gt" } else { "$gte" };
            ids.push(doc! { "$or": [{ time: { "$gt": date(from.at) } }, { "_id": { climbs: uuid(id) } }] });
        }
        match to.id {
            _ if to == Cut::HIGHEST => {}
            None => {
                times.insert("$lt", date(to.at));
            }
            Some(id) => {
                let falls = if to.behind { "$lte" } else { "$lt" };
                times.insert("$lte", date(to.at));
                ids.push(doc! { "$or": [{ time: { "$lt": date(to.at) } }, { "_id": { falls: uuid(id) } }] });
            }
        }
        let mut filter = doc! { time: times };
        if !ids.is_empty() {
            filter.insert("$and", ids);
        }
        filter
    }
}
