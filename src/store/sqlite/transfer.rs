//! What a copy into another store takes besides the records.

use super::SqliteStore;
use super::columns::Json;
use super::connection::prepare;
use super::trail::outbox;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::operation::{Fingerprint, OperationKey};
use crate::registry::ports::store::StoreError;
use crate::registry::ports::transfer::{Bookmark, KeptEntry, KeptOperation, Outlet, Pages};
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

#[async_trait]
impl Outlet for SqliteStore {
    async fn operations_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptOperation>, StoreError> {
        let work = self.readers.read(move |db| operations(db, place.as_ref(), size));
        measured("operations_after", never, work).await
    }

    async fn entries_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptEntry>, StoreError> {
        let work = self.readers.read(move |db| entries(db, place.as_ref(), size));
        measured("entries_after", never, work).await
    }
}

fn limit(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// A bookmark is organization and key, one after the other.
fn operations(
    db: &Connection,
    place: Option<&Bookmark>,
    size: usize,
) -> rusqlite::Result<Pages<KeptOperation>> {
    let place = place.and_then(|Bookmark(place)| place.split_at_checked(16));
    let (organization, key) = place.unwrap_or_default();
    let found: Vec<KeptOperation> = prepare(
        db,
        "SELECT organization, key, mutation, fingerprint, outcome, expires_at FROM operations
         WHERE (organization, key) > (?1, ?2) ORDER BY organization, key LIMIT ?3",
    )?
    .query_map(params![organization, key, limit(size)], |row| {
        let Json(outcome) = row.get(4)?;
        Ok(KeptOperation {
            organization: row.get(0)?,
            key: OperationKey(row.get(1)?),
            mutation: row.get(2)?,
            fingerprint: Fingerprint(row.get(3)?),
            outcome,
            expires_at: row.get(5)?,
        })
    })?
    .collect::<rusqlite::Result<_>>()?;
    let next = found
        .last()
        .map(|last| Bookmark([last.organization.as_bytes().as_slice(), last.key.0.as_slice()].concat()));
    Ok((found, next))
}

/// A bookmark is the number of the entry, in eight bytes.
fn entries(db: &Connection, place: Option<&Bookmark>, size: usize) -> rusqlite::Result<Pages<KeptEntry>> {
    let seq =
        place.and_then(|Bookmark(place)| place.as_slice().try_into().ok()).map_or(0, i64::from_be_bytes);
    let mut select = prepare(
        db,
        "SELECT seq, organization, record, entry FROM audit_outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = select.query(params![seq, limit(size)])?;
    let (mut found, mut next) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let (seq, organization, record): (i64, OrganizationId, [u8; 16]) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let Json(entry) = row.get(3)?;
        let entry = outbox::with_id(entry, organization, seq);
        next = Some(Bookmark(seq.to_be_bytes().to_vec()));
        found.push(KeptEntry { organization, record: Uuid::from_bytes(record), entry });
    }
    Ok((found, next))
}
