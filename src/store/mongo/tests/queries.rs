//! The table of queries against the server: every question has its index.

use super::super::MongoStore;
use super::super::queries::{ALL, Query};
use super::super::values::{bytes, uuid};
use super::asked::{self, Shape, questions, watch};
use super::{Mongo, PATIENCE, connect_with, tour};
use crate::store::conformance::Stores;
use crate::store::conformance::records::organization;
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Enough that no server thinks it quicker to read them all.
const MANY: u32 = 3_000;

/// Fills all collections of a database beside what is there.
async fn fill(database: &Database) {
    for name in ["holders", "alias_accounts"] {
        let records = database.collection::<Document>(name);
        let template = records.find_one(doc! { "state": "live" }).await.unwrap().unwrap();
        let organization = uuid(organization().0);
        let made = (0..MANY).map(|n| {
            let mut document = template.clone();
            document.insert("_id", uuid(Uuid::from_u128(n.into())));
            document.insert("organizationId", organization.clone());
            document.insert("claims", vec![format!("document.1/{n}")]);
            document.insert("createdAt", mongodb::bson::DateTime::from_millis(n.into()));
            document
        });
        records.insert_many(made).await.unwrap();
    }
    let operations = database.collection::<Document>("operations");
    let template = operations.find_one(doc! {}).await.unwrap().unwrap();
    let made = (0..MANY).map(|n| {
        let mut document = template.clone();
        document.insert("_id", bytes(&n.to_be_bytes()));
        document
    });
    operations.insert_many(made).await.unwrap();
}

