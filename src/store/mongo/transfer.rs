//! Taking in a copy of another store, and telling what else there is than records.

use super::MongoStore;
use super::budget::Budget;
use super::database::{Collections, stamp};
use super::document::{claims, content};
use super::kind::Kind;
use super::names::{
    ATTEMPT, AUDIT, CLAIMS, DELETED_AT, EXPIRES_AT, FINGERPRINT, MUTATION, ORGANIZATION, OUTCOME, REMOVE_AT,
    REVISION, STAMP, STATE, TOKENS,
};
use super::operations::COMMITTED;
use super::phase::Phase;
use super::values::{Fields, Wrong, bytes, date, json, uuid};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::inspection::Kept;
use crate::registry::ports::operation::{Fingerprint, OperationKey};
use crate::registry::ports::record::{AuditEntry, Protected, Sealed};
use crate::registry::ports::store::{KeyCheck, StoreError};
use crate::registry::ports::transfer::{Bookmark, Intake, KeptEntry, KeptOperation, Outlet, Pages};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

/// Which collection of entries holds those without a record.
const WITHOUT_RECORD: u8 = 2;

/// An operation that came with a copy stays so long after its key is free: the database must not remove it before the
/// copy has proven itself.
const KEPT_LONGER_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

impl Collections {
    /// Some documents of a collection, in the order of their ids, with these fields.
    async fn documents_after(
        &self,
        collection: &Collection<Document>,
        place: Option<Bson>,
        conditions: Document,
        fields: Document,
        size: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let mut filter = conditions;
        // All ids are binary; the condition is there for planners that otherwise read a whole collection to sort it.
        let behind = place.map_or(doc! { "$type": "binData" }, |place| doc! { "$gt": place });
        filter.insert("_id", behind);
        let limit = i64::try_from(size).unwrap_or(i64::MAX);
        let budget = Budget::of(self.timeout);
        let found = budget.again(|| {
            let find =
                self.now(collection).find(filter.clone()).projection(fields.clone()).sort(doc! { "_id": 1 });
            async { find.limit(limit).await?.try_collect().await }
        });
        Ok(found.await?)
    }

    pub(super) async fn put(
        &self,
        collection: &Collection<Document>,
        documents: Vec<Document>,
    ) -> Result<(), StoreError> {
        if documents.is_empty() {
            return Ok(());
        }
        // Nothing is tried again: the copy begins anew where anything goes wrong.
        Budget::of(self.timeout).run(collection.insert_many(documents)).await?;
        Ok(())
    }
}

#[async_trait]
impl Outlet for MongoStore {
    async fn operations_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptOperation>, StoreError> {
        let on = &self.collections();
        let place = place.as_ref().map(|Bookmark(id)| bytes(id));
        let committed = doc! { STATE: COMMITTED };
        let fields = doc! { ORGANIZATION: 1, MUTATION: 1, FINGERPRINT: 1, OUTCOME: 1, EXPIRES_AT: 1 };
        let found = on.documents_after(&on.operations, place, committed, fields, size).await?;
        let next = found.last().map(|last| Fields(last).bytes("_id").map(|id| Bookmark(id.to_vec())));
        let operations = found.iter().map(operation).collect::<Result<_, _>>()?;
        Ok((operations, next.transpose()?))
    }

    /// First those of the holders' documents, then those of the alias accounts', then those without a record: a bookmark
    /// is one byte for the collection, then the id.
    async fn entries_after(
        &self,
        place: Option<Bookmark>,
        size: usize,
    ) -> Result<Pages<KeptEntry>, StoreError> {
        let on = &self.collections();
        let (which, id) = match place.as_ref().and_then(|Bookmark(place)| place.split_first()) {
            Some((which, id)) => (*which, Some(id)),
            None => (0, None),
        };
        let collection = match which {
            0 => &on.holders,
            1 => &on.alias_accounts,
            _ => &on.audit_entries,
        };
        let id = id.filter(|id| !id.is_empty()).map(|id| uuid(Uuid::from_slice(id).unwrap_or_default()));
        let fields = doc! { ORGANIZATION: 1, AUDIT: 1 };
        let found = on.documents_after(collection, id, doc! {}, fields, size).await?;
        let mut entries = Vec::new();
        for document in &found {
            entries.extend(entries_of(document, which < WITHOUT_RECORD)?);
        }
        let next = match found.last() {
            Some(last) => {
                let id = Fields(last).uuid("_id")?;
                Some(Bookmark([[which].as_slice(), id.as_bytes()].concat()))
            }
            None if which >= WITHOUT_RECORD => None,
            None => Some(Bookmark(vec![which.saturating_add(1)])),
        };
        Ok((entries, next))
    }
}

#[async_trait]
impl Intake for MongoStore {
    async fn begin_copy(&self) -> Result<Option<String>, StoreError> {
        let on = self.collections();
        if let Some(there) = on.fill_by(self.filling).await? {
            return Ok(Some(there));
        }
        on.empty_for(self.filling).await?;
        Ok(None)
    }

