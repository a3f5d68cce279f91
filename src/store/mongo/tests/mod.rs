//! The conformance suite over a real server of MongoDB's protocol, and what only such a store can do wrong.

mod acts;
mod asked;
pub(super) mod connecting;
mod copying;
mod copying_trail;
mod crowd;
mod examined;
mod inspecting;
mod joining;
mod listing;
mod meddling;
mod preparing;
mod queries;
mod rotating;
mod stopping;
mod tour;
mod trail;

use super::events::Pools;
use super::{MongoStore, layout};
use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::LinkWalks;
use crate::registry::ports::store::Store;
use crate::store::Role;
use crate::store::conformance::Stores;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use std::sync::Arc;
use std::time::Duration;

/// Far above what any call takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database of its own, which goes with it. What a test does to it by hand goes past the store.
struct Mongo {
    store: Option<Arc<MongoStore>>,
    database: Database,
}

/// Where the test server is.
fn uri() -> String {
    std::env::var("TEST_MONGO_URI")
        .expect("TEST_MONGO_URI is not set: run `./scripts/mongo start` and set it to what that prints")
}

/// Each command that is sent must have its index.
async fn connect(name: &str) -> Database {
    connect_with(name, Some(asked::watch().0)).await
}

async fn connect_with(name: &str, handler: Option<EventHandler<CommandEvent>>) -> Database {
    let mut options = ClientOptions::parse(uri()).await.unwrap();
    options.retry_writes = Some(false);
    options.retry_reads = Some(false);
    options.command_event_handler = handler;
    Client::with_options(options).unwrap().database(name)
}

/// The store in a database that was made ready.
async fn over(database: Database) -> MongoStore {
    MongoStore::over(database, Pools::default().begin(), PATIENCE).await.unwrap()
}

impl Stores for Mongo {
    async fn fresh() -> Self {
        let database = connect_with(&format!("hg_unit_{}", uuid::Uuid::new_v4().simple()), None).await;
        layout::prepare(&database, Role::Server).await.unwrap();
        let watched = connect(database.name()).await;
        let store = Arc::new(over(watched).await);
        Self { store: Some(store), database }
    }

    fn store(&self) -> Arc<dyn Store> {
        self.store.clone().unwrap()
    }

    async fn reopen(&mut self) {
        self.store = None;
        let watched = connect(self.database.name()).await;
        self.store = Some(Arc::new(over(watched).await));
    }

    fn inspection(&self) -> Arc<dyn Inspection> {
        self.store.clone().unwrap()
    }

    fn walks(&self) -> Arc<dyn LinkWalks> {
        self.store.clone().unwrap()
    }

    fn trail(&self) -> Arc<dyn AuditStore> {
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

mod conformance {
    crate::store::conformance::suite!(crate::store::mongo::tests::Mongo);
}
