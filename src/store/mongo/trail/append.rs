//! Appending to a chain, and reading it in the order of its numbers.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{ENTRY_ID, MAC, NUMBER, ORGANIZATION, SEALED_AT};
use super::super::trouble::Trouble;
use super::super::values::{Fields, uuid};
use super::damaged;
use super::link::{above, document, head, id, link};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{TrailHead, TrailLink};
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use std::collections::HashSet;
use uuid::Uuid;

/// So many entries are looked for at once.
const AT_ONCE: usize = 1_000;

impl Collections {
    /// All in one command; what an earlier try of this call has appended is left out of the next one. Nothing is told
    /// before it is known which of them are there.
    pub(super) async fn append_links(
        &self,
        organization: OrganizationId,
        links: &[TrailLink],
    ) -> Result<bool, StoreError> {
        let budget = Budget::of(self.timeout);
        let documents = links.iter().map(|link| document(organization, link));
        let documents: Vec<Document> = documents.collect::<Result<_, _>>()?;
        let mut left = documents.as_slice();
        while !left.is_empty() {
            let refused = match budget.run(self.audit_trail.insert_many(left).ordered(true)).await {
                Ok(_) => return Ok(true),
                Err(Trouble::Duplicate) => true,
                Err(trouble) => {
                    budget.outlast(trouble).await?;
                    false
                }
            };
            let there = self.links_there(&budget, organization, left).await?;
            let ours = left.iter().zip(&there).take_while(|(own, there)| own == there).count();
            // Somebody else's in the place of one of ours, or an entry that has a link already.
            if there.len() > ours || refused && ours == 0 {
                return Ok(false);
            }
            left = left.get(ours..).unwrap_or_default();
        }
        Ok(true)
    }

    /// The links that have the numbers of these, in their order.
    async fn links_there(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        links: &[Document],
    ) -> Result<Vec<Document>, StoreError> {
        let ids: Vec<Bson> = links.iter().filter_map(|link| link.get("_id").cloned()).collect();
        let these = doc! { ORGANIZATION: uuid(organization.0), "_id": { "$in": ids } };
        let there = budget.again(|| {
            let find = self.audit_trail.find(these.clone()).sort(doc! { "_id": 1 });
            async { find.await?.try_collect().await }
        });
        Ok(there.await?)
    }

    /// One step along the ids. It may be a moment old: then appending to it is refused.
    pub(super) async fn trail_head(&self, organization: OrganizationId) -> Result<TrailHead, StoreError> {
        let budget = Budget::of(self.timeout);
        let all = doc! { ORGANIZATION: uuid(organization.0), "_id": above(organization, 0) };
        let fields = doc! { NUMBER: 1, MAC: 1, SEALED_AT: 1 };
        let last =
            || self.audit_trail.find_one(all.clone()).projection(fields.clone()).sort(doc! { "_id": -1 });
        if let Some(last) = budget.again(last).await? {
            return head(&last).map_err(damaged);
        }
        let checkpoint = self.checkpoint(organization).await?;
        Ok(checkpoint.map_or(TrailHead::NONE, |checkpoint| checkpoint.last))
    }

    pub(super) async fn chained(
        &self,
        organization: OrganizationId,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, StoreError> {
        let budget = Budget::of(self.timeout);
        let mut chained = HashSet::new();
        for some in ids.chunks(AT_ONCE) {
            let some: Vec<Bson> = some.iter().copied().map(uuid).collect();
            let these = doc! { ORGANIZATION: uuid(organization.0), ENTRY_ID: { "$in": some } };
            let found: Vec<Document> = budget
                .again(|| {
                    let find =
                        self.audit_trail.find(these.clone()).projection(doc! { ENTRY_ID: 1, "_id": 0 });
                    async { find.await?.try_collect().await }
                })
                .await?;
            for document in &found {
                chained.insert(Fields(document).uuid(ENTRY_ID).map_err(damaged)?);
            }
        }
        Ok(chained)
    }

    pub(super) async fn links_after(
        &self,
        organization: OrganizationId,
        number: u64,
        most: usize,
    ) -> Result<Vec<TrailLink>, StoreError> {
        if most == 0 {
            return Ok(Vec::new());
        }
        let budget = Budget::of(self.timeout);
        let theirs = doc! { ORGANIZATION: uuid(organization.0), "_id": above(organization, number) };
        let most = i64::from(u32::try_from(most).unwrap_or(u32::MAX));
        let found: Vec<Document> = budget
            .again(|| {
                let find = self.audit_trail.find(theirs.clone()).sort(doc! { "_id": 1 }).limit(most);
                async { find.await?.try_collect().await }
            })
            .await?;
        found.iter().map(link).collect::<Result<_, _>>().map_err(damaged)
    }

    /// Up to the checkpoint, which whoever removes links has moved before: a removal that is carried out late finds only
    /// what was to go.
    pub(super) async fn prune_links(
        &self,
        organization: OrganizationId,
        most: usize,
    ) -> Result<u64, StoreError> {
        let Some(checkpoint) = self.checkpoint(organization).await? else { return Ok(0) };
        let budget = Budget::of(self.timeout);
        let up_to = doc! { "$gte": id(organization, 0), "$lte": id(organization, checkpoint.last.number) };
        let theirs = doc! { ORGANIZATION: uuid(organization.0), "_id": up_to };
        let most = i64::from(u32::try_from(most.min(AT_ONCE)).unwrap_or(u32::MAX));
        if most == 0 {
            return Ok(0);
        }
        let found: Vec<Document> = budget
            .again(|| {
                let find = self.audit_trail.find(theirs.clone()).projection(doc! { "_id": 1 });
                let find = find.sort(doc! { "_id": 1 }).limit(most);
                async { find.await?.try_collect().await }
            })
            .await?;
        let ids: Vec<Bson> = found.iter().filter_map(|found| found.get("_id").cloned()).collect();
        let removed = ids.len() as u64;
        let these = doc! { ORGANIZATION: uuid(organization.0), "_id": { "$in": ids } };
        if removed > 0 {
            budget.again(|| self.audit_trail.delete_many(these.clone())).await?;
        }
        Ok(removed)
    }
}
