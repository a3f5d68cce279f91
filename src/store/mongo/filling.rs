//! The mark of a copy: a document in `layout` that says that the database is being filled, and by which copy. Nobody
//! serves a database that has one.
//!
//! Whoever begins a copy puts its mark and looks for documents then; whoever begins to serve writes the check values of
//! its keys and looks for a mark then. So of two that pass each other at least one notices the other.
//!
//! A mark alone allows nothing. Only one under which the database was found empty says that what is there came with a
//! copy and may be removed by the next one. Each change of a mark expects the stamp of the copy that it is of, so a copy
//! that was overtaken changes nothing any more.

use super::budget::Budget;
use super::database::Collections;
use super::names::STAMP;
use super::trouble::Trouble;
use super::values::uuid;
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

/// The id of the mark.
const COPY: &str = "copy";

/// The field of a mark under which the database was found empty.
const FOUND_EMPTY: &str = "foundEmpty";

/// So many documents are removed by one command.
const REMOVED_AT_ONCE: i64 = 1_000;

/// What a mark says.
struct Mark {
    /// By this a copy knows its own.
    stamp: Bson,
    found_empty: bool,
}

impl Mark {
    fn read(document: &Document) -> Self {
        Self {
            stamp: document.get(STAMP).cloned().unwrap_or(Bson::Null),
            found_empty: document.get_bool(FOUND_EMPTY).unwrap_or(false),
        }
    }
}

fn mark_of(stamp: Bson) -> Document {
    doc! { "_id": COPY, STAMP: stamp }
}

impl Collections {
    /// Whether a copy into this database has not ended.
    pub(super) async fn is_being_filled(&self, budget: &Budget) -> Result<bool, StoreError> {
        Ok(self.copy_mark(budget).await?.is_some())
    }

    /// Whether the copy with this stamp is still the one.
    pub(super) async fn is_filled_by(&self, budget: &Budget, copy: Uuid) -> Result<bool, StoreError> {
        Ok(self.copy_mark(budget).await?.is_some_and(|mark| mark.stamp == uuid(copy)))
    }

    /// Makes this copy the one, in a database without anything else than what a copy left that did not end; otherwise
    /// tells what is there.
    pub(super) async fn fill_by(&self, copy: Uuid) -> Result<Option<String>, StoreError> {
        let (budget, layout, ours) = (Budget::of(self.timeout), self.layout(), uuid(copy));
        // After each step the mark is read again: the step may have been done by an earlier try, or be overtaken.
        loop {
            match self.copy_mark(&budget).await? {
                None => match self.anything(&budget).await? {
                    Some(there) => return Ok(Some(there)),
                    None => self.put_copy_mark(&budget, ours.clone()).await?,
                },
                Some(mark) if mark.stamp != ours => {
                    self.change_copy_mark(&budget, mark.stamp, doc! { STAMP: ours.clone() }).await?;
                }
                Some(mark) if mark.found_empty => return Ok(None),
                Some(_) => match self.anything(&budget).await? {
                    Some(there) => {
                        budget.again(|| layout.delete_one(mark_of(ours.clone()))).await?;
                        return Ok(Some(there));
                    }
                    None => self.change_copy_mark(&budget, ours.clone(), doc! { FOUND_EMPTY: true }).await?,
                },
            }
        }
    }

    /// Removes what a copy left, for as long as this copy is the one.
    pub(super) async fn empty_for(&self, copy: Uuid) -> Result<(), StoreError> {
        for collection in self.filled() {
            self.empty(collection, copy).await?;
        }
        Ok(())
    }

    /// Takes the mark off; false where another copy has begun since.
    pub(super) async fn end_filling(&self, copy: Uuid) -> Result<bool, StoreError> {
        let budget = Budget::of(self.timeout);
        // Tried once: a repeat of one that was done would miss.
        Ok(budget.run(self.layout().delete_one(mark_of(uuid(copy)))).await?.deleted_count > 0)
    }

    fn layout(&self) -> Collection<Document> {
        self.database.collection("layout")
    }

    /// The collections that a copy fills.
    fn filled(&self) -> [&Collection<Document>; 7] {
        [
            &self.holders,
            &self.alias_accounts,
            &self.operations,
            &self.key_checks,
            &self.audit_entries,
            &self.audit_trail,
            &self.audit_chains,
        ]
    }

    async fn copy_mark(&self, budget: &Budget) -> Result<Option<Mark>, StoreError> {
        let found = self.at_this_moment(budget, &self.layout(), doc! { "_id": COPY }).await?;
        Ok(found.as_ref().map(Mark::read))
    }

    async fn put_copy_mark(&self, budget: &Budget, ours: Bson) -> Result<(), StoreError> {
        let layout = self.layout();
        match budget.again(|| layout.insert_one(mark_of(ours.clone()))).await {
            Ok(_) | Err(Trouble::Duplicate) => Ok(()),
            Err(trouble) => Err(trouble.into()),
        }
    }

    async fn change_copy_mark(
        &self,
        budget: &Budget,
        stamp: Bson,
        change: Document,
    ) -> Result<(), StoreError> {
        let (layout, change) = (self.layout(), doc! { "$set": change });
        budget.again(|| layout.update_one(mark_of(stamp.clone()), change.clone())).await?;
        Ok(())
    }

    /// What the database holds, if anything.
    async fn anything(&self, budget: &Budget) -> Result<Option<String>, StoreError> {
        for collection in self.filled() {
            if self.at_this_moment(budget, collection, doc! {}).await?.is_some() {
                return Ok(Some(format!("documents in the collection `{}`", collection.name())));
            }
        }
        Ok(None)
    }

    /// The id of a document, and what a mark says, as they are at this very moment: who writes first and looks then must
    /// not be answered from before.
    async fn at_this_moment(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        filter: Document,
    ) -> Result<Option<Document>, StoreError> {
        let fields = doc! { STAMP: 1, FOUND_EMPTY: 1 };
        let find = || self.freshly(self.now(collection).find_one(filter.clone()).projection(fields.clone()));
        Ok(budget.again(find).await?)
    }

    /// Removes all documents, some at a time: one command for a large collection would not end in its time.
    async fn empty(&self, collection: &Collection<Document>, copy: Uuid) -> Result<(), StoreError> {
        loop {
            let budget = Budget::of(self.timeout);
            if !self.is_filled_by(&budget, copy).await? {
                return Ok(());
            }
            let some = budget.again(|| {
                let find = collection.find(doc! {}).projection(doc! { "_id": 1 }).limit(REMOVED_AT_ONCE);
                async { find.await?.try_collect::<Vec<Document>>().await }
            });
            let ids: Vec<Bson> = some.await?.iter().filter_map(|found| found.get("_id").cloned()).collect();
            if ids.is_empty() {
                return Ok(());
            }
            let these = doc! { "_id": { "$in": ids } };
            budget.again(|| collection.delete_many(these.clone())).await?;
        }
    }
}
