//! Entries that tell of no change of a record: one document each, in the form of a record that has an entry.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::document::audit;
use super::super::names::{AUDIT, ORGANIZATION};
use super::super::trouble::Trouble;
use super::super::values::{Fields, Wrong, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{AuditEntry, Recorded, derived_id};
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// So many are inserted by one command.
const AT_ONCE: usize = 1_000;

impl Collections {
    /// The id of a document tells its entry, so one whose insertion was answered late, or is carried out twice, is there
    /// once. One that is carried out after it was moved waits again, and is found in the trail.
    pub(super) async fn keep_entries(&self, entries: &[Recorded]) -> Result<(), StoreError> {
        let budget = Budget::of(self.timeout);
        for some in entries.chunks(AT_ONCE) {
            let documents = some.iter().map(|Recorded { organization, entry }| kept(*organization, entry));
            self.keep(&budget, documents.collect::<Result<_, _>>()?).await?;
        }
        Ok(())
    }

    async fn keep(&self, budget: &Budget, mut left: Vec<Document>) -> Result<(), StoreError> {
        while !left.is_empty() {
            match budget.run(self.audit_entries.insert_many(&left).ordered(false)).await {
                Ok(_) => return Ok(()),
                Err(Trouble::Duplicate) => {}
                Err(trouble) => budget.outlast(trouble).await?,
            }
            let before = left.len();
            self.leave_out_kept(budget, &mut left).await?;
            if left.len() == before {
                // Only where they were moved to the trail between the two.
                budget.wait_for("another call that keeps the same entries").await?;
            }
        }
        Ok(())
    }

    /// Of documents that were to be inserted, those stay that are not there.
    async fn leave_out_kept(&self, budget: &Budget, left: &mut Vec<Document>) -> Result<(), StoreError> {
        let all = |name: &str| -> Vec<Bson> {
            left.iter().filter_map(|document| document.get(name).cloned()).collect()
        };
        let theirs = doc! { ORGANIZATION: { "$in": all(ORGANIZATION) }, "_id": { "$in": all("_id") } };
        let there: Vec<Document> = budget
            .again(|| {
                let find = self.audit_entries.find(theirs.clone()).projection(doc! { "_id": 1 });
                async { find.await?.try_collect().await }
            })
            .await?;
        let there = there.iter().map(|document| Fields(document).uuid("_id"));
        let there: BTreeSet<Uuid> = there.collect::<Result<_, _>>()?;
        left.retain(|document| Fields(document).uuid("_id").is_ok_and(|id| !there.contains(&id)));
        Ok(())
    }
}

/// The document of an entry without a record.
pub(in super::super) fn kept(organization: OrganizationId, entry: &AuditEntry) -> Result<Document, Wrong> {
    // One without an id, of an earlier release, is told apart by nothing.
    let own = if entry.id.is_nil() { Uuid::new_v4() } else { entry.id };
    let id = derived_id(&[organization.as_bytes().as_slice(), own.as_bytes()]);
    Ok(doc! {
        "_id": uuid(id), ORGANIZATION: uuid(organization.0), AUDIT: audit(std::slice::from_ref(entry))?,
    })
}
