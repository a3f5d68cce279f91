//! One list: along which entries of an index it is walked, and what they must fulfil beside.

use super::super::kind::Kind;
use super::super::names::{ALL, CREATED_AT, ORGANIZATION, STATE, TOKENS, UPDATED_AT};
use super::super::phase::Phase;
use super::super::queries::{self, Query};
use super::super::values::{date, uuid};
use super::range::{Cut, Range};
use crate::domain::alias_account::AliasAccount;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::list::{Filter, LOOKED_AT_MAX, Sort, State};
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The tokens of one condition, each once.
pub(super) type Condition = BTreeSet<String>;

/// What a list is walked along.
#[derive(Clone)]
pub(super) enum Along {
    /// The entries of the tokens of one condition.
    Tokens(Condition),
    /// These records, few enough to be sorted.
    Ids(BTreeSet<Uuid>),
}

/// A list of one organization, to be walked in any order.
#[derive(Clone)]
pub(super) struct Walk {
    organization: OrganizationId,
    states: Vec<&'static str>,
    along: Along,
    others: Vec<Condition>,
    created_from: Option<Timestamp>,
    created_before: Option<Timestamp>,
    /// What is said of alias accounts that came together with their holder.
    joiners: Option<Document>,
}

/// In which order entries are met.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub(super) sort: Sort,
    pub(super) climbing: bool,
}

/// The name of the time that a list is sorted by.
pub(super) fn time(sort: Sort) -> &'static str {
    match sort {
        Sort::CreatedAt => CREATED_AT,
        Sort::UpdatedAt => UPDATED_AT,
    }
}

impl Walk {
    /// The list of a filter along one of its conditions, or along all records; the others are fulfilled beside.
    pub(super) fn of<T: Kind>(
        organization: OrganizationId,
        filter: &Filter,
        along: Option<Condition>,
        others: Vec<Condition>,
    ) -> Self {
        let mut others = others;
        let along = match (&filter.ids, along) {
            (Some(ids), along) => {
                others.extend(along);
                Along::Ids(ids.iter().copied().collect())
            }
            (None, Some(tokens)) => Along::Tokens(tokens),
            (None, None) => Along::Tokens([ALL.to_owned()].into()),
        };
        Self {
            organization,
            states: states::<T>(filter.state),
            along,
            others,
            created_from: filter.created_from,
            created_before: filter.created_before,
            joiners: None,
        }
    }

    /// The same with this condition on alias accounts that came together with their holder.
    pub(super) fn with(&self, joiners: Option<Document>) -> Self {
        Self { joiners, ..self.clone() }
    }

    /// All of the list, in the order of this sort.
    pub(super) fn range(&self, sort: Sort) -> Range {
        match sort {
            Sort::CreatedAt => {
                Range::ALL.within(self.created_from.map(Cut::at), self.created_before.map(Cut::at))
            }
            Sort::UpdatedAt => Range::ALL,
        }
    }

    /// Whether more entries may have to be looked at than are asked for.
    pub(super) fn is_bounded(&self, sort: Sort) -> bool {
        matches!(self.along, Along::Tokens(_)) && self.residual(sort).is_some()
    }

    /// The first entries of a range that fulfil all conditions, among the first that may be looked at.
    pub(super) fn first(&self, order: Order, range: &Range, most: usize) -> Vec<Document> {
        let looked_at = self.is_bounded(order.sort).then_some(LOOKED_AT_MAX);
        self.fulfilling(order, range, looked_at, most)
    }

    /// The same among all entries of a range that is known to be short enough. A limit stands there all the same: it
    /// keeps a planner from walking along the other conditions.
    pub(super) fn first_of_all(&self, order: Order, range: &Range, most: usize) -> Vec<Document> {
        self.fulfilling(order, range, Some(usize::MAX), most)
    }

