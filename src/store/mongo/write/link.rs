//! Linking an account to a holder.

use super::super::budget::Budget;
use super::super::database::{Collections, Inserted, NEVER_THERE};
use super::super::document;
use super::super::kind::Kind;
use super::super::names::{STAMP, STATE, UNSETTLED};
use super::super::phase::Phase;
use super::super::standing::{Slot, Target};
use super::super::steps;
use super::super::values::uuid;
use super::change::carry;
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::record::NewAliasAccount;
use crate::registry::ports::store::{Commit, Refused, StoreError};
use mongodb::bson::doc;
use uuid::Uuid;

impl Collections {
    /// Holds the account, looks at the holder, makes the alias account live.
    pub(in super::super) async fn link(
        &self,
        budget: &Budget,
        new: &NewAliasAccount,
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let (organization, id) = (new.clear.organization, new.clear.id.0);
        let target = Target { organization, id };
        let holder = Target { organization, id: new.clear.holder_id.0 };
        loop {
            let mut held = document::inserted(new, Phase::Held)?;
            held.insert(UNSETTLED, self.lease());
            let inserted = self.insert(budget, &self.alias_accounts, &target, held).await?;
            let Inserted::Done(stamp) = inserted else {
                if !self.is_live(budget, &holder).await? {
                    return Ok(Commit::Refused(Refused::HolderNotLive));
                }
                let claims = document::claims(&new.protected).into_iter().collect();
                if !self.taken::<AliasAccount>(budget, organization, &claims, &[id]).await?.is_empty() {
                    return Ok(AliasAccount::refused());
                }
                continue;
            };
            steps::at("link: held").await;
            let refused = if !self.stays(budget, &holder).await? {
                Refused::HolderNotLive
            } else if !self.still_ours(budget, organization, slot).await? {
                Refused::Changed
            } else {
                steps::at("link: holder seen").await;
                if self.make_live(budget, AliasAccount::COLLECTION, &target, stamp, slot).await? {
                    steps::at("link: live").await;
                    return Ok(Commit::Stored);
                }
                // Somebody took it back, for this call had its time.
                continue;
            };
            let held = target.with(doc! { STATE: Phase::Held.name(), STAMP: uuid(stamp) });
            budget.again(|| self.alias_accounts.delete_one(held.clone())).await?;
            return Ok(Commit::Refused(refused));
        }
    }

    /// Makes a held record live; false where somebody took it back.
    pub(super) async fn make_live(
        &self,
        budget: &Budget,
        collection: &str,
        target: &Target,
        stamp: Uuid,
        slot: Option<&Slot>,
    ) -> Result<bool, StoreError> {
        let held = target.with(doc! { STATE: Phase::Held.name(), STAMP: uuid(stamp) });
        let mut update = doc! { "$set": { STATE: Phase::Live.name() } };
        carry(&mut update, slot, self.lease());
        let made = budget.again(|| self.named(collection).update_one(held.clone(), update.clone())).await?;
        if made.matched_count > 0 {
            return Ok(true);
        }
        // Only this write makes it live, so if it is or was, an answer was lost.
        let now = self.fresh_standing(budget, self.named(collection), target).await?;
        Ok(now.is_some_and(|now| now.phase != Phase::Held && now.stamp != NEVER_THERE))
    }
}
