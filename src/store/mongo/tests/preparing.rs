//! Indexes and layouts: what is made, compared and refused.

use super::super::ConnectError;
use super::super::indexes::{self, ALL};
use super::super::layout::{KNOWN, Plan, Step, migrate, plan, prepare};
use super::super::lock::{Pace, locked};
use super::asked::watch;
use super::connect_with;
use super::connecting::{open, settings};
use crate::store::Role;
use mongodb::Database;
use mongodb::bson::{Document, doc};
use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

/// No test takes as long.
const EVER: Duration = Duration::from_secs(600);
/// A lock is looked at all the time, and never lost because a machine is slow.
const FAST: Pace = Pace { beat: Duration::from_millis(5), lease: EVER, answer: EVER };
/// Whoever waits takes the lock at its second look, unless it has moved.
const HASTY: Pace = Pace { lease: Duration::ZERO, ..FAST };

async fn fresh() -> Database {
    open(&settings(&format!("hg_unit_{}", uuid::Uuid::new_v4().simple()))).await.unwrap()
}

fn silent(_: &Step) {}

async fn break_index(database: &Database, collection: &str, index: &str, instead: Option<Document>) {
    // A server of the tests answers this in a way that the driver does not take, though the index is gone.
    let drop = database.run_command(doc! { "dropIndexes": collection, "index": index });
    if let Err(error) = drop.await {
        assert!(!matches!(error.kind.as_ref(), mongodb::error::ErrorKind::Command(_)), "{error}");
    }
    if let Some(instead) = instead {
        database.run_command(doc! { "createIndexes": collection, "indexes": [instead] }).await.unwrap();
    }
}

#[tokio::test]
async fn an_empty_database_gets_every_index_and_its_layout_and_then_nothing_is_left_to_do() {
    let database = fresh().await;
    let Plan { steps, wrong } = plan(&database).await.unwrap();
    assert_eq!(wrong, []);
    assert_eq!(steps.len(), ALL.len() + 1);
    assert_eq!(steps.last(), Some(&Step::Note(KNOWN)));
    assert!(database.list_collection_names().await.unwrap().is_empty(), "a plan writes nothing");

    let told = Mutex::new(Vec::new());
    let done = migrate(&database, FAST, &|step| told.lock().unwrap().push(step.clone())).await.unwrap();
    assert_eq!((&done, told.into_inner().unwrap()), (&steps, steps.clone()));
    assert_eq!(plan(&database).await.unwrap(), Plan::default());
    assert_eq!(migrate(&database, FAST, &silent).await.unwrap(), []);
    prepare(&database, Role::Operator).await.unwrap();
    database.drop().await.unwrap();
}

#[tokio::test]
async fn each_index_that_is_missing_is_told_and_made_and_each_that_is_another_is_refused() {
    let database = fresh().await;
    migrate(&database, FAST, &silent).await.unwrap();
    for index in ALL {
        break_index(&database, index.collection, index.name, None).await;
        assert_eq!(plan(&database).await.unwrap().steps, [Step::Make(index)], "{index}");
        assert_eq!(migrate(&database, FAST, &silent).await.unwrap(), [Step::Make(index)], "{index}");
    }
    let exists = doc! { "claims": { "$exists": true } };
    let key = doc! { "organizationId": 1, "claims": 1 };
    for (collection, name, instead) in [
        ("holders", "claims", doc! { "key": &key, "unique": true }),
        ("holders", "claims", doc! { "key": &key, "partialFilterExpression": &exists }),
        (
            "holders",
            "claims",
            doc! { "key": { "claims": 1, "organizationId": 1 }, "unique": true,
            "partialFilterExpression": &exists },
        ),
        ("holders", "unsettled", doc! { "key": { "unsettled": 1 } }),
        ("alias_accounts", "places", doc! { "key": { "organizationId": 1, "_id": -1 } }),
        ("operations", "removal", doc! { "key": { "removeAt": 1 }, "expireAfterSeconds": 60 }),
    ] {
        let mut instead = instead;
        instead.insert("name", name);
        break_index(&database, collection, name, Some(instead)).await;
        let named = format!("{collection}.{name}");
        let found: Vec<String> =
            plan(&database).await.unwrap().wrong.iter().map(ToString::to_string).collect();
        assert_eq!(found, std::slice::from_ref(&named));
        let error = prepare(&database, Role::Server).await.unwrap_err();
        assert_eq!(error, ConnectError::WrongIndexes { indexes: found });
        assert!(error.to_string().contains(&named) && error.to_string().contains("drop"), "{error}");
        break_index(&database, collection, name, None).await;
        migrate(&database, FAST, &silent).await.unwrap();
    }
    database.drop().await.unwrap();
}

#[tokio::test]
async fn many_at_once_do_it_once() {
    let database = fresh().await;
    let at_once = (0..10).map(|_| migrate(&database, FAST, &silent));
    let mut busy = 0;
    for done in futures::future::join_all(at_once).await {
        let done = done.unwrap();
        busy += usize::from(!done.is_empty());
        assert!(done.is_empty() || done.len() == ALL.len() + 1, "{done:?}");
    }
    assert_eq!(busy, 1);
    assert_eq!(indexes::compare(&database).await.unwrap(), indexes::Compared::default());
    let left = database.collection::<Document>("layout").count_documents(doc! {}).await.unwrap();
    assert_eq!(left, 1, "the lock is given back");
    database.drop().await.unwrap();
}

