//! Finding records of either kind by their ids.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::record::Detail;
use super::read_entities::{EntityKey, Found};
use crate::domain::ids::{AliasAccountId, HolderId};
use std::collections::HashMap;
use uuid::Uuid;

impl Registry {
    /// The live records with these ids, each with its own answer: which permission it needs depends on what it is, so
    /// it is looked up first. What is not there is not in the answer.
    pub async fn nodes(
        &self,
        caller: &Caller,
        ids: &[Uuid],
        detail: Detail,
    ) -> Result<HashMap<Uuid, Result<Found, Failure>>, Failure> {
        let either =
            |id: &Uuid| [EntityKey::Holder(HolderId(*id)), EntityKey::AliasAccount(AliasAccountId(*id))];
        let keys: Vec<EntityKey> = ids.iter().flat_map(either).collect();
        let found = self.entities(caller, &keys, detail).await?;
        let by_id = |(key, one)| match key {
            EntityKey::Holder(HolderId(id)) | EntityKey::AliasAccount(AliasAccountId(id)) => Some((id, one)),
            EntityKey::LedgerAccount(..) => None,
        };
        Ok(found.into_iter().filter_map(by_id).collect())
    }
}
