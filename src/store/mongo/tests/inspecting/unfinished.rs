//! What was begun and not brought to its end.

use super::{Broken, id, in_a_year, long_ago};
use crate::domain::holder::Holder;
use crate::registry::ports::inspection::Stray;
use crate::store::conformance::Stores;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{concluding, operation, organization, wrote};
use mongodb::bson::{Document, doc};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alias_accounts_that_go_with_their_holder_are_not_astray() {
    let broken = Broken::new().await;
    let [_, account, ..] = broken.ids();
    broken.account.clear.bury(&*broken.stores.store()).await;
    // As the removal of a holder leaves it that has only begun.
    let removed = doc! {
        "$set": { "state": "purged", "purging": [], "unsettled": in_a_year() },
        "$unset": { "clear": "", "claims": "", "tokens": "", "sealed": "", "generations": "", "createdAt": "",
            "updatedAt": "", "version": "" },
    };
    broken.change(broken.owner.clear.id.0, removed).await;
    assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
    assert!(broken.inspection().alias_accounts_after(None, 9).await.unwrap().is_empty());
    // They came with it, and are not there before it is.
    let held = doc! { "$set": { "state": "joining", "unsettled": in_a_year() }, "$unset": { "deletedAt": "" },
    "$push": { "claims": "account/a/b" } };
    broken.change(account, held).await;
    assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_and_not_brought_to_its_end() {
    let late = "a record with which something was begun that nobody brought to its end";
    let never = "a record with which something was begun that nobody will bring to its end";
    for (change, what) in [
        (doc! { "$set": { "unsettled": long_ago() } }, late),
        (doc! { "$set": { "deleting": id(Uuid::nil()) } }, never),
        (doc! { "$set": { "state": "held" } }, never),
    ] {
        let broken = Broken::new().await;
        broken.change(broken.account.clear.id.0, change).await.tells(broken.account.clear.id.0, what).await;
    }
    let broken = Broken::new().await;
    let begun = doc! { "$set": { "deleting": id(Uuid::nil()), "unsettled": in_a_year() } };
    broken.change(broken.owner.clear.id.0, begun).await;
    assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removed_records_of_which_something_is_left() {
    for left in [
        "clear",
        "claims",
        "tokens",
        "sealed",
        "generations",
        "createdAt",
        "updatedAt",
        "deletedAt",
        "version",
    ] {
        let broken = Broken::new().await;
        let [.., dead, _] = broken.ids();
        let mut all = doc! { "clear": "", "claims": "", "tokens": "", "sealed": "", "generations": "", "createdAt": "",
        "updatedAt": "", "deletedAt": "", "version": "" };
        all.remove(left);
        let mut removed = doc! { "state": "purged" };
        if left == "claims" {
            removed.insert(left, vec!["document.1/1/a"]);
        }
        broken.change(dead, doc! { "$set": removed, "$unset": all }).await;
        broken.tells(dead, "a removed record of which something is left").await;
        broken.change(dead, doc! { "$unset": { left: "" } }).await;
        assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_that_are_not_as_they_are_written() {
    let broken = Broken::new().await;
    let store = broken.stores.store();
    let key = operation(organization(), 1);
    let owner = Holder::stored(&*store, key.organization).await;
    store.conclude(concluding(&key, wrote(&owner)).unwrap()).await.unwrap();
    assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
    let operations = broken.stores.database.collection::<Document>("operations");
    for (change, back, what) in [
        (
            doc! { "$unset": { "removeAt": "" } },
            doc! { "$set": { "removeAt": in_a_year() } },
            "an operation that never expires",
        ),
        (
            doc! { "$set": { "state": "asleep" } },
            doc! { "$set": { "state": "committed" } },
            "an operation that this release cannot read",
        ),
        (
            doc! { "$set": { "state": "pending" } },
            doc! { "$set": { "state": "committed" } },
            "an operation that cannot be decided",
        ),
        (doc! { "$set": { "fingerprint": 1 } }, doc! {}, "an operation that this release cannot read"),
    ] {
        operations.update_one(doc! {}, change).await.unwrap();
        let strays = broken.inspection().strays(9).await.unwrap();
        assert_eq!(
            strays,
            [Stray { organization: Some(key.organization), record: None, what: what.to_owned() }]
        );
        if !back.is_empty() {
            operations.update_one(doc! {}, back).await.unwrap();
            assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
        }
    }
}
