//! Alias accounts and their holders, as they were at one moment.

use super::super::alias_accounts::HOLDER_ID;
use super::super::database::Collections;
use super::super::document;
use super::super::names::{CLEAR, ORGANIZATION, PURGING, REVISION, STATE};
use super::super::phase::Phase;
use super::super::values::{Fields, uuid};
use super::{by_place, whole};
use crate::domain::holder::Holder;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::StoreError;
use mongodb::bson::{Document, doc};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// So often what changes meanwhile is read again; who changes it more often than that is well.
const TRIES: usize = 10;

/// What an alias account is to its holder.
pub(super) enum Bond {
    /// It has a holder as it must have; `None` where the holder's document cannot be read.
    Fits(Option<Holder>),
    /// It is not there yet, or not any more: only its document is.
    Going,
    /// What must not be.
    Broken(&'static str, Option<Holder>),
}

/// An organization and an id.
type Key = (Uuid, Uuid);

/// A holder's document.
struct Owner {
    phase: Option<Phase>,
    purging: bool,
    holder: Option<Holder>,
}

impl Collections {
    /// Each of these documents of alias accounts with its bond. One that is broken was so at one moment: the document
    /// did not change while its holder was read. Documents that are gone meanwhile are left out.
    pub(super) async fn bound(&self, documents: Vec<Document>) -> Result<Vec<(Document, Bond)>, StoreError> {
        let mut documents = documents;
        let mut owners = self.owners(&documents).await?;
        for _ in 0..TRIES {
            let doubtful =
                documents.iter().filter(|document| matches!(bond(document, &owners), Bond::Broken(..)));
            let doubtful: BTreeSet<Key> = doubtful.filter_map(key).collect();
            if doubtful.is_empty() {
                break;
            }
            let now = self.at(&doubtful).await?;
            let is_as_before = |document: &Document| {
                let Some(now) = key(document).map(|key| now.iter().find(|now| self::key(now) == Some(key)))
                else {
                    return true;
                };
                now.is_some_and(|now| stands(now) == stands(document))
            };
            let is_doubtful = |document: &Document| key(document).is_some_and(|key| doubtful.contains(&key));
            if documents.iter().filter(|document| is_doubtful(document)).all(is_as_before) {
                break;
            }
            documents.retain(|document| !is_doubtful(document));
            owners.extend(self.owners(&now).await?);
            documents.extend(now);
        }
        documents.sort_by_key(key);
        Ok(documents.into_iter().map(|document| bond_of(document, &owners)).collect())
    }

    async fn at(&self, keys: &BTreeSet<Key>) -> Result<Vec<Document>, StoreError> {
        let mut fields = whole();
        fields.insert(super::super::names::AUDIT, 1);
        self.found(&self.alias_accounts, among(keys), fields, by_place(), 0).await
    }

    /// The holders of documents of alias accounts.
    async fn owners(&self, documents: &[Document]) -> Result<HashMap<Key, Owner>, StoreError> {
        let keys: BTreeSet<Key> = documents.iter().filter_map(owner_key).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let mut fields = document::projection(Detail::Clear);
        fields.insert(PURGING, 1);
        let found = self.found(&self.holders, among(&keys), fields, by_place(), 0).await?;
        let owner = |document: &Document| Owner {
            phase: Fields(document).text(STATE).ok().and_then(Phase::parse),
            purging: document.contains_key(PURGING),
            holder: document::record(document).ok().map(|record| record.clear),
        };
        Ok(found.iter().filter_map(|document| Some((key(document)?, owner(document)))).collect())
    }
}

/// Ids are never used twice, so all pairs of these are asked for at once.
fn among(keys: &BTreeSet<Key>) -> Document {
    let organizations: BTreeSet<Uuid> = keys.iter().map(|(organization, _)| *organization).collect();
    let organizations: Vec<_> = organizations.into_iter().map(uuid).collect();
    let ids: Vec<_> = keys.iter().map(|(_, id)| uuid(*id)).collect();
    doc! { ORGANIZATION: { "$in": organizations }, "_id": { "$in": ids } }
}

fn key(document: &Document) -> Option<Key> {
    let fields = Fields(document);
    Some((fields.uuid(ORGANIZATION).ok()?, fields.uuid("_id").ok()?))
}

fn owner_key(document: &Document) -> Option<Key> {
    let fields = Fields(document);
    Some((fields.uuid(ORGANIZATION).ok()?, fields.document(CLEAR).ok()?.uuid(HOLDER_ID).ok()?))
}

/// What is another after every write.
fn stands(document: &Document) -> (Option<i64>, Option<String>) {
    let fields = Fields(document);
    (fields.long(REVISION).ok(), fields.text(STATE).ok().map(str::to_owned))
}

fn bond(document: &Document, owners: &HashMap<Key, Owner>) -> Bond {
    let phase = Fields(document).text(STATE).ok().and_then(Phase::parse);
    // One that names no holder cannot be read, which is told of it already.
    let Some(key) = owner_key(document) else { return Bond::Fits(None) };
    let owner = owners.get(&key);
    let there = owner.filter(|owner| matches!(owner.phase, Some(Phase::Live | Phase::Deleted)));
    match (phase, there) {
        (None | Some(Phase::Held | Phase::Purged), _) => Bond::Going,
        (Some(Phase::Joining), None) => Bond::Going,
        // The holder is removed for good, and it goes with it.
        (Some(Phase::Deleted), None) if owner.is_some_and(|owner| owner.purging) => Bond::Going,
        (Some(_), None) => Bond::Broken("an alias account without its holder", None),
        (Some(Phase::Live), Some(owner)) if owner.phase == Some(Phase::Deleted) => {
            Bond::Broken("a live alias account of a deleted holder", owner.holder.clone())
        }
        (Some(_), Some(owner)) => Bond::Fits(owner.holder.clone()),
    }
}

fn bond_of(document: Document, owners: &HashMap<Key, Owner>) -> (Document, Bond) {
    let bond = bond(&document, owners);
    (document, bond)
}
