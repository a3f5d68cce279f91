//! The holder to whom an account is about to be linked.

use super::budget::Budget;
use super::database::Collections;
use super::kind::Kind;
use super::phase::Phase;
use super::standing::Target;
use crate::domain::holder::Holder;
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;

impl Collections {
    /// Whether a holder is live and stays so: whoever is about to delete it from now on sees the alias account that was
    /// announced before this look.
    pub(super) async fn stays(&self, budget: &Budget, holder: &Target) -> Result<bool, StoreError> {
        loop {
            let Some(standing) = self.fresh_standing(budget, &self.holders, holder).await? else {
                return Ok(false);
            };
            if standing.phase != Phase::Live {
                return Ok(false);
            }
            if standing.deleting.is_none() {
                return Ok(true);
            }
            if standing.is_overdue(Timestamp::now()) {
                self.take_back_mark(budget, Holder::COLLECTION, &standing).await?;
            } else {
                budget.wait_for("another call that deletes the holder").await?;
            }
        }
    }

    /// Whether a holder is live now.
    pub(super) async fn is_live(&self, budget: &Budget, holder: &Target) -> Result<bool, StoreError> {
        let standing = self.standing(budget, &self.holders, holder).await?;
        Ok(standing.is_some_and(|standing| standing.phase == Phase::Live))
    }
}
