//! Removing a holder for good, and its soft-deleted alias accounts with it (rule 4).

use super::super::budget::Budget;
use super::super::database::{Collections, Exchanged, put};
use super::super::document;
use super::super::kind::Kind;
use super::super::names::{PURGING, UNSETTLED};
use super::super::phase::Phase;
use super::super::settle::purged;
use super::super::standing::{Slot, Target};
use super::super::steps;
use super::change::From;
use crate::domain::holder::Holder;
use crate::domain::ids::HolderId;
use crate::registry::ports::record::Purge;
use crate::registry::ports::store::{Commit, Refused, StoreError};

impl Collections {
    /// Marks the holder, looks for alias accounts, removes the holder, then those that it had.
    pub(in super::super) async fn purge_holder(
        &self,
        budget: &Budget,
        purge: &Purge<HolderId>,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let target = Target { organization: purge.organization, id: purge.id.0 };
        let phases = &[Phase::Live, Phase::Deleted];
        let mut from = From { target: &target, revision: purge.revision, phases };
        match self.mark(budget, &mut from, "purge holder: marked").await? {
            Some(refused) => return Ok(refused),
            None => steps::at("purge holder: looked").await,
        }
        let entries = document::audit(&purge.audit)?;
        let mut update = purged(entries.clone());
        put(&mut update, "$set", PURGING, entries);
        let end = self.removed(budget, from, update, slot).await?;
        if end != Exchanged::Done {
            return Ok(Commit::Refused(Refused::Changed));
        }
        steps::at("purge holder: purged").await;
        // The holder is gone. If this fails, others finish it: the holder's document asks for it.
        match self.standing(budget, &self.holders, &target).await? {
            Some(standing) => self.finish_purge(budget, Holder::COLLECTION, &standing).await?,
            None => return Err(StoreError::Damaged("a removed holder's document went away".to_owned())),
        }
        steps::at("purge holder: alias accounts purged").await;
        Ok(Commit::Stored)
    }

    /// The write that removes the holder; its alias accounts are left to do, with an operation or without.
    async fn removed(
        &self,
        budget: &Budget,
        from: From<'_>,
        mut update: mongodb::bson::Document,
        slot: Option<&Slot>,
    ) -> Result<Exchanged, StoreError> {
        if slot.is_none() {
            put(&mut update, "$set", UNSETTLED, self.lease());
        }
        self.write::<Holder>(budget, from, update, slot).await
    }
}
