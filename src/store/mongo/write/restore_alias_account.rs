//! Putting a soft-deleted alias account back, whose holder must be live (rule 5).

use super::super::budget::Budget;
use super::super::database::{Collections, Exchanged, Expected, stamp};
use super::super::document;
use super::super::kind::Kind;
use super::super::names::{OPERATION, REVIVING, REVIVING_TOKEN, STATE, TOKENS, UNSETTLED};
use super::super::phase::Phase;
use super::super::standing::{Slot, Standing, Target};
use super::super::steps;
use super::super::values::uuid;
use super::change::From;
use super::replacement;
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::record::Change;
use crate::registry::ports::store::{Commit, Refused, StoreError};
use mongodb::bson::doc;

impl Collections {
    /// Marks the alias account, looks at the holder, puts the alias account back.
    pub(in super::super) async fn restore_alias_account(
        &self,
        budget: &Budget,
        change: &Change<AliasAccount>,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let organization = change.clear.organization;
        let target = Target { organization, id: change.clear.id.0 };
        let holder = Target { organization, id: change.clear.holder_id.0 };
        if let Some(refused) = self.look_before(budget, change, &target, &holder).await? {
            return Ok(Commit::Refused(refused));
        }
        if !self.announce(budget, change, &target, &holder).await? {
            return Ok(Commit::Refused(Refused::Changed));
        }
        steps::at("restore alias account: marked").await;
        let revision = change.revision + 1;
        let claims = document::claims(&change.protected).into_iter().collect();
        let refused = loop {
            if !self.stays(budget, &holder).await? {
                break Refused::HolderNotLive;
            }
            if !self.still_ours(budget, organization, slot).await? {
                break Refused::Changed;
            }
            steps::at("restore alias account: holder seen").await;
            let from = From { target: &target, revision, phases: &[Phase::Deleted] };
            match self.write::<AliasAccount>(budget, from, replacement(change)?, slot).await? {
                Exchanged::Done => {
                    steps::at("restore alias account: live").await;
                    return Ok(Commit::Stored);
                }
                Exchanged::Missed => return Ok(Commit::Refused(Refused::Changed)),
                Exchanged::Conflict => {
                    let ours = [target.id];
                    let taken = self.taken::<AliasAccount>(budget, organization, &claims, &ours);
                    if !taken.await?.is_empty() {
                        break AliasAccount::taken();
                    }
                }
            }
        };
        if let Some(standing) = self.standing(budget, &self.alias_accounts, &target).await?
            && standing.revision == revision
        {
            self.take_back_mark(budget, AliasAccount::COLLECTION, &standing).await?;
        }
        Ok(Commit::Refused(refused))
    }

    /// What is refused as things are now: most calls that are refused are so before anything is written.
    async fn look_before(
        &self,
        budget: &Budget,
        change: &Change<AliasAccount>,
        target: &Target,
        holder: &Target,
    ) -> Result<Option<Refused>, StoreError> {
        let standing = self.standing(budget, &self.alias_accounts, target).await?;
        let as_read = |now: Standing| now.revision == change.revision && now.phase == Phase::Deleted;
        if !standing.is_some_and(as_read) {
            return Ok(Some(Refused::Changed));
        }
        if !self.is_live(budget, holder).await? {
            return Ok(Some(Refused::HolderNotLive));
        }
        let claims = document::claims(&change.protected).into_iter().collect();
        let taken = self.taken::<AliasAccount>(budget, target.organization, &claims, &[target.id]).await?;
        Ok((!taken.is_empty()).then(AliasAccount::taken))
    }

    /// Marks a deleted alias account, so that whoever is about to delete its holder sees it; false where it is not as it
    /// was read.
    async fn announce(
        &self,
        budget: &Budget,
        change: &Change<AliasAccount>,
        target: &Target,
        holder: &Target,
    ) -> Result<bool, StoreError> {
        loop {
            let conditions = doc! { STATE: Phase::Deleted.name(), OPERATION: { "$exists": false } };
            let stamp = stamp();
            let expected = Expected { target, revision: change.revision, conditions, stamp };
            let mark = doc! {
                "$set": { REVIVING: uuid(stamp), UNSETTLED: self.lease() },
                "$addToSet": { TOKENS: format!("{REVIVING_TOKEN}{}", holder.id) },
            };
            if self.exchange(budget, &self.alias_accounts, expected, mark).await? == Exchanged::Done {
                return Ok(true);
            }
            let standing = self.standing(budget, &self.alias_accounts, target).await?;
            match standing {
                Some(standing) if standing.revision == change.revision && standing.slot.is_some() => {
                    self.settle(budget, AliasAccount::COLLECTION, &standing).await?;
                }
                _ => return Ok(false),
            }
        }
    }
}
