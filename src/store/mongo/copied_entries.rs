//! The audit entries of a copy: many records are given theirs by one command.

use super::budget::Budget;
use super::database::{Collections, stamp};
use super::document;
use super::names::{AUDIT, ORGANIZATION};
use super::standing::Target;
use super::trail::kept;
use super::values::{Fields, Wrong, count, part, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::store::StoreError;
use crate::registry::ports::transfer::KeptEntry;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The entries of records of one organization, by their ids.
type OfRecords = BTreeMap<Uuid, Vec<Bson>>;

impl Collections {
    /// Adds entries to their records' documents; where a record was removed, to one that says no more than that. Those
    /// without a record become documents of their own.
    pub(super) async fn add_entries(&self, entries: Vec<KeptEntry>) -> Result<(), StoreError> {
        let mut all: BTreeMap<OrganizationId, OfRecords> = BTreeMap::new();
        let mut alone = Vec::new();
        for KeptEntry { organization, record, entry } in entries {
            let Some(record) = record else {
                alone.push(kept(organization, &entry)?);
                continue;
            };
            let of_records = all.entry(organization).or_default();
            of_records.entry(record).or_default().push(part(AUDIT, &entry)?);
        }
        self.put(&self.audit_entries, alone).await?;
        for (organization, mut left) in all {
            for collection in [&self.holders, &self.alias_accounts] {
                let there = self.which_are_there(collection, organization, left.keys()).await?;
                let (theirs, others) = left.into_iter().partition(|(id, _)| there.contains(id));
                self.push_entries(collection, organization, theirs).await?;
                left = others;
            }
            let removed = left
                .into_iter()
                .map(|(id, entries)| document::purged(&Target { organization, id }, stamp(), entries));
            self.put(&self.holders, removed.collect()).await?;
        }
        Ok(())
    }

    async fn which_are_there(
        &self,
        collection: &Collection<Document>,
        organization: OrganizationId,
        ids: impl Iterator<Item = &Uuid>,
    ) -> Result<BTreeSet<Uuid>, StoreError> {
        let ids: Vec<Bson> = ids.copied().map(uuid).collect();
        let these = doc! { ORGANIZATION: uuid(organization.0), "_id": { "$in": ids } };
        let budget = Budget::of(self.timeout);
        let found = budget.again(|| {
            let find = collection.find(these.clone()).projection(doc! { "_id": 1 });
            async { find.await?.try_collect::<Vec<Document>>().await }
        });
        Ok(found.await?.iter().map(|found| Fields(found).uuid("_id")).collect::<Result<_, Wrong>>()?)
    }

    /// One command with a statement for each record, which the driver has for no server but the newest.
    async fn push_entries(
        &self,
        collection: &Collection<Document>,
        organization: OrganizationId,
        of_records: OfRecords,
    ) -> Result<(), StoreError> {
        if of_records.is_empty() {
            return Ok(());
        }
        let statements = of_records.into_iter().map(|(id, entries)| {
            doc! {
                "q": Target { organization, id }.filter(),
                "u": { "$push": { AUDIT: { "$each": entries } } },
            }
        });
        let statements: Vec<Document> = statements.collect();
        let given = statements.len();
        let command = doc! {
            "update": collection.name(), "updates": statements, "ordered": false,
            "writeConcern": { "w": "majority", "j": true },
        };
        // Nothing is tried again: the copy begins anew where anything goes wrong.
        let told = Budget::of(self.timeout).run(self.database.run_command(command)).await?;
        if told.contains_key("writeErrors")
            || told.contains_key("writeConcernError")
            || count(&told, "n") != given
        {
            return Err(StoreError::Unavailable("some entries of the audit trail were not taken".to_owned()));
        }
        Ok(())
    }
}
