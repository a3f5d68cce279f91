//! The server that tests over MongoDB use, past the service.

use super::super::apart;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use std::sync::LazyLock;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    apart::wait(async { Client::with_options(ClientOptions::parse(uri()).await.unwrap()).unwrap() })
});

/// Where it is.
pub(crate) fn uri() -> String {
    std::env::var("TEST_MONGO_URI").unwrap_or_else(|_| {
        panic!("this test needs a server of MongoDB's protocol: set TEST_MONGO_URI, or run scripts/test --only mongo")
    })
}

/// One of its databases.
pub(crate) fn database(name: &str) -> Database {
    CLIENT.database(name)
}

/// Removes a database.
pub(crate) fn drop_database(name: String) {
    let dropped = apart::wait(async move { database(&name).drop().await });
    // A test that fails already tells its own reason.
    if !std::thread::panicking() {
        dropped.unwrap();
    }
}

/// How many documents of a collection a filter finds.
pub(crate) fn count(database: &str, collection: &str, filter: Document) -> i64 {
    let collection = self::database(database).collection::<Document>(collection);
    let count = apart::wait(async move { collection.count_documents(filter).await.unwrap() });
    i64::try_from(count).unwrap()
}

/// What a filter finds.
pub(crate) fn select(database: &str, collection: &str, filter: Document) -> Vec<Document> {
    let collection = self::database(database).collection::<Document>(collection);
    apart::wait(async move { collection.find(filter).await.unwrap().try_collect().await.unwrap() })
}

/// Every document of a database, with its collection's name.
pub(crate) fn all(database: &str) -> Vec<(String, Document)> {
    let database = self::database(database);
    apart::wait(async move {
        let mut all = Vec::new();
        for name in database.list_collection_names().await.unwrap() {
            let found = database.collection::<Document>(&name).find(doc! {}).await.unwrap();
            let found: Vec<Document> = found.try_collect().await.unwrap();
            all.extend(found.into_iter().map(|document| (name.clone(), document)));
        }
        all
    })
}

/// Changes the one document that has this id.
pub(crate) fn change(database: &str, collection: &str, id: uuid::Uuid, update: Document) {
    let collection = self::database(database).collection::<Document>(collection);
    let filter = doc! {"_id": mongodb::bson::Uuid::from_bytes(id.into_bytes())};
    let changed = apart::wait(async move { collection.update_one(filter, update).await.unwrap() });
    assert_eq!(changed.modified_count, 1);
}

/// The one document that has this id.
pub(crate) fn find(database: &str, collection: &str, id: uuid::Uuid) -> Option<Document> {
    let collection = self::database(database).collection::<Document>(collection);
    let filter = doc! {"_id": mongodb::bson::Uuid::from_bytes(id.into_bytes())};
    apart::wait(async move { collection.find_one(filter).await.unwrap() })
}
