//! Finishing what others began with a record and did not end in time, or taking it back.

use super::budget::Budget;
use super::database::{Collections, Expected, stamp};
use super::kind::Kind;
use super::names::{
    AUDIT, CLAIMS, CLEAR, CREATED_AT, DELETED_AT, DELETING, GENERATIONS, OPERATION, ORGANIZATION, PURGING,
    REVISION, REVIVING, REVIVING_TOKEN, SEALED, STAMP, STATE, TOKENS, UNSETTLED, UPDATED_AT, VERSION,
};
use super::phase::Phase;
use super::standing::{Standing, Target};
use super::values::uuid;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::HolderId;
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;
use crate::registry::ports::terms;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

impl Collections {
    /// A record that is not as a write needs it, and about which something is unfinished: brings it to rest. Whoever
    /// calls looks at the record again.
    pub(super) async fn settle(
        &self,
        budget: &Budget,
        collection: &str,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        let target = &standing.target;
        if let Some(slot) = &standing.slot {
            // What the record carries is decided.
            if standing.phase == Phase::Purged {
                self.finish_purge(budget, collection, standing).await?;
            }
            return self.finish(budget, collection, target, slot).await;
        }
        match standing.phase {
            Phase::Held => self.take_back(budget, collection, standing).await,
            Phase::Joining => self.settle_joining(budget, standing).await,
            Phase::Purged => self.finish_purge(budget, collection, standing).await,
            Phase::Live | Phase::Deleted if standing.deleting.is_some() || standing.reviving.is_some() => {
                self.take_back_mark(budget, collection, standing).await
            }
            Phase::Live | Phase::Deleted => {
                let filter = target.with(doc! { STAMP: uuid(standing.stamp) });
                let rest = doc! { "$unset": { UNSETTLED: "" } };
                budget.again(|| self.named(collection).update_one(filter.clone(), rest.clone())).await?;
                Ok(())
            }
        }
    }

    /// Removes a record that never was there for readers, and those that came with it.
    pub(super) async fn take_back(
        &self,
        budget: &Budget,
        collection: &str,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        let held = standing.target.with(doc! { STATE: Phase::Held.name(), STAMP: uuid(standing.stamp) });
        let removed = budget.again(|| self.named(collection).delete_one(held.clone())).await?.deleted_count;
        if removed > 0 && collection == Holder::COLLECTION {
            self.take_back_joining(budget, &standing.target, standing.stamp).await?;
        }
        Ok(())
    }

    /// Removes the alias accounts that came with a holder that is not there, by the stamp of both: whoever does this
    /// late must not remove what came with the holder when it was created once more.
    pub(super) async fn take_back_joining(
        &self,
        budget: &Budget,
        holder: &Target,
        came: Uuid,
    ) -> Result<(), StoreError> {
        let mut theirs = of_holder(holder, Phase::Joining);
        theirs.insert(STAMP, uuid(came));
        budget.again(|| self.alias_accounts.delete_many(theirs.clone())).await?;
        Ok(())
    }

    /// An alias account that came with its holder: it is live if the holder is there.
    async fn settle_joining(&self, budget: &Budget, standing: &Standing) -> Result<(), StoreError> {
        let Some(id) = standing.holder else {
            return Err(StoreError::Unreadable("an alias account names no holder".to_owned()));
        };
        let organization = standing.target.organization;
        let holder = Target { organization, id };
        let joining =
            standing.target.with(doc! { STATE: Phase::Joining.name(), STAMP: uuid(standing.stamp) });
        match self.fresh_standing(budget, &self.holders, &holder).await? {
            Some(holder) if holder.phase == Phase::Held => {
                if holder.is_overdue(Timestamp::now()) {
                    self.take_back(budget, Holder::COLLECTION, &holder).await
                } else {
                    budget.wait_for("another call that creates the holder").await
                }
            }
            Some(holder) if holder.phase != Phase::Purged => {
                let live = doc! { "$set": { STATE: Phase::Live.name() }, "$unset": { UNSETTLED: "" } };
                budget.again(|| self.alias_accounts.update_one(joining.clone(), live.clone())).await?;
                Ok(())
            }
            _ => {
                budget.again(|| self.alias_accounts.delete_one(joining.clone())).await?;
                Ok(())
            }
        }
    }

