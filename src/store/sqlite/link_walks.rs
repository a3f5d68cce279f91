//! Walking over all links: the live alias accounts one by one, and the note that is kept of each kind of walk.

use super::SqliteStore;
use super::columns::Json;
use super::connection::prepare;
use super::{faults, inspection, read};
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::inspection::Place;
use crate::registry::ports::link_walk::{LOOKED_AT, LinkWalks, NotedWalk, Piece, Walk, WalkKind};
use crate::registry::ports::list::State;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::StoreError;
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};

#[async_trait]
impl LinkWalks for SqliteStore {
    async fn live_links_after(&self, place: Option<Place>, size: usize) -> Result<Piece, StoreError> {
        let work = self.readers.read(move |db| live_after(db, place, size));
        measured("live_links_after", never, work).await
    }

    async fn walk(&self, kind: WalkKind) -> Result<NotedWalk, StoreError> {
        measured("walk", never, self.readers.read(move |db| noted(db, kind))).await
    }

    async fn note_walk(&self, kind: WalkKind, revision: i64, walk: &Walk) -> Result<bool, StoreError> {
        let walk = walk.clone();
        let work = self.writer.write(|noted| *noted, move |db| note(db, kind, revision, &walk));
        measured("note_walk", |noted| !*noted, work).await
    }
}

/// A row that this release cannot read is passed over: it is among what is astray.
fn live_after(db: &Connection, place: Option<Place>, size: usize) -> rusqlite::Result<Piece> {
    let most = size.max(LOOKED_AT);
    let places = inspection::places_after::<AliasAccount>(db, place, most)?;
    let mut piece = Piece { records: Vec::new(), reached: None, is_last: places.len() < most };
    for place in places {
        if piece.records.len() == size {
            return Ok(Piece { is_last: false, ..piece });
        }
        match read::by_ids(db, place.organization, [place.id], State::Live, Detail::Clear) {
            Ok(records) => piece.records.extend(records),
            Err(error) if faults::is_unreadable(&error) => {}
            Err(error) => return Err(error),
        }
        piece.reached = Some(place);
    }
    Ok(piece)
}

fn noted(db: &Connection, kind: WalkKind) -> rusqlite::Result<NotedWalk> {
    let found = prepare(db, "SELECT revision, walk FROM link_walks WHERE kind = ?1")?
        .query_row([kind.as_str()], |row| {
            let walk = match row.get::<_, Json<Walk>>(1) {
                Ok(Json(walk)) => walk,
                Err(_) => {
                    tracing::warn!(kind = kind.as_str(), "what was noted of a walk cannot be read");
                    Walk::default()
                }
            };
            Ok(NotedWalk { walk, revision: row.get(0)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn note(db: &Connection, kind: WalkKind, revision: i64, walk: &Walk) -> rusqlite::Result<bool> {
    let statement = if revision == 0 {
        "INSERT INTO link_walks (kind, revision, walk) VALUES (?1, ?2 + 1, ?3) ON CONFLICT DO NOTHING"
    } else {
        "UPDATE link_walks SET revision = revision + 1, walk = ?3 WHERE kind = ?1 AND revision = ?2"
    };
    Ok(prepare(db, statement)?.execute(params![kind.as_str(), revision, Json(walk)])? > 0)
}
