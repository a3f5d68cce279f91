//! Records that are not as they are written, or do not fit each other.

use super::{Broken, id, long_ago};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Document, JavaScriptCodeWithScope, Timestamp, doc};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_cannot_be_read_and_all_others_are_kept() {
    let what = "a record that this release cannot read";
    for change in [
        doc! { "$set": { "clear.type": "ROBOT" } },
        doc! { "$set": { "clear.metadata": "{\"k\": []}" } },
        doc! { "$set": { "generations": "1" } },
        doc! { "$set": { "version": "1" } },
        doc! { "$set": { "createdAt": "yesterday" } },
        doc! { "$unset": { "sealed": "" } },
        doc! { "$set": { "audit": [1] } },
        doc! { "$set": { "stamp": 1 } },
        doc! { "$set": { "tokens": [1] } },
    ] {
        let broken = Broken::new().await;
        let [owner, _, dead, _] = broken.ids();
        broken.change(owner, change.clone()).await.tells(owner, what).await;
        // These two are not part of what is kept of a record.
        let is_kept = change
            .get_document("$set")
            .is_ok_and(|set| set.contains_key("audit") || set.contains_key("stamp"));
        for size in [1, 9] {
            let kept = broken.inspection().holders_after(None, size).await.unwrap();
            let ids: Vec<_> = kept.iter().map(|kept| kept.record.clear.id.0).collect();
            assert!(if is_kept { ids.contains(&owner) || size == 1 } else { ids == [dead] }, "{change}");
        }
        assert_eq!(broken.inspection().alias_accounts_after(None, 9).await.unwrap().len(), 2);
    }
    let broken = Broken::new().await;
    let [_, account, ..] = broken.ids();
    broken
        .change(account, doc! { "$set": { "clear.relatedParties": "{}" } })
        .await
        .tells(account, what)
        .await;
    assert_eq!(broken.inspection().alias_accounts_after(None, 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_no_release_wrote() {
    let broken = Broken::new().await;
    let nobody = Uuid::from_u128(7);
    broken.holders().insert_one(doc! { "_id": "x", "name": "somebody" }).await.unwrap();
    broken.alias_accounts().insert_one(doc! { "_id": id(nobody), "state": "asleep" }).await.unwrap();
    broken.stores.database.collection("operations").insert_one(doc! { "_id": 5 }).await.unwrap();
    broken
        .stores
        .database
        .collection("key_checks")
        .insert_one(doc! { "_id": "1", "value": "x" })
        .await
        .unwrap();
    let strays = broken.inspection().strays(100).await.unwrap();
    let told: Vec<_> =
        strays.iter().map(|stray| (stray.organization, stray.record, stray.what.as_str())).collect();
    let other_id = "a document with an id as this release never writes it";
    assert_eq!(
        told,
        [
            (None, None, other_id),
            (None, Some(nobody), "a record that this release cannot read"),
            (None, None, other_id),
            (None, None, "a check value that this release cannot read"),
        ]
    );
    assert!(!format!("{strays:?}").contains("somebody"));
    assert_eq!(broken.inspection().holders_after(None, 9).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_every_other_type() {
    let broken = Broken::new().await;
    let scope = JavaScriptCodeWithScope { code: "f".to_owned(), scope: doc! { "a": 1 } };
    let ids = [
        Bson::MinKey,
        Bson::Null,
        Bson::Double(f64::NAN),
        Bson::Double(f64::NEG_INFINITY),
        Bson::Int32(-7),
        Bson::Double(0.5),
        Bson::Int64(i64::MAX),
        Bson::Decimal128("1E+300".parse().unwrap()),
        Bson::from(""),
        Bson::from("x"),
        Bson::from(doc! {}),
        Bson::from(doc! { "a": 1 }),
        Bson::ObjectId(ObjectId::from_bytes([0; 12])),
        Bson::ObjectId(ObjectId::from_bytes([255; 12])),
        Bson::Boolean(false),
        Bson::Boolean(true),
        Bson::DateTime(DateTime::MIN),
        Bson::DateTime(DateTime::MAX),
        Bson::Timestamp(Timestamp { time: 1, increment: 0 }),
        Bson::Timestamp(Timestamp { time: u32::MAX, increment: u32::MAX }),
        Bson::JavaScriptCode(String::new()),
        Bson::JavaScriptCode("function".to_owned()),
        Bson::JavaScriptCodeWithScope(scope),
        Bson::MaxKey,
    ];
    for name in ["holders", "alias_accounts", "operations"] {
        let collection = broken.stores.database.collection::<Document>(name);
        collection.insert_many(ids.iter().map(|id| doc! { "_id": id })).await.unwrap();
        assert_eq!(broken.inspection().strays(100).await.unwrap().len(), ids.len(), "{name}");
        assert_eq!(broken.inspection().strays(4).await.unwrap().len(), 4);
        collection.delete_many(doc! { "_id": { "$not": { "$type": "binData" } } }).await.unwrap();
    }
    assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_that_do_not_fit_their_record() {
    let broken = Broken::new().await;
    let [owner, account, dead, dead_account] = broken.ids();
    let (held, none) = ("a deleted record that holds claims", "a live record that holds no claim");
    let other = "a claim of another kind than its record";
    for (record, change, back, what) in [
        (dead, doc! { "$set": { "claims": ["document.1/1/a"] } }, Bson::Null, held),
        (dead_account, doc! { "$set": { "claims": ["account/a/b"] } }, Bson::Null, held),
        // No claim at all, but two of them would be in each other's way.
        (dead, doc! { "$set": { "claims": [] } }, Bson::Null, held),
        (owner, doc! { "$unset": { "claims": "" } }, Bson::from(vec!["document.1/1/b"]), none),
        (account, doc! { "$unset": { "claims": "" } }, Bson::from(vec!["account/a/b"]), none),
        (account, doc! { "$set": { "claims": [] } }, Bson::from(vec!["account/a/b"]), none),
        (owner, doc! { "$push": { "claims": "account/a/b" } }, Bson::from(vec!["document.1/1/b"]), other),
        (account, doc! { "$push": { "claims": "document.1/1/b" } }, Bson::from(vec!["account/a/b"]), other),
    ] {
        broken.change(record, change).await.tells(record, what).await;
        let back = match back {
            Bson::Null => doc! { "$unset": { "claims": "" } },
            claims => doc! { "$set": { "claims": claims } },
        };
        broken.change(record, back).await;
        assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_lists_do_not_show_as_they_are() {
    let broken = Broken::new().await;
    let [owner, account, dead, dead_account] = broken.ids();
    let (state, all) = (
        "a record whose state is not what its time of deletion tells",
        "a record that is not in the list of all",
    );
    let reviving = "a record that is about to be restored, and not found as such";
    for (record, change, back, what) in [
        (
            account,
            doc! { "$set": { "deletedAt": long_ago() } },
            doc! { "$unset": { "deletedAt": "" } },
            state,
        ),
        (dead, doc! { "$unset": { "deletedAt": "" } }, doc! { "$set": { "deletedAt": long_ago() } }, state),
        (owner, doc! { "$pull": { "tokens": "" } }, doc! { "$push": { "tokens": "" } }, all),
        (dead_account, doc! { "$pull": { "tokens": "" } }, doc! { "$push": { "tokens": "" } }, all),
        (
            dead_account,
            doc! { "$push": { "tokens": format!("reviving/{owner}") } },
            doc! { "$pull": { "tokens": format!("reviving/{owner}") } },
            reviving,
        ),
    ] {
        broken.change(record, change).await.tells(record, what).await;
        broken.change(record, back).await;
        assert_eq!(broken.inspection().strays(9).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alias_accounts_without_their_holder_or_with_a_deleted_one() {
    let broken = Broken::new().await;
    let [owner, account, dead, dead_account] = broken.ids();
    let moved = doc! { "$set": { "clear.holderId": id(dead) } };
    broken.change(account, moved).await.tells(account, "a live alias account of a deleted holder").await;
    broken.change(account, doc! { "$set": { "clear.holderId": id(owner) } }).await;
    let kept = broken.inspection().alias_accounts_after(None, 9).await.unwrap();
    assert!(kept.iter().all(|kept| kept.holder.as_ref().is_some_and(|holder| holder.id.0 == owner)));

    broken.holders().delete_one(doc! { "_id": id(owner) }).await.unwrap();
    let mut orphans = broken.inspection().strays(100).await.unwrap();
    orphans.sort_by_key(|stray| stray.record);
    let mut expected = [account, dead_account];
    expected.sort();
    assert_eq!(orphans.iter().map(|stray| stray.record.unwrap()).collect::<Vec<_>>(), expected);
    assert!(orphans.iter().all(|stray| stray.what == "an alias account without its holder"));
    let kept = broken.inspection().alias_accounts_after(None, 9).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|kept| kept.holder.is_none()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_than_so_many_are_told() {
    let broken = Broken::new().await;
    for record in broken.ids() {
        broken.change(record, doc! { "$pull": { "tokens": "" } }).await;
    }
    for (most, told) in [(0, 0), (1, 1), (3, 3), (100, 4)] {
        assert_eq!(broken.inspection().strays(most).await.unwrap().len(), told);
    }
}
