//! The conformance suite over a real server of MongoDB's protocol, and what only such a store can do wrong.

mod acts;
mod stopping;

use super::MongoStore;
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::store::Store;
use crate::store::conformance::Stores;
use mongodb::bson::doc;
use mongodb::options::{ClientOptions, IndexOptions};
use mongodb::{Client, Database, IndexModel};
use std::sync::Arc;
use std::time::Duration;

/// Far above what any call takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database of its own, which goes with it.
struct Mongo {
    store: Option<Arc<MongoStore>>,
    database: Database,
}

/// Where the test server is.
fn uri() -> String {
    std::env::var("TEST_MONGO_URI")
        .expect("TEST_MONGO_URI is not set: run `./scripts/mongo start` and set it to what that prints")
}

async fn connect(name: &str) -> Database {
    let mut options = ClientOptions::parse(uri()).await.unwrap();
    options.retry_writes = Some(false);
    options.retry_reads = Some(false);
    Client::with_options(options).unwrap().database(name)
}

impl Stores for Mongo {
    async fn fresh() -> Self {
        let database = connect(&format!("hg_unit_{}", uuid::Uuid::new_v4().simple())).await;
        let unique = IndexOptions::builder()
            .unique(true)
            .partial_filter_expression(doc! {"claims": {"$exists": true}})
            .name("claims".to_owned())
            .build();
        for name in ["holders", "alias_accounts"] {
            let claims =
                IndexModel::builder().keys(doc! {"organizationId": 1, "claims": 1}).options(unique.clone());
            let plain = |keys| IndexModel::builder().keys(keys).build();
            let indexes = [
                claims.build(),
                plain(doc! {"organizationId": 1, "tokens": 1, "state": 1, "createdAt": 1, "_id": 1}),
                plain(doc! {"organizationId": 1, "tokens": 1, "state": 1, "updatedAt": 1, "_id": 1}),
                plain(doc! {"organizationId": 1, "_id": 1}),
                plain(doc! {"unsettled": 1}),
            ];
            database.collection::<mongodb::bson::Document>(name).create_indexes(indexes).await.unwrap();
        }
        let store = Arc::new(MongoStore::over(database.clone(), PATIENCE).await.unwrap());
        Self { store: Some(store), database }
    }

    fn store(&self) -> Arc<dyn Store> {
        self.store.clone().unwrap()
    }

    async fn reopen(&mut self) {
        self.store = None;
        let database = connect(self.database.name()).await;
        self.store = Some(Arc::new(MongoStore::over(database.clone(), PATIENCE).await.unwrap()));
        self.database = database;
    }

    fn inspection(&self) -> Arc<dyn Inspection> {
        self.store.clone().unwrap()
    }
}

impl Drop for Mongo {
    fn drop(&mut self) {
        let database = self.database.clone();
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async move { database.drop().await }).unwrap();
        });
    }
}

mod connecting;

mod conformance {
    crate::store::conformance::suite!(crate::store::mongo::tests::Mongo);
}
