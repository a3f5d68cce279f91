//! The whole store, record by record, over all organizations.

use super::MongoStore;
use crate::domain::holder::Holder;
use crate::registry::ports::inspection::{Inspection, Kept, KeptAliasAccount, Place, Stray};
use crate::registry::ports::store::{KeyCheck, StoreError};
use async_trait::async_trait;

fn missing<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("inspection".to_owned()))
}

#[async_trait]
impl Inspection for MongoStore {
    async fn totals(&self) -> Result<(u64, u64), StoreError> {
        missing()
    }

    async fn key_checks(&self) -> Result<Vec<KeyCheck>, StoreError> {
        missing()
    }

    async fn holders_after(
        &self,
        _place: Option<Place>,
        _size: usize,
    ) -> Result<Vec<Kept<Holder>>, StoreError> {
        missing()
    }

    async fn alias_accounts_after(
        &self,
        _place: Option<Place>,
        _size: usize,
    ) -> Result<Vec<KeptAliasAccount>, StoreError> {
        missing()
    }

    async fn strays(&self, _most: usize) -> Result<Vec<Stray>, StoreError> {
        Ok(Vec::new())
    }
}
