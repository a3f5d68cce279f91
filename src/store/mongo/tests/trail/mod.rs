//! The audit trail: what only a store of single documents can do wrong with it.

mod damage;
mod late;
mod outbox;

use super::super::values::uuid;
use super::Mongo;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use uuid::Uuid;

impl Mongo {
    fn collection(&self, name: &str) -> Collection<Document> {
        self.database.collection(name)
    }

    /// Changes one record's document by hand.
    async fn by_hand(&self, collection: &str, record: Uuid, change: Document) {
        let end = self.collection(collection).update_one(doc! { "_id": uuid(record) }, change).await;
        assert_eq!(end.unwrap().matched_count, 1);
    }

    /// What waits in a record's document.
    async fn entries_in(&self, collection: &str, record: Uuid) -> Vec<Bson> {
        let found = self.collection(collection).find_one(doc! { "_id": uuid(record) }).await;
        found.unwrap().unwrap().get_array("audit").unwrap().clone()
    }
}
