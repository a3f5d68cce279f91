//! The whole store, record by record, over all organizations.
//!
//! Others may write meanwhile: each command has a time of its own, and what an alias account says of its holder is read
//! again until both are of one moment.

mod faults;
mod owners;
mod strays;

use super::MongoStore;
use super::budget::Budget;
use super::database::Collections;
use super::document;
use super::kind::Kind;
use super::names::{ALL, CLAIMS, GENERATIONS, ORGANIZATION, REVIVING_TOKEN, STATE, TOKENS};
use super::phase::Phase;
use super::values::{Fields, Wrong, uuid};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::inspection::{Inspection, Kept, KeptAliasAccount, Place, Stray};
use crate::registry::ports::record::{Claim, Detail, KeyId, Token};
use crate::registry::ports::store::{KeyCheck, StoreError};
use crate::store::measure::{measured, never};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Document, doc};
use owners::Bond;
use uuid::Uuid;

/// So many records are counted at most.
const COUNTED_MAX: u64 = 100_000;

#[async_trait]
impl Inspection for MongoStore {
    async fn totals(&self) -> Result<(u64, u64), StoreError> {
        measured("totals", never, self.collections().totals()).await
    }

    async fn key_checks(&self) -> Result<Vec<KeyCheck>, StoreError> {
        measured("key_checks", never, self.collections().remembered()).await
    }

    async fn holders_after(
        &self,
        place: Option<Place>,
        size: usize,
    ) -> Result<Vec<Kept<Holder>>, StoreError> {
        let on = &self.collections();
        let work = on.kept_after(place, size, &[Phase::Live, Phase::Deleted], |documents| async move {
            Ok(documents.iter().filter_map(|document| kept(document).ok()).collect())
        });
        measured("holders_after", never, work).await
    }

    async fn alias_accounts_after(
        &self,
        place: Option<Place>,
        size: usize,
    ) -> Result<Vec<KeptAliasAccount>, StoreError> {
        let on = &self.collections();
        let phases = &[Phase::Live, Phase::Deleted, Phase::Joining];
        let work = on.kept_after(place, size, phases, |documents| on.with_holders(documents));
        measured("alias_accounts_after", never, work).await
    }

    async fn strays(&self, most: usize) -> Result<Vec<Stray>, StoreError> {
        measured("strays", never, self.collections().strays(most)).await
    }
}

impl Collections {
    async fn totals(&self) -> Result<(u64, u64), StoreError> {
        Ok((self.about(&self.holders).await?, self.about(&self.alias_accounts).await?))
    }

    /// How many records there are: counted where they are few, for some servers cannot tell then.
    async fn about(&self, collection: &Collection<Document>) -> Result<u64, StoreError> {
        let budget = Budget::of(self.timeout);
        let told = budget.again(|| self.now(collection).estimated_document_count()).await?;
        if told >= COUNTED_MAX {
            return Ok(told);
        }
        let there = Phase::names(&[Phase::Live, Phase::Deleted, Phase::Joining]);
        let every = doc! { "$gte": uuid(Uuid::nil()) };
        let all = doc! { ORGANIZATION: every, STATE: { "$in": there } };
        Ok(budget.again(|| self.now(collection).count_documents(all.clone()).limit(COUNTED_MAX)).await?)
    }

    async fn remembered(&self) -> Result<Vec<KeyCheck>, StoreError> {
        let found = self.found(&self.key_checks, doc! {}, doc! {}, doc! { "_id": 1 }, 0).await?;
        let checks = found.iter().map(key_check);
        checks.collect::<Result<_, _>>().map_err(|wrong: Wrong| StoreError::Damaged(wrong.to_string()))
    }

    /// What `keep` makes of the documents behind a place, until there are so many. Those that cannot be read are passed
    /// over: they are among what is astray.
    async fn kept_after<K, F>(
        &self,
        place: Option<Place>,
        size: usize,
        phases: &[Phase],
        keep: impl Fn(Vec<Document>) -> F,
    ) -> Result<Vec<K>, StoreError>
    where
        K: Keeping,
        F: Future<Output = Result<Vec<K>, StoreError>>,
    {
        let (mut found, mut place) = (Vec::new(), place);
        while found.len() < size {
            let documents =
                self.behind(K::collection(self), place, Some(phases), &whole(), size - found.len()).await?;
            let Some(last) = documents.last() else { break };
            place = Some(place_of(last)?);
            found.extend(keep(documents).await?);
        }
        Ok(found)
    }

