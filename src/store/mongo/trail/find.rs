//! Links by what they tell of: a walk along one index, in the order of when things happened.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::names::{AT, NAMED, OPERATION, ORGANIZATION, SUBJECT};
use super::super::values::{date, uuid};
use super::damaged;
use super::link::{id, link};
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{FoundBy, TRAIL_LOOK_MAX, TrailFilter, TrailPage, TrailPlace};
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};

/// So many links are read at once where only some of them will do.
const LOOKED_AT: usize = 500;

/// A walk.
struct Walk<'a> {
    organization: OrganizationId,
    filter: &'a TrailFilter,
    newest_first: bool,
}

impl Collections {
    /// Of several conditions one chooses the index; the others are looked at in what it gives.
    pub(super) async fn find_links(
        &self,
        organization: OrganizationId,
        filter: &TrailFilter,
        after: Option<TrailPlace>,
        newest_first: bool,
        most: usize,
    ) -> Result<TrailPage, StoreError> {
        let budget = Budget::of(self.timeout);
        let walk = Walk { organization, filter, newest_first };
        let (mut links, mut place, mut looked_at) = (Vec::new(), after, 0);
        loop {
            // One more than is asked for tells whether there are more.
            let wanted = if walk.is_one_index() { most.saturating_add(1) - links.len() } else { LOOKED_AT };
            let size = wanted.min(LOOKED_AT);
            let documents = self.links_behind(&budget, &walk, place, size).await?;
            let is_last = documents.len() < size;
            for document in &documents {
                if links.len() == most || looked_at == TRAIL_LOOK_MAX {
                    return Ok(TrailPage { links, next: place });
                }
                let link = link(document).map_err(damaged)?;
                looked_at += 1;
                place = Some(TrailPlace { at: link.found_by.at, number: link.number });
                if walk.lets(&link.found_by) {
                    links.push(link);
                }
            }
            if is_last {
                return Ok(TrailPage { links, next: None });
            }
        }
    }

    /// Links behind a place: first those of the same moment, for each of the two is one piece of the index.
    async fn links_behind(
        &self,
        budget: &Budget,
        walk: &Walk<'_>,
        place: Option<TrailPlace>,
        size: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let mut found = Vec::new();
        if let Some(TrailPlace { at, number }) = place.filter(|place| walk.is_within(place.at)) {
            let end = if walk.newest_first { "$lt" } else { "$gt" };
            let mut same = walk.chosen();
            same.insert(AT, date(at));
            same.insert("_id", doc! { end: id(walk.organization, number) });
            found = self.links_of(budget, walk, same, size).await?;
        }
        let left = size - found.len();
        if left > 0 {
            let mut others = walk.chosen();
            if let Some(times) = walk.times(place.map(|place| place.at)) {
                others.insert(AT, times);
            }
            found.extend(self.links_of(budget, walk, others, left).await?);
        }
        Ok(found)
    }

    async fn links_of(
        &self,
        budget: &Budget,
        walk: &Walk<'_>,
        filter: Document,
        size: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let way = if walk.newest_first { -1 } else { 1 };
        let found = budget.again(|| {
            let find = self.audit_trail.find(filter.clone()).sort(doc! { AT: way, "_id": way });
            async { find.limit(size).await?.try_collect().await }
        });
        Ok(found.await?)
    }
}

impl Walk<'_> {
    /// Whether the index of one condition answers all that is asked for.
    fn is_one_index(&self) -> bool {
        let TrailFilter { subject, record, operation, .. } = self.filter;
        [subject.is_some(), record.is_some(), operation.is_some()].into_iter().filter(|is| *is).count() <= 1
    }

    /// The condition that chooses the index: a record is in the fewest links, and an operation in the most.
    fn chosen(&self) -> Document {
        let mut chosen = doc! { ORGANIZATION: uuid(self.organization.0) };
        let TrailFilter { subject, record, operation, .. } = self.filter;
        match (record, subject, operation) {
            (Some(record), _, _) => chosen.insert(NAMED, uuid(*record)),
            (None, Some(subject), _) => chosen.insert(SUBJECT, subject),
            (None, None, Some(operation)) => chosen.insert(OPERATION, operation),
            (None, None, None) => None,
        };
        chosen
    }

    /// The moments behind one, of those that are asked for; `None` for all.
    fn times(&self, behind: Option<Timestamp>) -> Option<Document> {
        let TrailFilter { from, to, .. } = *self.filter;
        let mut times = Document::new();
        match behind {
            Some(at) if self.newest_first => {
                let to = to.map_or(at, |to| to.min(at));
                times.extend(from.map(|from| ("$gte".to_owned(), date(from))));
                times.insert("$lt", date(to));
            }
            Some(at) => {
                match from {
                    Some(from) if from > at => times.insert("$gte", date(from)),
                    _ => times.insert("$gt", date(at)),
                };
                times.extend(to.map(|to| ("$lt".to_owned(), date(to))));
            }
            None => {
                times.extend(from.map(|from| ("$gte".to_owned(), date(from))));
                times.extend(to.map(|to| ("$lt".to_owned(), date(to))));
            }
        }
        (!times.is_empty()).then_some(times)
    }

    /// Whether a moment is one of those that are asked for.
    fn is_within(&self, at: Timestamp) -> bool {
        let TrailFilter { from, to, .. } = *self.filter;
        from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
    }

    /// Whether a link is one that is asked for.
    fn lets(&self, found_by: &FoundBy) -> bool {
        let TrailFilter { subject, record, operation, .. } = self.filter;
        subject.as_ref().is_none_or(|subject| *subject == found_by.subject)
            && record.is_none_or(|record| found_by.records.contains(&record))
            && operation.as_ref().is_none_or(|operation| *operation == found_by.operation)
            && self.is_within(found_by.at)
    }
}
