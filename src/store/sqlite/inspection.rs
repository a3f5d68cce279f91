//! The whole store, record by record, over all organizations.

use super::SqliteStore;
use super::columns::Json;
use super::connection::prepare;
use super::measure::{measured, never};
use super::table::{Table, Target};
use super::{key_checks, read, strays};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::inspection::{Inspection, Kept, KeptAliasAccount, Place, Stray};
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Claim, Detail, KeyId, Stored, Token};
use crate::registry::ports::store::{KeyCheck, StoreError};
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

fn after<T: Table>(db: &Connection, place: Option<Place>, size: usize) -> rusqlite::Result<Vec<Kept<T>>> {
    // Before the first place of all: nothing is shorter, and so smaller, than no byte.
    let (organization, id): (&[u8], &[u8]) = match &place {
        Some(place) => (place.organization.as_bytes(), place.id.as_bytes()),
        None => (&[], &[]),
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let places = prepare(db, T::STATEMENTS.after)?
        .query_map(params![organization, id, size], |row| row.try_into())?
        .collect::<rusqlite::Result<Vec<(OrganizationId, [u8; 16])>>>()?;
    let mut found = Vec::with_capacity(places.len());
    for (organization, id) in places {
        for record in read::by_ids(db, organization, [Uuid::from_bytes(id)], State::Any, Detail::Sealed)? {
            found.push(whole(db, record)?);
        }
    }
    Ok(found)
}

/// The record with all that was written with it.
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
    let holders = read::by_ids(db, clear.organization, [clear.holder_id.0], State::Any, Detail::Clear)?;
    Ok(KeptAliasAccount { holder: holders.into_iter().next().map(|record| record.clear), kept })
}
