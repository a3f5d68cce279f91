//! The whole store, record by record, over all organizations.

use super::SqliteStore;
use super::columns::Json;
use super::connection::prepare;
use super::table::{Table, Target};
use super::{faults, key_checks, read, strays};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::inspection::{Inspection, Kept, KeptAliasAccount, Place, Stray};
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Claim, Detail, KeyId, Stored, Token};
use crate::registry::ports::store::{KeyCheck, StoreError};
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

#[async_trait]
impl Inspection for SqliteStore {
    async fn totals(&self) -> Result<(u64, u64), StoreError> {
        measured("totals", never, self.readers.read(totals)).await
    }

    async fn key_checks(&self) -> Result<Vec<KeyCheck>, StoreError> {
        measured("key_checks", never, self.readers.read(key_checks::all)).await
    }

    async fn holders_after(
        &self,
        place: Option<Place>,
        size: usize,
    ) -> Result<Vec<Kept<Holder>>, StoreError> {
        let work = self.readers.read(move |db| after::<Holder>(db, place, size));
        measured("holders_after", never, work).await
    }

    async fn alias_accounts_after(
        &self,
        place: Option<Place>,
        size: usize,
    ) -> Result<Vec<KeptAliasAccount>, StoreError> {
        let work = self.readers.read(move |db| {
            after::<AliasAccount>(db, place, size)?.into_iter().map(|kept| with_holder(db, kept)).collect()
        });
        measured("alias_accounts_after", never, work).await
    }

    async fn strays(&self, most: usize) -> Result<Vec<Stray>, StoreError> {
        measured("strays", never, self.readers.read(move |db| strays::find(db, most))).await
    }
}

/// Counts, which walks over the smallest index of each table.
pub(super) const TOTALS: &str =
    "SELECT (SELECT count(*) FROM holders), (SELECT count(*) FROM alias_accounts)";

fn totals(db: &Connection) -> rusqlite::Result<(u64, u64)> {
    let (holders, alias_accounts): (i64, i64) = prepare(db, TOTALS)?.query_one([], |row| row.try_into())?;
    Ok((holders.unsigned_abs(), alias_accounts.unsigned_abs()))
}

/// A row that this release cannot read is passed over: it is among what is astray.
fn after<T: Table>(db: &Connection, place: Option<Place>, size: usize) -> rusqlite::Result<Vec<Kept<T>>> {
    let (mut found, mut place) = (Vec::new(), place);
    while found.len() < size {
        let places = places_after::<T>(db, place, size - found.len())?;
        let Some(last) = places.last() else { break };
        place = Some(*last);
        for place in places {
            match kept(db, place) {
                Ok(kept) => found.extend(kept),
                Err(error) if faults::is_unreadable(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}

/// The places of records that follow one.
pub(super) fn places_after<T: Table>(
    db: &Connection,
    place: Option<Place>,
    size: usize,
) -> rusqlite::Result<Vec<Place>> {
    // Before the first place of all: nothing is shorter, and so smaller, than no byte.
    let (organization, id): (&[u8], &[u8]) = match &place {
        Some(place) => (place.organization.as_bytes(), place.id.as_bytes()),
        None => (&[], &[]),
    };
    prepare(db, T::STATEMENTS.after)?
        .query_map(params![organization, id, i64::try_from(size).unwrap_or(i64::MAX)], |row| {
            Ok(Place { organization: row.get(0)?, id: Uuid::from_bytes(row.get(1)?) })
        })?
        .collect()
}

/// The record at a place, with all that was written with it.
pub(super) fn kept<T: Table>(db: &Connection, place: Place) -> rusqlite::Result<Option<Kept<T>>> {
    let found = read::by_ids(db, place.organization, [place.id], State::Any, Detail::Sealed)?;
    found.into_iter().next().map(|record| whole(db, record)).transpose()
}

fn whole<T: Table>(db: &Connection, record: Stored<T>) -> rusqlite::Result<Kept<T>> {
    const CLAIMS: &str =
        "SELECT claim FROM claims WHERE organization = ?1 AND kind = ?2 AND id = ?3 ORDER BY claim";
    const TOKENS: &str = "SELECT token FROM tokens
         WHERE organization = ?1 AND kind = ?2 AND id = ?3 AND token > '' ORDER BY token";
    let target = record.clear.target();
    let Json(generations): Json<Vec<KeyId>> = prepare(db, T::STATEMENTS.generations)?
        .query_one(params![target.organization, target.id], |row| row.get(0))?;
    let claims = texts(db, CLAIMS, &target)?.into_iter().map(Claim).collect();
    let tokens = texts(db, TOKENS, &target)?.into_iter().map(Token).collect();
    Ok(Kept { record, claims, tokens, generations })
}

fn texts(
    db: &Connection,
    select: &'static str,
    target: &Target<impl rusqlite::ToSql>,
) -> rusqlite::Result<Vec<String>> {
    prepare(db, select)?
        .query_map(params![target.organization, target.kind, target.id], |row| row.get(0))?
        .collect()
}

fn with_holder(db: &Connection, kept: Kept<AliasAccount>) -> rusqlite::Result<KeptAliasAccount> {
    let clear = &kept.record.clear;
    let holders = read::by_ids(db, clear.organization, [clear.holder_id.0], State::Any, Detail::Clear);
    let holder = match holders {
        Ok(holders) => holders.into_iter().next().map(|record: Stored<Holder>| record.clear),
        Err(error) if faults::is_unreadable(&error) => None,
        Err(error) => return Err(error),
    };
    Ok(KeptAliasAccount { holder, kept })
}
