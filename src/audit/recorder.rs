//! Entries that tell of no change of a record, on their way to the store.

use crate::registry::ports::audit::{AuditLog, AuditStore, Recorded};
use crate::registry::ports::store::StoreError;
use async_trait::async_trait;
use std::sync::Arc;

/// Stores entries as they come.
pub struct Direct(pub Arc<dyn AuditStore>);

#[async_trait]
impl AuditLog for Direct {
    async fn record(&self, entries: Vec<Recorded>) -> Result<(), StoreError> {
        self.0.keep_entries(entries).await
    }
}
