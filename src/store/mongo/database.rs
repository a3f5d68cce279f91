//! The few ways in which single documents are read and written.

use super::budget::Budget;
use super::document;
use super::names::{REVISION, STAMP, UNSETTLED};
use super::standing::{Standing, Target};
use super::trouble::Trouble;
use super::values::{Wrong, date, uuid};
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::action::FindOne;
use mongodb::bson::{Bson, Document, doc};
use std::time::Duration;
use uuid::Uuid;

pub(super) use super::connection::Collections;

/// So long whoever began something is left alone with it. Nothing depends on it but how soon others go on: whoever
/// comes late finds that it was settled.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// The stamp of a document that only uses up an id: it never was a record.
pub(super) const NEVER_THERE: Uuid = Uuid::nil();

/// The end of an insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    /// The document is there, with this stamp.
    Done(Uuid),
    /// Another document holds a claim of it, or a race for a lock was lost, most likely to one that wants the same;
    /// this one is not there and never will be. Whoever calls looks whose the claims are, and repeats it where they are
    /// nobody's.
    Conflict,
}

/// The end of a compare-and-set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchanged {
    Done,
    /// The document is not as expected; nothing was written.
    Missed,
    /// Another document holds a claim of it; nothing was written.
    Conflict,
}

impl From<Wrong> for StoreError {
    fn from(wrong: Wrong) -> Self {
        Self::Unreadable(wrong.to_string())
    }
}

/// The id of a write.
pub(super) fn stamp() -> Uuid {
    Uuid::new_v4()
}