#[tokio::test]
async fn the_lock_of_one_that_died_is_taken_over() {
    let database = fresh().await;
    let layout = database.collection::<Document>("layout");
    layout.insert_one(doc! { "_id": "lock", "holder": "somebody", "beat": 7_i64 }).await.unwrap();
    let held =
        locked(&layout, HASTY, async { Ok(layout.find_one(doc! { "_id": "lock" }).await.unwrap().unwrap()) });
    let held = held.await.unwrap();
    assert_ne!(held.get_str("holder").unwrap(), "somebody");
    assert_eq!(layout.count_documents(doc! { "_id": "lock" }).await.unwrap(), 0, "it is given back");
    database.drop().await.unwrap();
}

#[tokio::test]
async fn nobody_trusts_a_list_of_indexes_while_another_process_has_the_lock() {
    let database = fresh().await;
    migrate(&database, FAST, &silent).await.unwrap();
    let layout = database.collection::<Document>("layout");
    layout.insert_one(doc! { "_id": "lock", "holder": "somebody", "beat": 7_i64 }).await.unwrap();
    assert_eq!(migrate(&database, HASTY, &silent).await.unwrap(), []);
    assert_eq!(layout.count_documents(doc! { "_id": "lock" }).await.unwrap(), 0, "it was waited for");
    database.drop().await.unwrap();
}

#[tokio::test]
async fn where_all_is_there_each_index_is_asked_for_once_more_and_nothing_is_written() {
    let database = fresh().await;
    migrate(&database, FAST, &silent).await.unwrap();
    let (handler, sent) = watch();
    let watched = connect_with(database.name(), Some(handler)).await;
    for (role, asked) in [(Role::Operator, 0), (Role::Server, ALL.len())] {
        prepare(&watched, role).await.unwrap();
        let sent = std::mem::take(&mut *sent.lock().unwrap());
        let names: Vec<&str> =
            sent.iter().flat_map(|command| command.keys().next()).map(String::as_str).collect();
        let (made, others): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| **name == "createIndexes");
        assert_eq!(made.len(), asked, "{names:?}");
        assert!(others.iter().all(|name| ["find", "listIndexes"].contains(name)), "{names:?}");
    }
    database.drop().await.unwrap();
}

#[tokio::test]
async fn whoever_loses_the_lock_stops() {
    let database = fresh().await;
    let layout = database.collection::<Document>("layout");
    let end = locked(&layout, FAST, async {
        let theirs = doc! { "$set": { "holder": "another" } };
        layout.update_one(doc! { "_id": "lock" }, theirs).await.unwrap();
        std::future::pending::<Result<(), ConnectError>>().await
    });
    assert_eq!(end.await.unwrap_err(), ConnectError::LockLost);
    assert_eq!(layout.count_documents(doc! { "holder": "another" }).await.unwrap(), 1);
    database.drop().await.unwrap();
}

#[tokio::test]
async fn a_layout_of_another_release_is_refused_with_both_numbers() {
    let database = fresh().await;
    let error = prepare(&database, Role::Operator).await.unwrap_err();
    assert!(matches!(error, ConnectError::OlderLayout { found: 0, known: KNOWN, .. }), "{error:?}");
    assert!(error.to_string().contains("holdergraph migrate"), "{error}");
    assert!(
        database.list_collection_names().await.unwrap().is_empty(),
        "an operator's command writes nothing"
    );

    prepare(&database, Role::Server).await.unwrap();
    let layout = database.collection::<Document>("layout");
    let newer = doc! { "$set": { "version": KNOWN + 4 } };
    layout.update_one(doc! { "_id": "layout" }, newer).await.unwrap();
    for role in [Role::Server, Role::Operator] {
        let error = prepare(&database, role).await.unwrap_err();
        let told = error.to_string();
        assert!(matches!(error, ConnectError::NewerLayout { .. }), "{error:?}");
        assert!(
            told.contains(&format!("layout {}", KNOWN + 4)) && told.contains(&KNOWN.to_string()),
            "{told}"
        );
    }
    layout.update_one(doc! { "_id": "layout" }, doc! { "$set": { "version": "1" } }).await.unwrap();
    let error = prepare(&database, Role::Server).await.unwrap_err();
    assert_eq!(error, ConnectError::Unreadable { what: "layout" });
    database.drop().await.unwrap();
}

#[tokio::test]
async fn records_that_hold_one_claim_twice_are_told_and_no_layout_is_noted() {
    let database = fresh().await;
    let holders = database.collection::<Document>("holders");
    for id in 0..2 {
        holders.insert_one(doc! { "_id": id, "organizationId": 1, "claims": ["a"] }).await.unwrap();
    }
    let error = migrate(&database, FAST, &silent).await.unwrap_err();
    assert_eq!(error, ConnectError::Duplicates { index: "holders.claims".to_owned() });
    assert!(matches!(
        prepare(&database, Role::Operator).await.unwrap_err(),
        ConnectError::OlderLayout { found: 0, .. }
    ));
    database.drop().await.unwrap();
}

#[test]
fn every_index_has_a_name_of_its_own_and_begins_with_the_organization_unless_all_of_them_are_looked_through()
{
    let names: HashSet<String> = ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), ALL.len());
    for index in ALL {
        let first = index.keys.first().copied();
        let of_all = ["unsettled", "removal", "waiting_longest"];
        assert!(first == Some("organizationId") || of_all.contains(&index.name), "{index}");
    }
}
