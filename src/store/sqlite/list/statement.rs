//! The statements that lists are read with, put together from fixed pieces: no value ever stands in their text.

use crate::registry::ports::list::{Sort, State};
use std::fmt::Write;

/// What a row has to fulfil beside what it was found by.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    /// For each condition, how many tokens fulfil it.
    pub(super) tokens: Vec<usize>,
    /// Whether there is a first moment of creation.
    pub(super) created_from: bool,
    /// Whether there is a moment of creation that is too late.
    pub(super) created_before: bool,
}

impl Others {
    /// As an expression over the row `t`. Its parameters begin at this number: the moments, then the tokens.
    fn expression(&self, mut parameter: usize) -> String {
        let mut sql = String::from("1");
        let mut next = || {
            parameter += 1;
            parameter - 1
        };
        // Writing into a String cannot fail.
        if self.created_from {
            let _ = write!(sql, " AND t.created_at >= ?{}", next());
        }
        if self.created_before {
            let _ = write!(sql, " AND t.created_at < ?{}", next());
        }
        for count in &self.tokens {
            sql.push_str(
                " AND EXISTS (SELECT 1 FROM tokens AS other WHERE other.organization = ?1 AND other.kind = ?2
                 AND other.id = t.id AND other.token IN (",
            );
            for place in 0..*count {
                let _ = write!(sql, "{}?{}", if place == 0 { "" } else { ", " }, next());
            }
            sql.push_str("))");
        }
        sql
    }
}

/// Walks the rows of one token in one state and gives the time of sorting, the id and whether the others hold.
/// Parameters: organization, kind, token, the cut where the range begins, the cut where it ends, those of the others.
pub(super) fn walk(sort: Sort, climbing: bool, live: bool, others: &Others) -> String {
    let time = time(sort);
    let order = if climbing { "ASC" } else { "DESC" };
    let others = others.expression(8);
    format!(
        "SELECT t.{time}, t.id, {others} FROM tokens AS t
         WHERE t.organization = ?1 AND t.kind = ?2 AND t.token = ?3 AND t.live = {live}
             AND (t.{time}, t.id) >= (?4, ?5) AND (t.{time}, t.id) < (?6, ?7)
         ORDER BY t.{time} {order}, t.id {order}"
    )
}

/// Looks up one record in the list of all and gives its times if it is in this state and the others hold. Parameters:
/// organization, kind, id, those of the others.
pub(super) fn one(state: State, others: &Others) -> String {
    let live = match state {
        State::Live => "AND t.live = TRUE",
        State::Deleted => "AND t.live = FALSE",
        State::Any => "",
    };
    let others = others.expression(4);
    format!(
        "SELECT t.created_at, t.updated_at FROM tokens AS t
         WHERE t.organization = ?1 AND t.kind = ?2 AND t.id = ?3 AND t.token = '' {live} AND ({others})"
    )
}

/// The rows of one token. Parameters: organization, kind, token, state, how many at most.
pub(super) const SOME: &str =
    "SELECT 1 FROM tokens WHERE organization = ?1 AND kind = ?2 AND token = ?3 AND live = ?4 LIMIT ?5";

fn time(sort: Sort) -> &'static str {
    match sort {
        Sort::CreatedAt => "created_at",
        Sort::UpdatedAt => "updated_at",
    }
}
