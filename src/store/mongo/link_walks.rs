//! Walking over all links: the live alias accounts one by one, and the note that is kept of each kind of walk.
//!
//! A note is one document, changed by compare-and-set on its revision alone, so it is right however many processes
//! write it. Each try leaves a stamp: one whose answer was lost knows itself again. Where it cannot know, it tells that
//! it missed, and its caller reads the note again.

use super::MongoStore;
use super::budget::Budget;
use super::database::{Collections, stamp};
use super::document::{projection, record};
use super::inspection::place_of;
use super::names::{REVISION, STAMP, STATE, WALK};
use super::phase::Phase;
use super::trouble::Trouble;
use super::values::{Fields, Wrong, json, uuid};
use crate::registry::ports::inspection::Place;
use crate::registry::ports::link_walk::{LOOKED_AT, LinkWalks, NotedWalk, Piece, Walk, WalkKind};
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::StoreError;
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use mongodb::bson::doc;
use mongodb::bson::{Bson, Document};

#[async_trait]
impl LinkWalks for MongoStore {
    async fn live_links_after(&self, place: Option<Place>, size: usize) -> Result<Piece, StoreError> {
        measured("live_links_after", never, self.collections().live_after(place, size)).await
    }

    async fn walk(&self, kind: WalkKind) -> Result<NotedWalk, StoreError> {
        measured("walk", never, self.collections().noted_walk(kind)).await
    }

    async fn note_walk(&self, kind: WalkKind, revision: i64, walk: &Walk) -> Result<bool, StoreError> {
        measured("note_walk", |noted| !*noted, self.collections().note_walk(kind, revision, walk)).await
    }
}

impl Collections {
    /// Those that are joining are left out: the ledger has confirmed them just now, and whether they are live their
    /// holders would have to tell. Those that cannot be read are passed over: they are among what is astray.
    ///
    /// The index knows no state, so the server is not asked for one: it would look through all that is purged until it
    /// has found enough, in one command.
    async fn live_after(&self, place: Option<Place>, size: usize) -> Result<Piece, StoreError> {
        let (most, fields) = (size.max(LOOKED_AT), projection(Detail::Clear));
        let documents = self.behind(&self.alias_accounts, place, None, &fields, most).await?;
        let mut piece = Piece { records: Vec::new(), reached: None, is_last: documents.len() < most };
        for document in &documents {
            if piece.records.len() == size {
                return Ok(Piece { is_last: false, ..piece });
            }
            if Fields(document).text(STATE) == Ok(Phase::Live.name()) {
                piece.records.extend(record(document).ok());
            }
            piece.reached = place_of(document).ok().or(piece.reached);
        }
        // Ids that are none are passed over, unless nothing else tells where to go on.
        if let (None, false, Some(last)) = (piece.reached, piece.is_last, documents.last()) {
            piece.reached = Some(place_of(last)?);
        }
        Ok(piece)
    }

    async fn noted_walk(&self, kind: WalkKind) -> Result<NotedWalk, StoreError> {
        let budget = Budget::of(self.timeout);
        let found = budget.again(|| self.link_walks.find_one(doc! { "_id": kind.as_str() })).await?;
        let Some(found) = found else { return Ok(NotedWalk::default()) };
        noted(&found).or_else(|_| {
            tracing::warn!(kind = kind.as_str(), "what was noted of a walk cannot be read");
            Ok(NotedWalk { walk: Walk::default(), revision: Fields(&found).long(REVISION)? })
        })
    }

    async fn note_walk(&self, kind: WalkKind, revision: i64, walk: &Walk) -> Result<bool, StoreError> {
        let (budget, ours) = (Budget::of(self.timeout), uuid(stamp()));
        let content =
            doc! { WALK: json(WALK, walk)?, STAMP: ours.clone(), REVISION: revision.saturating_add(1) };
        let mut doubtful = false;
        loop {
            match self.try_note(&budget, kind, revision, &content).await {
                Ok(true) => return Ok(true),
                Ok(false) if doubtful => return self.is_noted(&budget, kind, &ours).await,
                Ok(false) => return Ok(false),
                Err(trouble) => {
                    doubtful |= matches!(trouble, Trouble::Doubtful(_));
                    budget.outlast(trouble).await?;
                }
            }
        }
    }

    async fn try_note(
        &self,
        budget: &Budget,
        kind: WalkKind,
        revision: i64,
        content: &Document,
    ) -> Result<bool, Trouble> {
        if revision == 0 {
            let mut first = doc! { "_id": kind.as_str() };
            first.extend(content.clone());
            return match budget.run(self.link_walks.insert_one(first)).await {
                Err(Trouble::Duplicate) => Ok(false),
                end => end.map(|_| true),
            };
        }
        let as_read = doc! { "_id": kind.as_str(), REVISION: revision };
        let end = budget.run(self.link_walks.update_one(as_read, doc! { "$set": content.clone() })).await?;
        Ok(end.matched_count > 0)
    }

    /// Whether a try whose answer was lost has left its stamp.
    async fn is_noted(&self, budget: &Budget, kind: WalkKind, ours: &Bson) -> Result<bool, StoreError> {
        let now = budget.again(|| self.link_walks.find_one(doc! { "_id": kind.as_str() })).await?;
        Ok(now.is_some_and(|now| now.get(STAMP) == Some(ours)))
    }
}

/// The note in a document.
pub(super) fn noted(document: &Document) -> Result<NotedWalk, Wrong> {
    let fields = Fields(document);
    Ok(NotedWalk { walk: fields.json(WALK)?, revision: fields.long(REVISION)? })
}
