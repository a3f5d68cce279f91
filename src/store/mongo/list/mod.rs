//! Lists: pages and counts of what a filter lets through.

use super::budget::Budget;
use super::database::Collections;
use super::kind::Kind;
use crate::domain::ids::{HolderId, OrganizationId};
use crate::registry::ports::list::{Count, Filter, Page, PageRequest};
use crate::registry::ports::record::{AliasAccountRecord, Stored};
use crate::registry::ports::store::StoreError;
use std::collections::HashMap;

impl Collections {
    /// One page of a list of records.
    pub(super) async fn page<T: Kind>(
        &self,
        _budget: &Budget,
        _organization: OrganizationId,
        _filter: &Filter,
        _request: &PageRequest,
    ) -> Result<Page<Stored<T>>, StoreError> {
        Err(StoreError::Unavailable("lists".to_owned()))
    }

    /// How many records a list holds.
    pub(super) async fn count<T: Kind>(
        &self,
        _budget: &Budget,
        _organization: OrganizationId,
        _filter: &Filter,
    ) -> Result<Count, StoreError> {
        Err(StoreError::Unavailable("lists".to_owned()))
    }

    /// One page of each holder's alias accounts.
    pub(super) async fn pages_of_holders(
        &self,
        _budget: &Budget,
        _organization: OrganizationId,
        _holders: &[HolderId],
        _filter: &Filter,
        _request: &PageRequest,
    ) -> Result<HashMap<HolderId, Page<AliasAccountRecord>>, StoreError> {
        Err(StoreError::Unavailable("lists".to_owned()))
    }

    /// How many alias accounts each holder has.
    pub(super) async fn counts_of_holders(
        &self,
        _budget: &Budget,
        _organization: OrganizationId,
        _holders: &[HolderId],
        _filter: &Filter,
    ) -> Result<HashMap<HolderId, Count>, StoreError> {
        Err(StoreError::Unavailable("lists".to_owned()))
    }
}
