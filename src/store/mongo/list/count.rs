//! How many records lists hold.

use super::super::alias_accounts::HOLDER_ID;
use super::super::names::{CLEAR, STATE};
use super::super::phase::Phase;
use super::super::values::{Fields, count};
use super::joiners::Fault;
use super::lists::Lists;
use super::walk::Order;
use crate::registry::ports::list::{COUNT_MAX, Count, LOOKED_AT_MAX, Sort};
use mongodb::bson::{Bson, Document, doc};

/// A total that was counted.
pub(super) fn total(answer: &Document) -> usize {
    count(answer, "total")
}

impl Lists<'_> {
    /// Counts each list as far as counting goes.
    pub(super) async fn counts(&self) -> Result<Vec<Count>, Fault> {
        // First what lies behind: a record that moves up meanwhile is counted then, or told of as not looked at.
        let beyond = self.beyond().await?;
        let totals = self.totals().await?;
        let counts = totals.into_iter().zip(beyond).map(|(total, beyond)| Count {
            total: total.min(COUNT_MAX),
            exact: total <= COUNT_MAX && !beyond,
        });
        Ok(counts.collect())
    }

    async fn totals(&self) -> Result<Vec<usize>, Fault> {
        // Those whose holder decides whether they are there are counted by their holders.
        let joining = doc! { "$eq": [format!("${STATE}"), Phase::Joining.name()] };
        let by = doc! { "$cond": [joining, format!("${CLEAR}.{HOLDER_ID}"), Bson::Null] };
        let count = doc! { "$group": { "_id": by, "total": { "$sum": 1_i64 } } };
        let counted = self.walks.iter().enumerate().map(|(list, walk)| {
            let mut stages = walk.any(COUNT_MAX.saturating_add(1));
            stages.push(count.clone());
            (list, stages)
        });
        let answers = self.ask(Sort::CreatedAt, counted, doc! { "total": 1 }).await?;
        self.joiners.know(answers.iter().flatten().filter_map(|row| Fields(row).uuid("_id").ok()))?;
        Ok(answers.iter().map(|rows| rows.iter().map(total).sum()).collect())
    }

    /// Whether each list has entries that are not looked at.
    async fn beyond(&self) -> Result<Vec<bool>, Fault> {
        let order = Order { sort: Sort::CreatedAt, climbing: true };
        let bounded = self.walks.iter().enumerate().filter(|(_, walk)| walk.is_bounded(order.sort));
        let behind =
            bounded.map(|(list, walk)| (list, walk.behind(order, &walk.range(order.sort), LOOKED_AT_MAX, 1)));
        let beyond = self.ask(order.sort, behind, doc! { "_id": 1 }).await?;
        Ok(beyond.iter().map(|beyond| !beyond.is_empty()).collect())
    }
}