    fn fulfilling(
        &self,
        order: Order,
        range: &Range,
        looked_at: Option<usize>,
        most: usize,
    ) -> Vec<Document> {
        let mut stages = self.entries(order, range);
        stages.extend(looked_at.map(limit));
        stages.extend(self.residual(order.sort).map(|conditions| doc! { "$match": conditions }));
        stages.push(limit(most));
        stages
    }

    /// Entries of a range behind so many others, whether they fulfil the other conditions or not.
    pub(super) fn behind(&self, order: Order, range: &Range, others: usize, most: usize) -> Vec<Document> {
        let mut stages = self.entries(order, range);
        stages.push(doc! { "$skip": number(others) });
        stages.push(limit(most));
        stages
    }

    /// Those that fulfil all conditions, in no order, among as many as may be looked at.
    pub(super) fn any(&self, most: usize) -> Vec<Document> {
        let sort = Sort::CreatedAt;
        let mut stages = vec![doc! { "$match": self.driving(sort, &self.range(sort)) }];
        if self.is_bounded(sort) {
            stages.push(limit(LOOKED_AT_MAX));
        }
        stages.extend(self.residual(sort).map(|conditions| doc! { "$match": conditions }));
        stages.push(limit(most));
        stages
    }

    /// What is asked by it.
    pub(super) fn query(&self, sort: Sort) -> &'static Query {
        match (&self.along, sort) {
            (Along::Tokens(_), Sort::CreatedAt) => &queries::BY_CREATION,
            (Along::Tokens(_), Sort::UpdatedAt) => &queries::BY_UPDATE,
            (Along::Ids(_), _) => &queries::BY_IDS,
        }
    }

    fn entries(&self, order: Order, range: &Range) -> Vec<Document> {
        let way = if order.climbing { 1 } else { -1 };
        vec![
            doc! { "$match": self.driving(order.sort, range) },
            doc! { "$sort": { time(order.sort): way, "_id": way } },
        ]
    }

    /// What bounds the walk along the index.
    fn driving(&self, sort: Sort, range: &Range) -> Document {
        let mut filter = doc! { ORGANIZATION: uuid(self.organization.0) };
        match &self.along {
            Along::Tokens(tokens) => {
                filter.insert(TOKENS, among(tokens));
            }
            Along::Ids(ids) => {
                filter.insert("_id", doc! { "$in": ids.iter().copied().map(uuid).collect::<Vec<_>>() });
            }
        }
        filter.insert(STATE, doc! { "$in": &self.states });
        filter.extend(range.filter(time(sort)));
        filter
    }

    /// What else must hold, where anything must.
    fn residual(&self, sort: Sort) -> Option<Document> {
        let mut all: Vec<Document> =
            self.others.iter().map(|tokens| doc! { TOKENS: among(tokens) }).collect();
        // In the order of creation these bound the walk itself.
        let moments = [("$gte", self.created_from), ("$lt", self.created_before)];
        for (compares, moment) in moments.into_iter().filter(|_| sort != Sort::CreatedAt) {
            all.extend(moment.map(|moment| doc! { CREATED_AT: { compares: date(moment) } }));
        }
        all.extend(self.joiners.clone());
        (!all.is_empty()).then(|| doc! { "$and": all })
    }
}

/// One of the tokens of a condition.
pub(super) fn among(tokens: &Condition) -> Document {
    doc! { "$in": tokens.iter().collect::<Vec<_>>() }
}

/// The states of documents in a list. Only alias accounts come together with their holder.
pub(super) fn states<T: Kind>(state: State) -> Vec<&'static str> {
    let mut names = Phase::names(Phase::of(state));
    names.retain(|name| T::COLLECTION == AliasAccount::COLLECTION || *name != Phase::Joining.name());
    names
}

/// At most so many.
pub(super) fn limit(most: usize) -> Document {
    doc! { "$limit": number(most) }
}

fn number(count: usize) -> i64 {
    // More than any page or server holds.
    i64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
