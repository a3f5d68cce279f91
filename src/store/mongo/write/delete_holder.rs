//! Soft-deleting a holder that has no live alias account (rule 3).

use super::super::budget::Budget;
use super::super::database::{Collections, Exchanged, Expected, stamp};
use super::super::kind::Kind;
use super::super::names::{DELETING, ORGANIZATION, REVIVING_TOKEN, STATE, TOKENS, UNSETTLED};
use super::super::phase::Phase;
use super::super::settle::of_holder;
use super::super::standing::{Slot, Target};
use super::super::steps;
use super::super::values::uuid;
use super::change::{From, burial};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::HolderId;
use crate::domain::time::Timestamp;
use crate::registry::ports::record::Deletion;
use crate::registry::ports::store::{Commit, Refused, StoreError};
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// So many alias accounts that others are at work with are looked at in one round.
const LOOKED_AT: i64 = 16;

/// What keeps a holder from being deleted.
pub(super) enum Needed {
    /// A live alias account.
    Yes,
    /// None.
    No,
    /// Perhaps one that somebody is about to link or to restore.
    Undecided,
}

impl Collections {
    /// Marks the holder, looks for alias accounts, then deletes it.
    pub(in super::super) async fn delete_holder(
        &self,
        budget: &Budget,
        deletion: &Deletion<HolderId>,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let target = Target { organization: deletion.organization, id: deletion.id.0 };
        let mut from = From { target: &target, revision: deletion.revision, phases: &[Phase::Live] };
        match self.mark(budget, &mut from, "delete holder: marked").await? {
            Some(refused) => return Ok(refused),
            None => steps::at("delete holder: looked").await,
        }
        let end = self.write::<Holder>(budget, from, burial(deletion)?, slot).await?;
        steps::at("delete holder: deleted").await;
        Ok(match end {
            Exchanged::Done => Commit::Stored,
            Exchanged::Missed | Exchanged::Conflict => Commit::Refused(Refused::Changed),
        })
    }

    /// Marks a holder so that nobody links to it any more, and makes sure that it has no live alias account; the
    /// revision that is expected from then on is put into `from`. Gives the refusal where it may not go.
    pub(super) async fn mark(
        &self,
        budget: &Budget,
        from: &mut From<'_>,
        step: &'static str,
    ) -> Result<Option<Commit>, StoreError> {
        let changed = Some(Commit::Refused(Refused::Changed));
        // Most holders that may not go are told so before anything is written.
        let before = self.standing(budget, &self.holders, from.target).await?;
        let is_as_read = |phase| from.phases.contains(&phase);
        if !before.is_some_and(|now| now.revision == from.revision && is_as_read(now.phase)) {
            return Ok(changed);
        }
        if let Needed::Yes = self.needed(budget, from.target).await? {
            return Ok(Some(Commit::Refused(Refused::HasAliasAccounts)));
        }
        loop {
            let stamp = stamp();
            if !self.set_mark(budget, from, stamp).await? {
                return Ok(changed);
            }
            steps::at(step).await;
            let needed = self.needed(budget, from.target).await?;
            if let Needed::No = needed {
                return Ok(None);
            }
            // Whoever links waits for this mark, so it goes before this call waits for them.
            if !self.unset_mark(budget, from, stamp).await? {
                return Ok(changed);
            }
            if let Needed::Yes = needed {
                return Ok(Some(Commit::Refused(Refused::HasAliasAccounts)));
            }
            budget.wait_for("another call that links an account to the holder").await?;
        }
    }

    async fn set_mark(&self, budget: &Budget, from: &mut From<'_>, stamp: Uuid) -> Result<bool, StoreError> {
        loop {
            let conditions = doc! {
                STATE: { "$in": Phase::names(from.phases) }, super::super::names::OPERATION: { "$exists": false },
            };
            let expected = Expected { target: from.target, revision: from.revision, conditions, stamp };
            let mark = doc! { "$set": { DELETING: uuid(stamp), UNSETTLED: self.lease() } };
            if self.exchange(budget, &self.holders, expected, mark).await? == Exchanged::Done {
                from.revision += 1;
                return Ok(true);
            }
            let standing = self.standing(budget, &self.holders, from.target).await?;
            match standing {
                Some(standing) if standing.revision == from.revision && standing.slot.is_some() => {
                    self.settle(budget, Holder::COLLECTION, &standing).await?;
                }
                _ => return Ok(false),
            }
        }
    }

    async fn unset_mark(&self, budget: &Budget, from: &mut From<'_>, mark: Uuid) -> Result<bool, StoreError> {
        let conditions = doc! { DELETING: uuid(mark) };
        let expected = Expected { target: from.target, revision: from.revision, conditions, stamp: stamp() };
        let update = doc! { "$unset": { DELETING: "", UNSETTLED: "" } };
        let end = self.exchange(budget, &self.holders, expected, update).await?;
        from.revision += 1;
        Ok(end == Exchanged::Done)
    }

    /// Whether a holder has live alias accounts. Those that nobody finished in time are settled first.
    pub(super) async fn needed(&self, budget: &Budget, holder: &Target) -> Result<Needed, StoreError> {
        // The live ones last: all others only ever become live.
        let mut needed = Needed::No;
        for filter in [of_holder(holder, Phase::Joining), of_holder(holder, Phase::Held), reviving(holder)] {
            for standing in self.standings(budget, &self.alias_accounts, filter, LOOKED_AT).await? {
                needed = Needed::Undecided;
                if standing.phase == Phase::Joining {
                    if self.has_joined(budget, &standing).await? {
                        return Ok(Needed::Yes);
                    }
                    self.settle(budget, AliasAccount::COLLECTION, &standing).await?;
                } else if standing.is_overdue(Timestamp::now()) {
                    self.settle(budget, AliasAccount::COLLECTION, &standing).await?;
                }
            }
        }
        let live = of_holder(holder, Phase::Live);
        let live = self.standings(budget, &self.alias_accounts, live, 1).await?;
        Ok(if live.is_empty() { needed } else { Needed::Yes })
    }
}

/// Deleted alias accounts of a holder that somebody is about to restore.
pub(in super::super) fn reviving(holder: &Target) -> Document {
    doc! {
        ORGANIZATION: uuid(holder.organization.0),
        TOKENS: format!("{REVIVING_TOKEN}{}", holder.id),
        STATE: Phase::Deleted.name(),
    }
}