/// One command for each shape of question that any call asks.
async fn toured(stores: &Mongo) -> BTreeMap<Vec<Shape>, Document> {
    let (handler, sent) = watch();
    let database = connect_with(stores.database.name(), Some(handler)).await;
    let store = MongoStore::over(database, PATIENCE).await.unwrap();
    tour::a_filling(&store).await;
    tour::every_call(&store).await;
    tour::a_copy(&store).await;
    fill(&stores.database).await;
    tour::every_call(&store).await;
    tour::every_list(&store).await;
    tour::every_repair(&store, &stores.database).await;
    let sent = sent.lock().unwrap().clone();
    sent.into_iter()
        .map(|command| (questions(&command), command))
        .filter(|(shapes, _)| !shapes.is_empty())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_has_its_index_and_the_server_uses_it() {
    let stores = Mongo::fresh().await;
    let commands = toured(&stores).await;
    let asked: BTreeSet<&str> = commands.keys().flatten().map(|shape| asked::query(shape).name).collect();
    let table: BTreeSet<&str> = ALL.iter().map(|query| query.name).collect();
    assert_eq!(asked, table, "nothing is in the table that nobody asks");

    for query in ALL.iter().filter(|query| !query.index.is_empty()) {
        for collection in query.collections {
            let keys = keys(&stores.database, collection, query.index).await;
            let (equal, rest) = keys.split_at(query.equal.len());
            let name = query.name;
            assert!(query.equal.iter().all(|field| equal.iter().any(|key| key == field)), "{name}: {keys:?}");
            assert!(query.order.iter().zip(rest).all(|(field, key)| field == key), "{name}: {keys:?}");
            assert!(query.order.len() <= rest.len(), "{name}: {keys:?}");
        }
    }

    for (shapes, command) in &commands {
        if shapes.iter().all(|shape| !asked::query(shape).index.is_empty()) {
            explained(&stores.database, shapes, command).await;
        }
    }
}

/// That the server finds by an index what a command asks for, and by that which the table names.
async fn explained(database: &Database, shapes: &[Shape], command: &Document) {
    for plain in explainable(command) {
        let explained = doc! { "explain": plain, "verbosity": "queryPlanner" };
        let explained = database.run_command(explained).await.unwrap();
        let mut plan = Plan::default();
        plan.read(&Bson::Document(explained));
        let Plan { steps, indexes } = plan;
        let scans_all = steps.iter().any(|step| ["COLLSCAN", "Seq Scan"].contains(&step.as_str()));
        let by_index = steps.iter().any(|step| {
            ["IXSCAN", "IDHACK", "Index Scan", "Index Only Scan", "Bitmap Index Scan"]
                .contains(&step.as_str())
                || step.starts_with("EXPRESS_")
        });
        assert!(by_index && !scans_all, "{steps:?} for {shapes:?}");
        // Where there is no order several indexes do as well.
        let query = |shape| asked::query(shape);
        let ordered = |query: &&Query| {
            query.index == "claims"
                || !query.order.is_empty() && query.index != "places" && query.index != "_id_"
        };
        if let Some(query) = shapes.iter().map(query).find(ordered) {
            assert!(indexes.iter().all(|used| used == query.index), "{indexes:?} for {shapes:?}");
            assert!(!indexes.is_empty(), "{shapes:?}");
        }
    }
}

/// The fields of an index that the server has.
async fn keys(database: &Database, collection: &str, index: &str) -> Vec<String> {
    let collection = database.collection::<Document>(collection);
    let indexes: Vec<_> = collection.list_indexes().await.unwrap().try_collect().await.unwrap();
    let named = |model: &&mongodb::IndexModel| {
        model.options.as_ref().and_then(|options| options.name.as_deref()) == Some(index)
    };
    let found = indexes.iter().find(named).unwrap_or_else(|| panic!("no index {index}"));
    found.keys.keys().cloned().collect()
}

/// The command as servers explain it: of a write, the search for what it writes.
fn explainable(command: &Document) -> Vec<Document> {
    let parts = |name: &str| command.get_array(name).cloned().unwrap_or_default();
    let kept = |names: &[&str]| -> Document {
        names.iter().filter_map(|name| Some(((*name).to_owned(), command.get(name)?.clone()))).collect()
    };
    match command.keys().next().unwrap().as_str() {
        "find" => vec![kept(&["find", "filter", "sort", "projection", "limit"])],
        "aggregate" => vec![kept(&["aggregate", "pipeline", "cursor", "hint"])],
        name => {
            let collection = command.get_str(name).unwrap();
            let filter = |part: &Bson| part.as_document().unwrap().get_document("q").unwrap().clone();
            let parts = parts("updates").into_iter().chain(parts("deletes"));
            parts.map(|part| doc! { "find": collection, "filter": filter(&part) }).collect()
        }
    }
}

/// The plan that was chosen.
#[derive(Default)]
struct Plan {
    steps: BTreeSet<String>,
    indexes: BTreeSet<String>,
}

impl Plan {
    fn read(&mut self, value: &Bson) {
        match value {
            Bson::Document(document) => {
                let text = |name: &str| document.get_str(name).ok().map(str::to_owned);
                if let Some(step) = text("stage").or_else(|| text("Node Type")) {
                    self.steps.insert(step);
                    self.indexes.extend(text("indexName").or_else(|| text("Index Name")));
                }
                let chosen = document.iter().filter(|(name, _)| *name != "rejectedPlans");
                chosen.for_each(|(_, value)| self.read(value));
            }
            Bson::Array(values) => values.iter().for_each(|value| self.read(value)),
            _ => {}
        }
    }
}

/// Only MongoDB itself tells how many entries it looked at. The server for tests reads the whole range and sorts it,
/// whatever the index.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_looks_at_no_more_entries_than_twice_its_size() {
    let stores = Mongo::fresh().await;
    let about = stores.database.run_command(doc! { "buildInfo": 1 }).await.unwrap();
    if about.contains_key("ferretdb") {
        println!("not MongoDB: the entries that it looks at are not compared");
        return;
    }
    let commands = toured(&stores).await;
    let mut compared = 0;
    for (shapes, command) in commands.iter().filter(|(_, command)| command.contains_key("aggregate")) {
        let pipeline = command.get_array("pipeline").unwrap();
        let stages: Vec<&Document> = pipeline.iter().filter_map(Bson::as_document).collect();
        // A page without other conditions: what bounds the walk, the order, the size, the fields.
        let names: Vec<&str> =
            stages.iter().filter_map(|stage| stage.keys().next().map(String::as_str)).collect();
        if names != ["$match", "$sort", "$limit", "$project"] || asked::query(&shapes[0]).name.contains("ids")
        {
            continue;
        }
        let most = stages[2].get_i64("$limit").unwrap();
        let explained = doc! { "explain": explainable(command).remove(0), "verbosity": "executionStats" };
        let explained = stores.database.run_command(explained).await.unwrap();
        let mut examined = 0;
        examine(&Bson::Document(explained), &mut examined);
        assert!(examined <= 2 * most, "{examined} entries for {most} of {shapes:?}");
        compared += 1;
    }
    assert!(compared > 10);
}

fn examine(value: &Bson, examined: &mut i64) {
    match value {
        Bson::Document(document) => {
            for (name, value) in document {
                match value {
                    Bson::Int32(count) if name == "totalKeysExamined" => *examined += i64::from(*count),
                    Bson::Int64(count) if name == "totalKeysExamined" => *examined += count,
                    _ => examine(value, examined),
                }
            }
        }
        Bson::Array(values) => values.iter().for_each(|value| examine(value, examined)),
        _ => {}
    }
}
