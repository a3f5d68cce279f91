//! Parts of a trail that somebody else has changed.

use super::super::Mongo;
use crate::registry::ports::inspection::Stray;
use crate::store::conformance::Stores;
use crate::store::conformance::trail_damage::{
    checkpoint_is_damaged, links_are_damaged, to_be_spoiled, waiting_is_damaged,
};
use mongodb::bson::{Document, doc};

async fn change_all(stores: &Mongo, collection: &str, change: Document) {
    assert!(stores.collection(collection).update_many(doc! {}, change).await.unwrap().matched_count > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_entry_that_cannot_be_read_is_told_as_damage() {
    let stores = Mongo::fresh().await;
    for change in [
        doc! { "$unset": { "audit.0.subject": "" } },
        doc! { "$set": { "audit.0.at": "now" } },
        doc! { "$set": { "audit": [{ "at": 1_i64 }] } },
    ] {
        let organization = to_be_spoiled(&*stores.trail()).await;
        change_all(&stores, "audit_entries", change).await;
        waiting_is_damaged(&*stores.trail(), organization).await;
        stores.collection("audit_entries").delete_many(doc! {}).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_cannot_be_read_are_told_as_damage() {
    let stores = Mongo::fresh().await;
    for change in [
        doc! { "$set": { "mac": "x" } },
        doc! { "$set": { "number": -1_i64 } },
        doc! { "$unset": { "sealedAt": "" } },
    ] {
        let organization = to_be_spoiled(&*stores.trail()).await;
        change_all(&stores, "audit_trail", change).await;
        links_are_damaged(&*stores.trail(), organization).await;
        stores.collection("audit_trail").delete_many(doc! {}).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_cannot_be_read_is_told_as_damage() {
    let stores = Mongo::fresh().await;
    for change in [
        doc! { "$unset": { "checkpoint.proof": "" } },
        doc! { "$set": { "checkpoint.number": "1" } },
        doc! { "$set": { "checkpoint": 3 } },
    ] {
        let organization = to_be_spoiled(&*stores.trail()).await;
        change_all(&stores, "audit_chains", change).await;
        checkpoint_is_damaged(&*stores.trail(), organization).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_of_a_trail_that_is_astray_is_found() {
    let stores = Mongo::fresh().await;
    let organization = to_be_spoiled(&*stores.trail()).await;
    assert_eq!(stores.inspection().strays(9).await.unwrap(), []);
    let one = doc! { "number": 2_i64 };
    for (collection, filter, field, value, what) in [
        (
            "audit_entries",
            doc! {},
            "audit",
            "x",
            "an entry for the audit trail that this release cannot read",
        ),
        ("audit_chains", doc! {}, "leader", "x", "a chain of the audit trail that this release cannot read"),
        ("audit_trail", one.clone(), "mac", "x", "a link of the audit trail that this release cannot read"),
        (
            "audit_trail",
            one,
            "subject",
            "acme/bo",
            "a link of the audit trail that is found by what its entry does not tell",
        ),
    ] {
        let documents = stores.collection(collection);
        let before = documents.find_one(filter.clone()).await.unwrap().unwrap();
        documents.update_one(filter, doc! { "$set": { field: value } }).await.unwrap();
        let expected = Stray { organization: Some(organization), record: None, what: what.to_owned() };
        assert_eq!(stores.inspection().strays(9).await.unwrap(), [expected]);
        let id = doc! { "_id": before.get("_id").unwrap().clone() };
        documents.replace_one(id, before).await.unwrap();
        assert_eq!(stores.inspection().strays(9).await.unwrap(), []);
    }
    let moved = doc! { "$set": { "number": 77_i64 } };
    stores.collection("audit_trail").update_one(doc! { "number": 2_i64 }, moved).await.unwrap();
    let found = stores.inspection().strays(9).await.unwrap();
    assert_eq!(found[0].what, "a link of the audit trail whose id is not that of its number");
}