    async fn is_under_way(&self) -> Result<bool, StoreError> {
        let on = self.collections();
        on.is_filled_by(&Budget::of(on.timeout), self.filling).await
    }

    async fn take_key_check(&self, check: KeyCheck) -> Result<bool, StoreError> {
        let on = self.collections();
        let kept = on.remember(&Budget::of(on.timeout), &check.id.0, &check.value).await?;
        Ok(kept == check.value)
    }

    async fn take_holders(&self, holders: Vec<Kept<Holder>>) -> Result<(), StoreError> {
        let documents = holders.iter().map(whole).collect::<Result<_, _>>()?;
        let on = self.collections();
        on.put(&on.holders, documents).await
    }

    async fn take_alias_accounts(&self, alias_accounts: Vec<Kept<AliasAccount>>) -> Result<(), StoreError> {
        let documents = alias_accounts.iter().map(whole).collect::<Result<_, _>>()?;
        let on = self.collections();
        on.put(&on.alias_accounts, documents).await
    }

    async fn take_operations(&self, operations: Vec<KeptOperation>) -> Result<(), StoreError> {
        let documents = operations.iter().map(document).collect::<Result<_, _>>()?;
        let on = self.collections();
        on.put(&on.operations, documents).await
    }

    async fn take_entries(&self, entries: Vec<KeptEntry>) -> Result<(), StoreError> {
        self.collections().add_entries(entries).await
    }

    async fn end_copy(&self) -> Result<bool, StoreError> {
        self.collections().end_filling(self.filling).await
    }
}

/// The document of a record as it was kept elsewhere.
fn whole<T: Kind>(kept: &Kept<T>) -> Result<Document, Wrong> {
    let clear = &kept.record.clear;
    let protected = Protected {
        sealed: kept.record.sealed.clone().unwrap_or(Sealed(Vec::new())),
        claims: kept.claims.clone(),
        tokens: kept.tokens.clone(),
        generations: kept.generations.clone(),
    };
    let mut document = content(clear, &protected, kept.record.version)?;
    let deleted_at = clear.times().deleted_at;
    let phase = if deleted_at.is_some() { Phase::Deleted } else { Phase::Live };
    document.extend(doc! {
        "_id": uuid(clear.uuid()), ORGANIZATION: uuid(clear.organization().0), STATE: phase.name(),
        REVISION: kept.record.revision, STAMP: uuid(stamp()), AUDIT: Vec::<Bson>::new(),
    });
    if let Some(at) = deleted_at {
        document.insert(DELETED_AT, date(at));
    }
    let claims = claims(&protected);
    if !claims.is_empty() {
        document.insert(CLAIMS, claims);
    }
    // What it is found by is copied as it is, right or wrong: the copy must be able to prove itself.
    let mut tokens: Vec<&str> = kept.tokens.iter().map(|token| token.0.as_str()).collect();
    tokens.push(super::names::ALL);
    tokens.sort_unstable();
    document.insert(TOKENS, tokens);
    Ok(document)
}

fn document(kept: &KeptOperation) -> Result<Document, Wrong> {
    let id = [kept.organization.as_bytes().as_slice(), kept.key.0.as_slice()].concat();
    Ok(doc! {
        "_id": bytes(&id), ORGANIZATION: uuid(kept.organization.0), ATTEMPT: uuid(stamp()), STATE: COMMITTED,
        MUTATION: &kept.mutation, FINGERPRINT: bytes(&kept.fingerprint.0), OUTCOME: json(OUTCOME, &kept.outcome)?,
        EXPIRES_AT: date(kept.expires_at),
        REMOVE_AT: date(kept.expires_at.max(Timestamp::now()).plus(KEPT_LONGER_MS)),
    })
}

fn operation(document: &Document) -> Result<KeptOperation, Wrong> {
    let fields = Fields(document);
    let key = fields.bytes("_id")?.get(16..).and_then(|key| key.try_into().ok());
    Ok(KeptOperation {
        organization: OrganizationId(fields.uuid(ORGANIZATION)?),
        key: OperationKey(key.ok_or(Wrong("_id"))?),
        mutation: fields.text(MUTATION)?.to_owned(),
        fingerprint: Fingerprint(fields.bytes(FINGERPRINT)?.try_into().map_err(|_| Wrong(FINGERPRINT))?),
        outcome: fields.json(OUTCOME)?,
        expires_at: fields.date(EXPIRES_AT)?,
    })
}

fn entries_of(document: &Document, of_record: bool) -> Result<Vec<KeptEntry>, Wrong> {
    let fields = Fields(document);
    let (organization, id) = (OrganizationId(fields.uuid(ORGANIZATION)?), fields.uuid("_id")?);
    let record = of_record.then_some(id);
    let entries: Vec<AuditEntry> = fields.maybe(AUDIT, Fields::part)?.unwrap_or_default();
    Ok(entries.into_iter().map(|entry| KeptEntry { organization, record, entry }).collect())
}
