//! The table of queries against the server: every question has its index.

use super::super::queries::{ALL, Query};
use super::asked::{self, Shape, questions, watch};
use super::crowd::Crowd;
use super::{Mongo, connect_with, over, tour};
use crate::store::conformance::Stores;
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use std::collections::{BTreeMap, BTreeSet};

/// Enough that no server thinks it quicker to read them all.
const MANY: u32 = 3_000;

/// One command for each shape of question that any call asks.
async fn toured(stores: &Mongo) -> BTreeMap<Vec<Shape>, Document> {
    let (handler, sent) = watch();
    let database = connect_with(stores.database.name(), Some(handler)).await;
    let store = over(database).await;
    tour::a_filling(&store).await;
    tour::every_call(&store).await;
    tour::a_copy(&store).await;
    let crowd = Crowd::join(&stores.database, MANY).await;
    tour::every_call(&store).await;
    tour::every_list(&store, &crowd).await;
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
pub(super) fn explainable(command: &Document) -> Vec<Document> {
    let parts = |name: &str| command.get_array(name).cloned().unwrap_or_default();
    let kept = |names: &[&str]| -> Document {
        names.iter().filter_map(|name| Some(((*name).to_owned(), command.get(name)?.clone()))).collect()
    };
    match command.keys().next().unwrap().as_str() {
        "find" => vec![kept(&["find", "filter", "sort", "projection", "limit", "hint"])],
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
