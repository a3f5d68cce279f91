//! Where the entries of a list come from, and what they must fulfil.

use super::super::columns::Kind;
use super::super::connection::prepare;
use super::super::tokens;
use super::range::{Cut, Range};
use super::statement::{self, Others};
use super::walk::{self, Entry};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::list::{Filter, Position, Sort, State};
use crate::registry::ports::record::Token;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use uuid::Uuid;

/// The tokens of one condition.
type Condition<'a> = BTreeSet<&'a str>;

/// So many rows of a condition are counted at most, to find the one that holds for the fewest.
const ESTIMATED: usize = 500;

/// A list, to be walked in any order.
pub(super) enum Source<'a> {
    /// The rows of the tokens of one condition.
    Tokens(Walked<'a>),
    /// A few records that were looked up, with their times of creation and of the last change.
    Found { records: Vec<(Timestamp, Timestamp, Uuid)> },
}

/// What is walked and what is looked up meanwhile.
pub(super) struct Walked<'a> {
    pub(super) organization: OrganizationId,
    pub(super) kind: Kind,
    /// The rows of these are walked.
    pub(super) tokens: Condition<'a>,
    pub(super) states: &'static [bool],
    pub(super) others: Vec<Condition<'a>>,
    pub(super) created_from: Option<Timestamp>,
    pub(super) created_before: Option<Timestamp>,
}

impl<'a> Source<'a> {
    /// The list of a filter. Its records have one of the tokens of `whose` too, where it is not empty.
    pub(super) fn of(
        db: &Connection,
        organization: OrganizationId,
        kind: Kind,
        filter: &'a Filter,
        whose: &'a [Token],
    ) -> rusqlite::Result<Self> {
        let whose = (!whose.is_empty()).then_some(whose);
        let mut others: Vec<Condition<'a>> = whose
            .into_iter()
            .chain(filter.tokens.iter().map(Vec::as_slice))
            .map(|tokens| tokens.iter().map(|token| token.0.as_str()).collect())
            .collect();
        if others.iter().any(BTreeSet::is_empty) {
            return Ok(Self::Found { records: Vec::new() });
        }
        let mut walked = Walked {
            organization,
            kind,
            tokens: [tokens::ALL].into(),
            states: states(filter.state),
            others: Vec::new(),
            created_from: filter.created_from,
            created_before: filter.created_before,
        };
        if let Some(ids) = &filter.ids {
            walked.others = others;
            let ids: BTreeSet<_> = ids.iter().collect();
            return Ok(Self::Found { records: walked.look_up(db, filter.state, &ids)? });
        }
        if let Some(fewest) = walked.fewest(db, &others)? {
            walked.tokens = others.swap_remove(fewest);
        }
        walked.others = others;
        Ok(Self::Tokens(walked))
    }

    /// All of the list, in the order of this sort.
    pub(super) fn range(&self, sort: Sort) -> Range {
        let everything = Range { from: Cut::lowest(), to: Cut::highest() };
        match self {
            Self::Tokens(walked) if sort == Sort::CreatedAt => everything.within(
                walked.created_from.map(Cut::at).as_ref(),
                walked.created_before.map(Cut::at).as_ref(),
            ),
            _ => everything,
        }
    }

    /// Visits the entries of a range in their order, or against it where it does not climb, until the visitor has seen
    /// enough.
    pub(super) fn walk(
        &self,
        db: &Connection,
        sort: Sort,
        climbing: bool,
        range: &Range,
        mut visit: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> rusqlite::Result<()> {
        match self {
            Self::Tokens(walked) => walk::walk(db, walked, sort, climbing, range, visit),
            Self::Found { records } => {
                let mut places: Vec<Position> = records
                    .iter()
                    .map(|(created_at, updated_at, id)| Position {
                        at: if sort == Sort::CreatedAt { *created_at } else { *updated_at },
                        id: *id,
                    })
                    .filter(|place| range.holds(*place))
                    .collect();
                places.sort_by_key(|place| (place.at, place.id));
                if !climbing {
                    places.reverse();
                }
                let _ = places.into_iter().try_for_each(|place| visit(Entry { place, holds: true }));
                Ok(())
            }
        }
    }
}

impl Walked<'_> {
    /// What the statements need to know of the other conditions: whether there are moments that the walk itself does
    /// not keep to, and how many tokens each has.
    pub(super) fn others(&self, moments: bool) -> Others {
        Others {
            tokens: self.others.iter().map(BTreeSet::len).collect(),
            created_from: moments && self.created_from.is_some(),
            created_before: moments && self.created_before.is_some(),
        }
    }

    /// The values that belong to [`Self::others`].
    pub(super) fn values(&self, moments: bool) -> impl Iterator<Item = &dyn ToSql> {
        let moments = moments.then_some([&self.created_from, &self.created_before]);
        let moments = moments.into_iter().flatten().flatten().map(|moment| moment as &dyn ToSql);
        moments.chain(self.others.iter().flatten().map(|token| token as &dyn ToSql))
    }

    /// Which of the conditions holds for the fewest records, as far as a short look tells.
    fn fewest(&self, db: &Connection, conditions: &[Condition<'_>]) -> rusqlite::Result<Option<usize>> {
        let Some(last) = conditions.len().checked_sub(1) else { return Ok(None) };
        let (mut fewest, mut least) = (0, ESTIMATED);
        for (place, condition) in conditions.iter().enumerate() {
            // One condition needs no comparison.
            let count = if last == 0 { 0 } else { self.rows(db, condition, least)? };
            if count < least {
                (fewest, least) = (place, count);
            }
        }
        Ok(Some(fewest))
    }

    /// How many rows a condition has, up to a bound.
    fn rows(&self, db: &Connection, condition: &Condition<'_>, most: usize) -> rusqlite::Result<usize> {
        let mut some = prepare(db, statement::SOME)?;
        let mut count = 0;
        for (token, live) in
            condition.iter().flat_map(|token| self.states.iter().map(move |live| (token, live)))
        {
            let rest = i64::try_from(most.saturating_sub(count)).unwrap_or(i64::MAX);
            let mut rows = some.query(params![self.organization, self.kind, token, live, rest])?;
            while rows.next()?.is_some() {
                count += 1;
            }
        }
        Ok(count)
    }

    fn look_up(
        &self,
        db: &Connection,
        state: State,
        ids: &BTreeSet<&Uuid>,
    ) -> rusqlite::Result<Vec<(Timestamp, Timestamp, Uuid)>> {
        let mut one = prepare(db, &statement::one(state, &self.others(true)))?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let bytes = id.as_bytes();
            let of_record: [&dyn ToSql; 3] = [&self.organization, &self.kind, bytes];
            let values = of_record.into_iter().chain(self.values(true));
            let times = one
                .query_row(rusqlite::params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            found.extend(times.map(|(created_at, updated_at)| (created_at, updated_at, **id)));
        }
        Ok(found)
    }
}

/// The values of `live` that a state stands for.
fn states(state: State) -> &'static [bool] {
    match state {
        State::Live => &[true],
        State::Deleted => &[false],
        State::Any => &[true, false],
    }
}
