//! Which of several conditions a list is walked along: that which holds for the fewest records.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::kind::Kind;
use super::super::names::{ORGANIZATION, STATE, TOKENS};
use super::super::queries::BY_CREATION;
use super::super::trouble::Trouble;
use super::super::values::uuid;
use super::batch::{Question, ask};
use super::walk::{Condition, among, limit, states};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::State;
use mongodb::bson::doc;

/// So many records of a condition are counted at most.
const ESTIMATED: usize = 500;

impl Collections {
    /// Takes out the condition to be walked along, if there is any.
    pub(super) async fn fewest<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        state: State,
        conditions: &mut Vec<Condition>,
    ) -> Result<Option<Condition>, Trouble> {
        // One condition needs no comparison.
        if conditions.len() < 2 {
            return Ok(conditions.pop());
        }
        let counted = |(list, tokens): (usize, &Condition)| Question {
            list,
            stages: vec![
                doc! { "$match": {
                    ORGANIZATION: uuid(organization.0), TOKENS: among(tokens), STATE: { "$in": states::<T>(state) },
                } },
                limit(ESTIMATED),
                doc! { "$group": { "_id": null, "total": { "$sum": 1_i64 } } },
            ],
            fields: doc! { "total": 1 },
        };
        let questions = conditions.iter().enumerate().map(counted).collect();
        let answers =
            ask(budget, self, self.records::<T>(), &BY_CREATION, questions, conditions.len()).await?;
        let totals = answers.iter().map(|answer| answer.first().map_or(0, super::count::total));
        let fewest = totals.enumerate().min_by_key(|(_, total)| *total);
        Ok(fewest.map(|(place, _)| conditions.swap_remove(place)))
    }
}
