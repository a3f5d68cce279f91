//! The database that a test's service works on, past the service.

use super::super::apart;
use super::super::folder;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use uuid::Uuid;

/// One client a server.
static CLIENTS: LazyLock<Mutex<HashMap<String, Client>>> = LazyLock::new(Mutex::default);

/// Where the server of the tests is.
pub(crate) fn uri() -> String {
    std::env::var("TEST_MONGO_URI").unwrap_or_else(|_| {
        panic!("this test needs a server of MongoDB's protocol: set TEST_MONGO_URI, for example to what scripts/mongo start prints")
    })
}

/// The database of a folder.
pub(crate) fn database(dir: &Path) -> Database {
    client(folder::uri(dir)).database(&folder::database(dir))
}

fn client(uri: String) -> Client {
    let connect = |uri: String| {
        apart::wait(async { Client::with_options(ClientOptions::parse(uri).await.unwrap()).unwrap() })
    };
    CLIENTS.lock().unwrap().entry(uri.clone()).or_insert_with(|| connect(uri)).clone()
}

/// Removes the database of a folder.
pub(crate) fn drop_database(dir: &Path) {
    let database = database(dir);
    let dropped = apart::wait(async move { database.drop().await });
    // A test that fails already tells its own reason.
    if !std::thread::panicking() {
        dropped.unwrap();
    }
}

/// How many documents of a collection a filter finds.
pub(crate) fn count(dir: &Path, collection: &str, filter: Document) -> i64 {
    let collection = database(dir).collection::<Document>(collection);
    let count = apart::wait(async move { collection.count_documents(filter).await.unwrap() });
    i64::try_from(count).unwrap()
}

/// What a filter finds.
pub(crate) fn select(dir: &Path, collection: &str, filter: Document) -> Vec<Document> {
    let collection = database(dir).collection::<Document>(collection);
    apart::wait(async move { collection.find(filter).await.unwrap().try_collect().await.unwrap() })
}

/// The names of its collections.
pub(crate) fn collections(dir: &Path) -> Vec<String> {
    let database = database(dir);
    apart::wait(async move { database.list_collection_names().await.unwrap() })
}

/// The one document that has this id.
pub(crate) fn find(dir: &Path, collection: &str, id: Uuid) -> Option<Document> {
    select(dir, collection, by_id(id)).pop()
}

/// Changes the one document that has this id.
pub(crate) fn change(dir: &Path, collection: &str, id: Uuid, update: Document) {
    let collection = database(dir).collection::<Document>(collection);
    let changed = apart::wait(async move { collection.update_one(by_id(id), update).await.unwrap() });
    assert_eq!(changed.modified_count, 1);
}

fn by_id(id: Uuid) -> Document {
    doc! {"_id": mongodb::bson::Uuid::from_bytes(id.into_bytes())}
}