    /// Makes all alias accounts live that came with a holder which is.
    pub(super) async fn settle_joined(&self, budget: &Budget, holder: &Target) -> Result<(), StoreError> {
        let theirs = of_holder(holder, Phase::Joining);
        let live = doc! { "$set": { STATE: Phase::Live.name() }, "$unset": { UNSETTLED: "" } };
        budget.again(|| self.alias_accounts.update_many(theirs.clone(), live.clone())).await?;
        Ok(())
    }

    /// Takes back the mark of somebody who looks whether a holder may go, or an alias account may come back. The
    /// revision goes up, so that they do not go on with it.
    pub(super) async fn take_back_mark(
        &self,
        budget: &Budget,
        collection: &str,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        let mut update = doc! { "$unset": { DELETING: "", REVIVING: "", UNSETTLED: "" } };
        if let (Some(_), Some(holder)) = (standing.reviving, standing.holder) {
            update.insert("$pull", doc! { TOKENS: format!("{REVIVING_TOKEN}{holder}") });
        }
        let expected = Expected {
            target: &standing.target,
            revision: standing.revision,
            conditions: doc! {},
            stamp: stamp(),
        };
        // Missed means that somebody else was faster.
        self.exchange(budget, self.named(collection), expected, update).await.map(drop)
    }

    /// Removes the alias accounts of a holder that was removed for good.
    pub(super) async fn finish_purge(
        &self,
        budget: &Budget,
        collection: &str,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        let target = &standing.target;
        if let Some(entries) = &standing.purging {
            self.purge_alias_accounts_of(budget, target, entries).await?;
        }
        let purged = target.with(doc! { STATE: Phase::Purged.name() });
        let done = doc! { "$unset": { PURGING: "" } };
        budget.again(|| self.named(collection).update_one(purged.clone(), done.clone())).await?;
        // An operation that the document carries is still to be committed.
        let at_rest = target.with(doc! { STATE: Phase::Purged.name(), OPERATION: { "$exists": false } });
        let rest = doc! { "$unset": { UNSETTLED: "" } };
        budget.again(|| self.named(collection).update_one(at_rest.clone(), rest.clone())).await?;
        Ok(())
    }

    async fn purge_alias_accounts_of(
        &self,
        budget: &Budget,
        holder: &Target,
        entries: &[Bson],
    ) -> Result<(), StoreError> {
        let theirs = of_holder(holder, Phase::Deleted);
        let with = |operation: bool| {
            let mut theirs = theirs.clone();
            theirs.insert(OPERATION, doc! { "$exists": operation });
            theirs
        };
        let (carrying, others) = (with(true), with(false));
        let removal = purged(entries.to_vec());
        loop {
            for standing in self.standings(budget, &self.alias_accounts, carrying.clone(), 0).await? {
                if let Some(slot) = &standing.slot {
                    self.finish(budget, AliasAccount::COLLECTION, &standing.target, slot).await?;
                }
            }
            budget.again(|| self.alias_accounts.update_many(others.clone(), removal.clone())).await?;
            // A cluster that moves documents meanwhile may have passed one over.
            if self.standings(budget, &self.alias_accounts, theirs.clone(), 1).await?.is_empty() {
                return Ok(());
            }
        }
    }
}

/// The alias accounts of a holder in this phase.
pub(super) fn of_holder(holder: &Target, phase: Phase) -> Document {
    doc! {
        ORGANIZATION: uuid(holder.organization.0),
        TOKENS: terms::holder(HolderId(holder.id)).0,
        STATE: phase.name(),
    }
}

/// The update that removes all of a record but its id and what the audit trail shall say of it. A document that is
/// changed by it a second time has the entries twice, so the filter must not find it again.
pub(super) fn purged(entries: Vec<Bson>) -> Document {
    doc! {
        "$set": { STATE: Phase::Purged.name(), STAMP: uuid(stamp()) },
        "$unset": {
            CLEAR: "", CLAIMS: "", TOKENS: "", SEALED: "", GENERATIONS: "", CREATED_AT: "", UPDATED_AT: "",
            DELETED_AT: "", VERSION: "", DELETING: "", REVIVING: "", UNSETTLED: "",
        },
        "$inc": { REVISION: 1_i64 },
        "$push": { AUDIT: { "$each": entries } },
    }
}