    /// These fields of the documents behind a place, in the order of places: of those in one of these phases, or of all.
    pub(super) async fn behind(
        &self,
        collection: &Collection<Document>,
        place: Option<Place>,
        phases: Option<&[Phase]>,
        fields: &Document,
        most: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let state = phases.map(|phases| doc! { STATE: { "$in": Phase::names(phases) } }).unwrap_or_default();
        let mut found = Vec::new();
        // The rest of its organization first: each of the two is one piece of the index.
        if let Some(Place { organization, id }) = place {
            let mut rest = doc! { ORGANIZATION: uuid(organization.0), "_id": { "$gt": uuid(id) } };
            rest.extend(state.clone());
            found = self.found(collection, rest, fields.clone(), by_place(), most).await?;
        }
        let left = most.saturating_sub(found.len());
        if left > 0 {
            let after = place.map(|place| doc! { "$gt": uuid(place.organization.0) });
            let after = after.unwrap_or_else(|| doc! { "$gte": uuid(Uuid::nil()) });
            let mut others = doc! { ORGANIZATION: after };
            others.extend(state);
            found.extend(self.found(collection, others, fields.clone(), by_place(), left).await?);
        }
        Ok(found)
    }

    /// What a filter finds, with these fields and in this order; all of it where `most` is 0.
    async fn found(
        &self,
        collection: &Collection<Document>,
        filter: Document,
        fields: Document,
        order: Document,
        most: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let most = i64::from(u32::try_from(most).unwrap_or(u32::MAX));
        let budget = Budget::of(self.timeout);
        let found = budget.again(|| {
            let find = self.now(collection).find(filter.clone()).projection(fields.clone());
            let find = find.sort(order.clone()).limit(most);
            async { find.await?.try_collect().await }
        });
        Ok(found.await?)
    }

    async fn with_holders(&self, documents: Vec<Document>) -> Result<Vec<KeptAliasAccount>, StoreError> {
        let bound = self.bound(documents).await?;
        let bound = bound.into_iter().filter_map(|(document, bond)| {
            let holder = match bond {
                Bond::Going => return None,
                Bond::Fits(holder) | Bond::Broken(_, holder) => holder,
            };
            Some(KeptAliasAccount { kept: kept(&document).ok()?, holder })
        });
        Ok(bound.collect())
    }
}

/// What is kept of a collection.
trait Keeping {
    fn collection(on: &Collections) -> &Collection<Document>;
}

impl<T: Kind> Keeping for Kept<T> {
    fn collection(on: &Collections) -> &Collection<Document> {
        on.records::<T>()
    }
}

impl Keeping for KeptAliasAccount {
    fn collection(on: &Collections) -> &Collection<Document> {
        on.records::<AliasAccount>()
    }
}

/// The order of places.
fn by_place() -> Document {
    doc! { ORGANIZATION: 1, "_id": 1 }
}

/// All that was written with a record.
fn whole() -> Document {
    let mut fields = document::projection(Detail::Sealed);
    fields.extend(doc! { CLAIMS: 1, TOKENS: 1, GENERATIONS: 1 });
    fields
}

pub(super) fn place_of(document: &Document) -> Result<Place, Wrong> {
    let fields = Fields(document);
    Ok(Place { organization: OrganizationId(fields.uuid(ORGANIZATION)?), id: fields.uuid("_id")? })
}

/// The record in a document that was read with [`whole`].
fn kept<T: Kind>(document: &Document) -> Result<Kept<T>, Wrong> {
    let fields = Fields(document);
    let record = document::record(document)?;
    record.sealed.as_ref().ok_or(Wrong(super::names::SEALED))?;
    let claims = fields.texts(CLAIMS)?.into_iter().map(Claim).collect();
    let mut tokens = fields.texts(TOKENS)?;
    // What the store itself writes is not of the record.
    tokens.retain(|token| token != ALL && !token.starts_with(REVIVING_TOKEN));
    let tokens = tokens.into_iter().map(Token).collect();
    let generations = fields.texts(GENERATIONS)?.into_iter().map(KeyId).collect();
    Ok(Kept { record, claims, tokens, generations })
}

fn key_check(document: &Document) -> Result<KeyCheck, Wrong> {
    let fields = Fields(document);
    let value = fields.bytes("value")?.try_into().map_err(|_| Wrong("value"))?;
    Ok(KeyCheck { id: KeyId(fields.text("_id")?.to_owned()), value })
}
