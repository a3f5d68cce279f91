//! Reading records by their ids or claims.

use super::alias_accounts::HOLDER_ID;
use super::budget::Budget;
use super::database::Collections;
use super::document::{projection, record};
use super::kind::Kind;
use super::names::CLEAR;
use super::names::{CLAIMS, ORGANIZATION, STATE};
use super::phase::Phase;
use super::values::{Fields, uuid};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Claim, Detail, Stored};
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Collections {
    /// The records with these ids that are in this state.
    pub(super) async fn by_ids<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        ids: impl IntoIterator<Item = Uuid>,
        state: State,
        detail: Detail,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        let ids: BTreeSet<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.into_iter().map(uuid).collect();
        let filter = doc! {
            ORGANIZATION: uuid(organization.0), "_id": { "$in": ids }, STATE: { "$in": Phase::names(Phase::of(state)) },
        };
        self.records_of(budget, filter, detail).await
    }

    /// The live records that hold one of these claims, each once.
    pub(super) async fn by_claims<T: Kind>(
        &self,
        budget: &Budget,
        organization: OrganizationId,
        claims: &[Claim],
        detail: Detail,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let claims: Vec<&str> = claims.iter().map(|claim| claim.0.as_str()).collect();
        let filter = doc! {
            ORGANIZATION: uuid(organization.0), CLAIMS: { "$in": claims },
            STATE: { "$in": Phase::names(Phase::of(State::Live)) },
        };
        self.records_of(budget, filter, detail).await
    }

    async fn records_of<T: Kind>(
        &self,
        budget: &Budget,
        filter: Document,
        detail: Detail,
    ) -> Result<Vec<Stored<T>>, StoreError> {
        let found: Vec<Document> = budget
            .again(|| {
                let find = self.records::<T>().find(filter.clone()).projection(projection(detail));
                async { find.await?.try_collect().await }
            })
            .await?;
        let found = self.there(budget, found).await?;
        Ok(found.iter().map(record).collect::<Result<_, _>>()?)
    }

    /// Of documents that were read, those that are there for readers: an alias account that came with its holder is so
    /// as soon as the holder is.
    pub(super) async fn there(
        &self,
        budget: &Budget,
        mut documents: Vec<Document>,
    ) -> Result<Vec<Document>, StoreError> {
        let mut holders = BTreeSet::new();
        let mut organization = None;
        for document in &documents {
            if let Some(holder) = joining(document)? {
                holders.insert(holder);
                organization = Some(Fields(document).uuid(ORGANIZATION)?);
            }
        }
        let Some(organization) = organization else { return Ok(documents) };
        let ids: Vec<_> = holders.into_iter().map(uuid).collect();
        let phases = Phase::names(&[Phase::Live, Phase::Deleted]);
        let filter = doc! {
            ORGANIZATION: uuid(organization), "_id": { "$in": ids }, STATE: { "$in": phases },
        };
        let found: Vec<Document> = budget
            .again(|| {
                let find = self.holders.find(filter.clone()).projection(doc! { "_id": 1 });
                async { find.await?.try_collect().await }
            })
            .await?;
        let found = found.iter().map(|holder| Fields(holder).uuid("_id"));
        let found: BTreeSet<Uuid> = found.collect::<Result<_, _>>()?;
        documents.retain(|document| match joining(document) {
            Ok(Some(holder)) => found.contains(&holder),
            _ => true,
        });
        Ok(documents)
    }
}

/// The holder with which an alias account is about to come.
fn joining(document: &Document) -> Result<Option<Uuid>, StoreError> {
    let fields = Fields(document);
    if fields.text(STATE)? != Phase::Joining.name() {
        return Ok(None);
    }
    Ok(Some(fields.document(CLEAR)?.uuid(HOLDER_ID)?))
}
