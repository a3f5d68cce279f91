//! Deciding the operation of a call that did not end in time: its record tells.

use super::budget::Budget;
use super::database::Collections;
use super::names::{ATTEMPT, LEASE, ORGANIZATION, STATE};
use super::operations::{FENCED, Known, PENDING};
use super::phase::Phase;
use super::steps;
use super::values::{bytes, uuid};
use crate::registry::ports::store::StoreError;
use mongodb::bson::doc;

impl Collections {
    /// First the operation is fenced: a caller that was only paused sees it before it makes a held record live. Then
    /// its record is looked at. One that carries the operation commits it. One that is held is taken back. Any other
    /// that can still be changed gets a new revision, which the paused caller does not know.
    pub(super) async fn decide(&self, budget: &Budget, known: &Known) -> Result<(), StoreError> {
        let Some(target) = known.target else {
            // A pending operation always names its record.
            return self.forget_damaged(known);
        };
        let slot = &known.slot;
        let pending = doc! {
            ORGANIZATION: uuid(target.organization.0), "_id": bytes(&slot.id), ATTEMPT: uuid(slot.attempt),
            STATE: { "$in": [PENDING, FENCED] },
        };
        let fence = doc! { "$set": { STATE: FENCED, LEASE: self.lease() } };
        let fenced =
            budget.again(|| self.operations.update_one(pending.clone(), fence.clone())).await?.matched_count;
        if fenced == 0 {
            return Ok(());
        }
        steps::at("fence: fenced").await;
        let collection = self.named(&known.collection);
        loop {
            // What this finds decides, so it must not be what a primary says that was replaced.
            let Some(standing) = self.fresh_standing(budget, collection, &target).await? else { break };
            steps::at("fence: seen").await;
            if standing.slot.as_ref() == Some(slot) {
                return self.settle(budget, &known.collection, &standing).await;
            }
            if standing.phase == Phase::Held {
                self.take_back(budget, &known.collection, &standing).await?;
                continue;
            }
            if standing.phase == Phase::Purged {
                // Nobody changes it any more.
                break;
            }
            if self.use_up(budget, collection, &target, standing.revision).await? {
                break;
            }
        }
        self.forget(budget, target.organization, slot).await
    }

    fn forget_damaged(&self, known: &Known) -> Result<(), StoreError> {
        let state = &known.state;
        Err(StoreError::Damaged(format!("an operation that is {state} names no record")))
    }
}
