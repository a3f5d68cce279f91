//! Changing one record by one write: updates, the restoration of a holder, the deletion of an alias account.

use super::super::budget::Budget;
use super::super::database::{Collections, Exchanged, Expected, put, stamp};
use super::super::document;
use super::super::kind::Kind;
use super::super::names::{
    AUDIT, CLAIMS, DELETED_AT, DELETING, OPERATION, REVIVING, STATE, UNSETTLED, UPDATED_AT, VERSION,
};
use super::super::phase::Phase;
use super::super::settle::purged;
use super::super::standing::{Slot, Target};
use super::super::steps;
use super::super::values::date;
use super::replacement;
use crate::domain::alias_account::AliasAccount;
use crate::domain::ids::AliasAccountId;
use crate::registry::ports::record::{Change, Deletion, Purge};
use crate::registry::ports::store::{Commit, Refused, StoreError};
use mongodb::bson::{Bson, Document, doc};
use std::collections::BTreeSet;

/// Which record is changed, and in which phases it may be.
pub(super) struct From<'a> {
    pub(super) target: &'a Target,
    pub(super) revision: i64,
    pub(super) phases: &'static [Phase],
}

impl Collections {
    /// Puts a record as it shall be in the place of the one that was read; it is live from then on.
    pub(in super::super) async fn replace<T: Kind>(
        &self,
        budget: &Budget,
        change: &Change<T>,
        phases: &'static [Phase],
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let (organization, id) = (change.clear.organization(), change.clear.uuid());
        let target = Target { organization, id };
        let claims: BTreeSet<&str> = document::claims(&change.protected).into_iter().collect();
        loop {
            let from = From { target: &target, revision: change.revision, phases };
            match self.write::<T>(budget, from, replacement(change)?, slot).await? {
                Exchanged::Done => break,
                Exchanged::Missed => return Ok(Commit::Refused(Refused::Changed)),
                Exchanged::Conflict => {
                    if !self.taken::<T>(budget, organization, &claims, &[id]).await?.is_empty() {
                        return Ok(T::refused());
                    }
                }
            }
        }
        let restored = phases.contains(&Phase::Deleted);
        steps::at(if restored { "restore: written" } else { "update: written" }).await;
        Ok(Commit::Stored)
    }

    /// Soft-deletes an alias account.
    pub(in super::super) async fn delete_alias_account(
        &self,
        budget: &Budget,
        deletion: &Deletion<AliasAccountId>,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let target = Target { organization: deletion.organization, id: deletion.id.0 };
        let from = From { target: &target, revision: deletion.revision, phases: &[Phase::Live] };
        let end = self.write::<AliasAccount>(budget, from, burial(deletion)?, slot).await?;
        steps::at("delete: written").await;
        Ok(stored_or_changed(end))
    }

    /// Removes an alias account for good.
    pub(in super::super) async fn purge_alias_account(
        &self,
        budget: &Budget,
        purge: &Purge<AliasAccountId>,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let target = Target { organization: purge.organization, id: purge.id.0 };
        let phases = &[Phase::Live, Phase::Deleted];
        let from = From { target: &target, revision: purge.revision, phases };
        let update = purged(document::audit(&purge.audit)?);
        let end = self.write::<AliasAccount>(budget, from, update, slot).await?;
        steps::at("purge: written").await;
        Ok(stored_or_changed(end))
    }

    /// Changes a record by one compare-and-set. An operation that the record still carries is committed first, and a
    /// record that came with its holder is made live first. What others only announced falls away: they find another
    /// revision.
    pub(super) async fn write<T: Kind>(
        &self,
        budget: &Budget,
        from: From<'_>,
        mut update: Document,
        slot: Option<&Slot>,
    ) -> Result<Exchanged, StoreError> {
        put(&mut update, "$unset", DELETING, "");
        put(&mut update, "$unset", REVIVING, "");
        carry(&mut update, slot, self.lease());
        let From { target, revision, phases } = from;
        loop {
            let conditions = doc! { STATE: { "$in": Phase::names(phases) }, OPERATION: { "$exists": false } };
            let expected = Expected { target, revision, conditions, stamp: stamp() };
            let end = self.exchange(budget, self.records::<T>(), expected, update.clone()).await?;
            if end != Exchanged::Missed {
                return Ok(end);
            }
            let standing = self.standing(budget, self.records::<T>(), target).await?;
            let Some(standing) = standing.filter(|standing| standing.revision == revision) else {
                return Ok(Exchanged::Missed);
            };
            if standing.slot.is_none() && standing.phase != Phase::Joining {
                return Ok(Exchanged::Missed);
            }
            self.settle(budget, T::COLLECTION, &standing).await?;
        }
    }
}

/// A deciding write carries its operation, and nothing else is unfinished after it.
pub(super) fn carry(update: &mut Document, slot: Option<&Slot>, lease: Bson) {
    match slot {
        Some(slot) => {
            put(update, "$set", OPERATION, slot.document());
            put(update, "$set", UNSETTLED, lease);
            if let Ok(unset) = update.get_document_mut("$unset") {
                unset.remove(UNSETTLED);
            }
        }
        // What is set says that more is to be done.
        None if update.get_document("$set").is_ok_and(|set| set.contains_key(UNSETTLED)) => {
            if let Ok(unset) = update.get_document_mut("$unset") {
                unset.remove(UNSETTLED);
            }
        }
        None => put(update, "$unset", UNSETTLED, ""),
    }
}

/// The update that soft-deletes a record.
pub(super) fn burial<I>(deletion: &Deletion<I>) -> Result<Document, StoreError> {
    Ok(doc! {
        "$set": {
            STATE: Phase::Deleted.name(), DELETED_AT: date(deletion.at), UPDATED_AT: date(deletion.at),
            VERSION: deletion.version,
        },
        "$unset": { CLAIMS: "" },
        "$push": { AUDIT: { "$each": document::audit(&deletion.audit)? } },
    })
}

fn stored_or_changed(end: Exchanged) -> Commit {
    match end {
        Exchanged::Done => Commit::Stored,
        Exchanged::Missed | Exchanged::Conflict => Commit::Refused(Refused::Changed),
    }
}
