//! Looking after what others began and did not end in time, for nobody may come by.

use super::budget::Budget;
use super::connection::Connection;
use super::database::Collections;
use super::kind::Kind;
use super::names::UNSETTLED;
use super::standing::Standing;
use super::values::date;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::time::Timestamp;
use crate::registry::ports::store::StoreError;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use std::sync::Weak;
use std::time::Duration;

/// How often it looks. Several replicas look at different moments.
const INTERVAL: Duration = Duration::from_secs(5);

/// So many records of a collection are brought to rest at a time.
const BATCH: i64 = 100;

/// Goes on until the store is gone.
pub(super) async fn run(connection: Weak<Connection>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let Some(connection) = connection.upgrade() else { return };
        match Collections::over(connection).tidy().await {
            Ok(0) => {}
            Ok(settled) => tracing::info!(settled, "writes that did not end were settled"),
            Err(error) => tracing::warn!(%error, "writes that did not end wait to be settled"),
        }
    }
}

impl Collections {
    /// Settles what is overdue; gives the number of records that were touched. One that cannot be settled now spoils no
    /// other.
    pub(super) async fn tidy(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        for name in [Holder::COLLECTION, AliasAccount::COLLECTION] {
            let budget = Budget::of(self.timeout);
            let overdue = doc! { UNSETTLED: { "$lt": date(Timestamp::now()) } };
            let found: Vec<Document> = budget
                .again(|| {
                    let find = self.named(name).find(overdue.clone()).projection(Standing::projection());
                    async { find.limit(BATCH).await?.try_collect().await }
                })
                .await?;
            for document in &found {
                let budget = Budget::of(self.timeout);
                let end = match Standing::read(document) {
                    Ok(standing) => self.settle(&budget, name, &standing).await,
                    Err(wrong) => Err(wrong.into()),
                };
                match end {
                    Ok(()) => settled += 1,
                    Err(error) => tracing::warn!(%error, collection = name, "a record waits to be settled"),
                }
            }
        }
        Ok(settled)
    }
}