impl Collections {
    /// The end of a lease that begins now.
    pub(super) fn lease(&self) -> Bson {
        date(Timestamp::now().plus(i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX)))
    }

    /// A record as a write must know it.
    pub(super) async fn standing(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
    ) -> Result<Option<Standing>, StoreError> {
        let find = || self.now(collection).find_one(target.filter()).projection(Standing::projection());
        let found = budget.again(find).await?;
        Ok(found.as_ref().map(Standing::read).transpose()?)
    }

    /// The same, as it is at this very moment, whatever happens to the primary.
    pub(super) async fn fresh_standing(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
    ) -> Result<Option<Standing>, StoreError> {
        let find = || {
            let find = self.now(collection).find_one(target.filter());
            self.freshly(find.projection(Standing::projection()))
        };
        let found = budget.again(find).await?;
        Ok(found.as_ref().map(Standing::read).transpose()?)
    }

    /// A look for one document that no primary answers which was replaced.
    pub(super) fn freshly<'a>(&self, find: FindOne<'a, Document>) -> FindOne<'a, Document> {
        match &self.fresh {
            Some(fresh) => find.read_concern(fresh.clone()).max_time(self.timeout),
            None => find,
        }
    }

    /// All that a filter finds, as writes must know them.
    pub(super) async fn standings(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        filter: Document,
        most: i64,
    ) -> Result<Vec<Standing>, StoreError> {
        let found: Vec<Document> = budget
            .again(|| {
                let find = self.now(collection).find(filter.clone());
                let find = find.projection(Standing::projection()).limit(most);
                let find = match &self.fresh {
                    Some(fresh) => find.read_concern(fresh.clone()).max_time(self.timeout),
                    None => find,
                };
                async { find.await?.try_collect().await }
            })
            .await?;
        Ok(found.iter().map(Standing::read).collect::<Result<_, _>>()?)
    }

    /// Inserts a record's document, which has an id that nobody else uses. Each try leaves a stamp of its own, and begins
    /// a lease if there is one: a try that is carried out late is never taken for another, which was gone on with and
    /// perhaps taken back since.
    pub(super) async fn insert(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
        mut document: Document,
    ) -> Result<Inserted, StoreError> {
        let mut doubtful = Vec::new();
        loop {
            let stamp = stamp();
            document.insert(STAMP, uuid(stamp));
            // The lease begins with the command, not with the wait for a turn.
            let insert = || {
                if document.contains_key(UNSETTLED) {
                    document.insert(UNSETTLED, self.lease());
                }
                self.now(collection).insert_one(&document)
            };
            match budget.compete(self.turns(), target.organization, insert).await {
                Ok(_) => return Ok(Inserted::Done(stamp)),
                Err(Trouble::Duplicate) => {}
                // A race for one claim ends so on some servers.
                Err(Trouble::LostRace(_)) if doubtful.is_empty() => return Ok(Inserted::Conflict),
                Err(Trouble::LostRace(_)) => continue,
                Err(trouble) => {
                    if let Trouble::Doubtful(_) = trouble {
                        doubtful.push(stamp);
                    }
                    budget.outlast(trouble).await?;
                    continue;
                }
            }
            match self.standing(budget, collection, target).await? {
                // An earlier try was carried out, though its answer was lost.
                Some(now) if doubtful.contains(&now.stamp) => return Ok(Inserted::Done(now.stamp)),
                Some(_) => return Err(Trouble::Duplicate.into()),
                // An earlier try may still be on its way, so its id is used up before anybody is told.
                None if !doubtful.is_empty() && !self.fence(budget, collection, target).await? => {}
                None => return Ok(Inserted::Conflict),
            }
        }
    }

    /// Uses up an id; false where a record has it.
    async fn fence(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
    ) -> Result<bool, StoreError> {
        let tombstone = document::purged(target, NEVER_THERE, Vec::new());
        match budget.again(|| self.now(collection).insert_one(&tombstone)).await {
            Ok(_) => Ok(true),
            Err(Trouble::Duplicate) => {
                let now = self.standing(budget, collection, target).await?;
                Ok(now.is_some_and(|now| now.stamp == NEVER_THERE))
            }
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// Changes a record that has this revision and fulfils these conditions; the revision goes up. Stamp and
    /// revision are set here, whatever the update says of them.
    pub(super) async fn exchange(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        expected: Expected<'_>,
        mut update: Document,
    ) -> Result<Exchanged, StoreError> {
        let Expected { target, revision, conditions, stamp } = expected;
        let mut filter = target.with(conditions);
        filter.insert(REVISION, revision);
        put(&mut update, "$set", STAMP, uuid(stamp));
        put(&mut update, "$inc", REVISION, 1_i64);
        let mut doubtful = false;
        loop {
            let change = || self.now(collection).update_one(filter.clone(), update.clone());
            match budget.compete(self.turns(), target.organization, change).await {
                Ok(end) if end.matched_count > 0 => return Ok(Exchanged::Done),
                Ok(_) if doubtful => {
                    return self.recognise(budget, collection, target, revision, stamp).await;
                }
                Ok(_) => return Ok(Exchanged::Missed),
                // An earlier try may still be on its way, and find the claim free.
                Err(Trouble::Duplicate) if doubtful => {
                    return self.recognise(budget, collection, target, revision, stamp).await;
                }
                Err(Trouble::Duplicate) => return Ok(Exchanged::Conflict),
                Err(Trouble::LostRace(_)) => {}
                Err(trouble) => {
                    doubtful |= matches!(trouble, Trouble::Doubtful(_));
                    budget.outlast(trouble).await?;
                }
            }
        }
    }

    /// Whether a compare-and-set whose answer was lost was carried out. It will not be any more once this is told.
    async fn recognise(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
        revision: i64,
        stamp: Uuid,
    ) -> Result<Exchanged, StoreError> {
        loop {
            match self.standing(budget, collection, target).await? {
                Some(now) if now.stamp == stamp => return Ok(Exchanged::Done),
                Some(now) if now.revision == revision => {
                    if self.use_up(budget, collection, target, revision).await? {
                        return Ok(Exchanged::Missed);
                    }
                }
                // One write came after the one that was read, and that is another's.
                Some(now) if now.revision == revision + 1 => return Ok(Exchanged::Missed),
                _ => return Err(StoreError::Unavailable(
                    "the answer to a write was lost, and others wrote since: whether it was carried out is not known"
                        .to_owned(),
                )),
            }
        }
    }

    /// Raises a revision and changes nothing else, so that a write which goes by it misses; false where another write
    /// was faster.
    pub(super) async fn use_up(
        &self,
        budget: &Budget,
        collection: &Collection<Document>,
        target: &Target,
        revision: i64,
    ) -> Result<bool, StoreError> {
        let stamp = stamp();
        let there = target.with(doc! { REVISION: revision });
        let raise = doc! { "$set": { STAMP: uuid(stamp) }, "$inc": { REVISION: 1_i64 } };
        let raised = budget.again(|| self.now(collection).update_one(there.clone(), raise.clone())).await?;
        if raised.matched_count > 0 {
            return Ok(true);
        }
        let now = self.standing(budget, collection, target).await?;
        Ok(now.is_some_and(|now| now.stamp == stamp))
    }
}

/// What a compare-and-set expects, and the stamp that it leaves.
pub(super) struct Expected<'a> {
    pub(super) target: &'a Target,
    pub(super) revision: i64,
    pub(super) conditions: Document,
    pub(super) stamp: Uuid,
}

/// Puts a field into one part of an update, which is made where it is missing.
pub(super) fn put(update: &mut Document, operator: &str, name: &str, value: impl Into<Bson>) {
    let value = value.into();
    match update.get_document_mut(operator) {
        Ok(part) => {
            part.insert(name, value);
        }
        Err(_) => {
            update.insert(operator, doc! { name: value });
        }
    }
}
