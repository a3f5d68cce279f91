//! Creating a holder, with its first alias accounts where an onboarding brings some.

use super::super::budget::Budget;
use super::super::database::{Collections, Inserted};
use super::super::document;
use super::super::kind::Kind;
use super::super::names::{ORGANIZATION, STAMP, STATE, UNSETTLED};
use super::super::phase::Phase;
use super::super::standing::{Slot, Target};
use super::super::steps;
use super::super::trouble::Trouble;
use super::super::values::{Fields, uuid};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::{Commit, Refused, StoreError, Taken};
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Collections {
    /// Holds the document, then the accounts in the order of their claims (so that two calls never wait for each
    /// other), then makes the holder live: its alias accounts are there from that moment on.
    pub(in super::super) async fn create_holder(
        &self,
        budget: &Budget,
        holder: &NewHolder,
        alias_accounts: &[NewAliasAccount],
        slot: Option<&Slot>,
    ) -> Result<Commit, StoreError> {
        let organization = holder.clear.organization;
        let target = Target { organization, id: holder.clear.id.0 };
        let is_of_another = |new: &NewAliasAccount| {
            (new.clear.organization, new.clear.holder_id) != (organization, holder.clear.id)
        };
        if alias_accounts.iter().any(is_of_another) {
            return Ok(Commit::Refused(Refused::HolderNotLive));
        }
        if let Some(repeated) = repeated(alias_accounts) {
            return self.refuse(budget, holder, alias_accounts, repeated).await;
        }
        let alone = alias_accounts.is_empty() && slot.is_none();
        loop {
            let phase = if alone { Phase::Live } else { Phase::Held };
            let mut document = document::inserted(holder, phase)?;
            if !alone {
                document.insert(UNSETTLED, self.lease());
            }
            let Inserted::Done(stamp) = self.insert(budget, &self.holders, &target, document).await? else {
                let end = self.refuse(budget, holder, alias_accounts, BTreeSet::new()).await?;
                if end != Commit::Stored {
                    return Ok(end);
                }
                continue;
            };
            if alone {
                steps::at("create: live").await;
                return Ok(Commit::Stored);
            }
            steps::at("create: holder held").await;
            let refused = match self.join(budget, holder, alias_accounts, stamp).await? {
                Some(refused) => refused,
                None if !self.still_ours(budget, organization, slot).await? => {
                    Commit::Refused(Refused::Changed)
                }
                None => {
                    steps::at("create: alias accounts joining").await;
                    if self.make_live(budget, Holder::COLLECTION, &target, stamp, slot).await? {
                        steps::at("create: live").await;
                        self.joined(budget, &target, alias_accounts).await;
                        return Ok(Commit::Stored);
                    }
                    // Somebody took it back, for this call had its time. What came after that goes too.
                    self.take_back_joining(budget, &target, stamp).await?;
                    continue;
                }
            };
            let held = target.with(doc! { STATE: Phase::Held.name(), STAMP: uuid(stamp) });
            budget.again(|| self.holders.delete_one(held.clone())).await?;
            self.take_back_joining(budget, &target, stamp).await?;
            return Ok(refused);
        }
    }

    /// They are there already; this only spares readers a look at the holder.
    async fn joined(&self, budget: &Budget, holder: &Target, alias_accounts: &[NewAliasAccount]) {
        if alias_accounts.is_empty() {
            return;
        }
        if let Err(error) = self.settle_joined(budget, holder).await {
            tracing::warn!(%error, "the alias accounts of a new holder are settled by whoever meets them");
        }
        steps::at("create: alias accounts live").await;
    }

    /// Inserts the alias accounts; where claims of theirs are taken, the refusal that tells which.
    async fn join(
        &self,
        budget: &Budget,
        holder: &NewHolder,
        alias_accounts: &[NewAliasAccount],
        stamp: Uuid,
    ) -> Result<Option<Commit>, StoreError> {
        let mut left = Vec::with_capacity(alias_accounts.len());
        let mut ordered: Vec<&NewAliasAccount> = alias_accounts.iter().collect();
        ordered.sort_by(|a, b| a.protected.claims.cmp(&b.protected.claims));
        for new in ordered {
            let mut document = document::inserted(new, Phase::Joining)?;
            document.insert(STAMP, uuid(stamp));
            left.push(document);
        }
        while !left.is_empty() {
            let insert = || {
                for document in &mut left {
                    document.insert(UNSETTLED, self.lease());
                }
                self.alias_accounts.insert_many(&left).ordered(true)
            };
            let end = budget.compete(self.turns(), holder.clear.organization, insert).await;
            let conflict = match end {
                Ok(_) => return Ok(None),
                Err(Trouble::Duplicate | Trouble::LostRace(_)) => true,
                Err(trouble) => {
                    budget.outlast(trouble).await?;
                    false
                }
            };
            let before = left.len();
            self.leave_out_inserted(budget, holder, &mut left, stamp).await?;
            if conflict && left.len() == before {
                let end = self.refuse(budget, holder, alias_accounts, BTreeSet::new()).await?;
                if end != Commit::Stored {
                    return Ok(Some(end));
                }
                budget.wait_for("another call that wants the same account").await?;
                self.go_on_holding(budget, holder, stamp).await?;
            }
        }
        Ok(None)
    }

    /// Begins the lease of a held holder anew, for what comes next may have to wait for its turn. Where somebody took the
    /// holder back, making it live finds that out.
    async fn go_on_holding(
        &self,
        budget: &Budget,
        holder: &NewHolder,
        stamp: Uuid,
    ) -> Result<(), StoreError> {
        let target = Target { organization: holder.clear.organization, id: holder.clear.id.0 };
        let held = target.with(doc! { STATE: Phase::Held.name(), STAMP: uuid(stamp) });
        let anew = doc! { "$set": { UNSETTLED: self.lease() } };
        budget.again(|| self.holders.update_one(held.clone(), anew.clone())).await?;
        Ok(())
    }

    /// Of documents that were to be inserted, those stay that are not there.
    async fn leave_out_inserted(
        &self,
        budget: &Budget,
        holder: &NewHolder,
        left: &mut Vec<Document>,
        stamp: Uuid,
    ) -> Result<(), StoreError> {
        let ids: Vec<_> = left.iter().filter_map(|document| document.get("_id").cloned()).collect();
        let ours = doc! {
            ORGANIZATION: uuid(holder.clear.organization.0), "_id": { "$in": ids }, STAMP: uuid(stamp),
        };
        let there: Vec<Document> = budget
            .again(|| {
                let find = self.alias_accounts.find(ours.clone()).projection(doc! { "_id": 1 });
                async { find.await?.try_collect().await }
            })
            .await?;
        let there = there.iter().map(|document| Fields(document).uuid("_id"));
        let there: BTreeSet<Uuid> = there.collect::<Result<_, _>>()?;
        left.retain(|document| Fields(document).uuid("_id").is_ok_and(|id| !there.contains(&id)));
        Ok(())
    }

    /// The refusal that tells all whose claims are taken; stored where nothing is in the way any more.
    async fn refuse(
        &self,
        budget: &Budget,
        holder: &NewHolder,
        alias_accounts: &[NewAliasAccount],
        mut places: BTreeSet<usize>,
    ) -> Result<Commit, StoreError> {
        let organization = holder.clear.organization;
        let document = document::claims(&holder.protected).into_iter().collect();
        let held = self.taken::<Holder>(budget, organization, &document, &[holder.clear.id.0]).await?;
        let accounts = alias_accounts.iter().flat_map(|new| document::claims(&new.protected)).collect();
        let ids: Vec<Uuid> = alias_accounts.iter().map(|new| new.clear.id.0).collect();
        let linked = self.taken::<AliasAccount>(budget, organization, &accounts, &ids).await?;
        for (place, new) in alias_accounts.iter().enumerate() {
            if document::claims(&new.protected).into_iter().any(|claim| linked.contains(claim)) {
                places.insert(place);
            }
        }
        let taken = Taken { holder: !held.is_empty(), alias_accounts: places.into_iter().collect() };
        Ok(if taken == Taken::default() { Commit::Stored } else { Commit::Refused(Refused::Taken(taken)) })
    }
}

/// The places of alias accounts whose claims one before them has too, where there are such.
fn repeated(alias_accounts: &[NewAliasAccount]) -> Option<BTreeSet<usize>> {
    let mut seen = BTreeSet::new();
    let mut places = BTreeSet::new();
    for (place, new) in alias_accounts.iter().enumerate() {
        let claims = document::claims(&new.protected);
        if claims.iter().any(|claim| seen.contains(claim)) {
            places.insert(place);
        }
        seen.extend(claims);
    }
    (!places.is_empty()).then_some(places)
}
