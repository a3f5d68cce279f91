//! Who holds a claim that a write wants.

use super::budget::Budget;
use super::database::Collections;
use super::kind::Kind;
use super::names::{CLAIMS, ORGANIZATION};
use super::phase::Phase;
use super::standing::{Standing, Target};
use super::values::uuid;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;
use mongodb::bson::doc;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Collections {
    /// The claims among these that live records hold, those with these ids aside. Whoever holds one and did not end in
    /// time is settled; where others are under way, this waits for them.
    pub(super) async fn taken<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        claims: &BTreeSet<&str>,
        but: &[Uuid],
    ) -> Result<BTreeSet<String>, StoreError> {
        let claims: Vec<&str> = claims.iter().copied().collect();
        loop {
            let filter = doc! { ORGANIZATION: uuid(organization.0), CLAIMS: { "$in": &claims } };
            let mut holders = self.standings(budget, self.records::<T>(), filter, 0).await?;
            holders.retain(|standing| !but.contains(&standing.target.id));
            let mut undecided = false;
            for standing in &holders {
                undecided |= !self.is_decided::<T>(budget, standing).await?;
            }
            if !undecided {
                let held = holders.into_iter().flat_map(|standing| standing.claims);
                return Ok(held.filter(|claim| claims.contains(&claim.as_str())).collect());
            }
        }
    }

    /// Whether a record that holds claims is there for good; if not, it may be so the next time.
    async fn is_decided<T: Kind>(&self, budget: &Budget, standing: &Standing) -> Result<bool, StoreError> {
        let overdue = standing.is_overdue(Timestamp::now());
        match standing.phase {
            Phase::Live => return Ok(true),
            Phase::Joining if self.has_joined(budget, standing).await? => return Ok(true),
            Phase::Joining => self.settle(budget, T::COLLECTION, standing).await?,
            _ if overdue => self.settle(budget, T::COLLECTION, standing).await?,
            _ => budget.wait_for("another call that wants the same").await?,
        }
        Ok(false)
    }

    /// Whether the holder with which an alias account came is there.
    pub(super) async fn has_joined(&self, budget: &Budget, standing: &Standing) -> Result<bool, StoreError> {
        let Some(id) = standing.holder else { return Ok(false) };
        let holder = Target { organization: standing.target.organization, id };
        let holder = self.standing(budget, self.records::<Holder>(), &holder).await?;
        Ok(holder.is_some_and(|holder| matches!(holder.phase, Phase::Live | Phase::Deleted)))
    }
}
