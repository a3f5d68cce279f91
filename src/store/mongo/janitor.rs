//! Looking after what others began and did not end in time, for nobody may come by.

use super::budget::Budget;
use super::database::Collections;
use super::kind::Kind;
use super::names::UNSETTLED;
use super::values::date;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;
use mongodb::bson::doc;
use std::sync::Weak;
use std::time::Duration;

/// How often it looks. Several replicas look at different moments.
const INTERVAL: Duration = Duration::from_secs(5);

/// So many records of a collection are brought to rest at a time.
const BATCH: i64 = 100;

/// Goes on until the store is gone.
pub(super) async fn run(collections: Weak<Collections>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let Some(collections) = collections.upgrade() else { return };
        match collections.tidy().await {
            Ok(0) => {}
            Ok(settled) => tracing::info!(settled, "writes that did not end were settled"),
            Err(error) => tracing::warn!(%error, "writes that did not end wait to be settled"),
        }
    }
}

impl Collections {
    /// Settles what is overdue; gives the number of records that were touched.
    pub(super) async fn tidy(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        for name in [Holder::COLLECTION, AliasAccount::COLLECTION] {
            let budget = Budget::of(self.timeout);
            let overdue = doc! { UNSETTLED: { "$lt": date(Timestamp::now()) } };
            for standing in self.standings(&budget, self.named(name), overdue, BATCH).await? {
                self.settle(&Budget::of(self.timeout), name, &standing).await?;
                settled += 1;
            }
        }
        Ok(settled)
    }
}
