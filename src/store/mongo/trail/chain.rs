//! What is kept of each chain beside its links: who may append to it, and where it begins. One document for each; its
//! two parts are written apart from each other, each by comparing itself only.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{CHECKPOINT, LEADER, MAC, NUMBER, ORGANIZATION, PROOF, SEALED_AT, UNTIL};
use super::super::trouble::Trouble;
use super::super::values::{Fields, Wrong, bytes, date, uuid};
use super::damaged;
use super::link::{head, mac, stored};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::Checkpoint;
use crate::registry::ports::store::StoreError;
use mongodb::bson::{Document, doc};
use uuid::Uuid;

/// The filter that finds a chain.
fn of(organization: OrganizationId) -> Document {
    doc! { ORGANIZATION: uuid(organization.0), "_id": uuid(organization.0) }
}

/// The same with another condition.
fn with(organization: OrganizationId, condition: Document) -> Document {
    let mut filter = of(organization);
    filter.extend(condition);
    filter
}

impl Collections {
    /// A try that is carried out late finds another leader, or makes the lease of its own one shorter: nothing depends on
    /// either.
    pub(super) async fn lead_trail(
        &self,
        organization: OrganizationId,
        leader: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let budget = Budget::of(self.timeout);
        let free = doc! { "$or": [
            { LEADER: uuid(leader) }, { UNTIL: { "$lte": date(now) } }, { LEADER: { "$exists": false } },
        ] };
        let lead = doc! { LEADER: uuid(leader), UNTIL: date(until) };
        let (free, first) = (with(organization, free), with(organization, lead.clone()));
        self.put_part(&budget, free, lead, first).await
    }

    pub(super) async fn checkpoint(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Checkpoint>, StoreError> {
        let budget = Budget::of(self.timeout);
        let chain = of(organization);
        let fields = doc! { CHECKPOINT: 1 };
        let find = || self.audit_chains.find_one(chain.clone()).projection(fields.clone());
        let found = budget.again(find).await?;
        Ok(found.as_ref().map(begin).transpose().map_err(damaged)?.flatten())
    }

    /// A try that is carried out late finds a larger number, or its own.
    pub(super) async fn set_checkpoint(
        &self,
        organization: OrganizationId,
        checkpoint: Checkpoint,
    ) -> Result<(), StoreError> {
        let budget = Budget::of(self.timeout);
        let Checkpoint { last, proof } = checkpoint;
        let number = stored(last.number)?;
        let older = doc! { "$or": [
            { format!("{CHECKPOINT}.{NUMBER}"): { "$lte": number } }, { CHECKPOINT: { "$exists": false } },
        ] };
        let moved = doc! { CHECKPOINT: {
            NUMBER: number, MAC: bytes(&last.mac.0), SEALED_AT: date(last.sealed_at), PROOF: bytes(&proof.0),
        } };
        let (older, first) = (with(organization, older), with(organization, moved.clone()));
        // False: the chain begins later already.
        self.put_part(&budget, older, moved, first).await.map(drop)
    }

    /// Puts a part of a chain's document where a condition lets it; makes the document where there is none.
    async fn put_part(
        &self,
        budget: &Budget,
        condition: Document,
        part: Document,
        first: Document,
    ) -> Result<bool, StoreError> {
        let part = doc! { "$set": part };
        // Once more where somebody else has made the document between the two.
        for _ in 0..2 {
            let put = budget.again(|| self.audit_chains.update_one(condition.clone(), part.clone())).await?;
            if put.matched_count > 0 {
                return Ok(true);
            }
            match budget.again(|| self.audit_chains.insert_one(&first)).await {
                Ok(_) => return Ok(true),
                Err(Trouble::Duplicate) => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Ok(false)
    }
}

/// Where a chain begins.
fn begin(document: &Document) -> Result<Option<Checkpoint>, Wrong> {
    let Some(checkpoint) = Fields(document).maybe(CHECKPOINT, Fields::document)? else { return Ok(None) };
    Ok(Some(Checkpoint { last: head(checkpoint.0)?, proof: mac(checkpoint, PROOF)? }))
}

/// The document of a chain, as far as this release knows it.
pub(in super::super) fn chain(document: &Document) -> Result<Option<Checkpoint>, Wrong> {
    let fields = Fields(document);
    if fields.uuid("_id")? != fields.uuid(ORGANIZATION)? {
        return Err(Wrong(ORGANIZATION));
    }
    fields.maybe(LEADER, Fields::uuid)?;
    fields.maybe(UNTIL, Fields::date)?;
    begin(document)
}
