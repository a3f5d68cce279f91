//! What a page costs: a server looks at about as many entries of its index as there are records on the page, at whatever
//! depth.

use super::asked::{self, questions, watch};
use super::crowd::Crowd;
use super::queries::explainable;
use super::{Mongo, connect_with, over, tour};
use crate::store::conformance::Stores;
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use std::collections::BTreeMap;

/// Far more than any page may look at.
const MANY: u32 = 300;

/// A page without other conditions, or a look for one record beside it.
struct Page {
    /// The collection, what it is sorted by, which way, and whether it begins or ends at a cursor.
    kind: (String, String, i32, bool),
    most: i64,
    /// A walk for each of them is merged with the others.
    states: i64,
    command: Document,
}

impl Page {
    fn of(command: &Document) -> Option<Self> {
        let stages = command.get_array("pipeline").ok()?;
        let stages: Vec<&Document> = stages.iter().filter_map(Bson::as_document).collect();
        let stage = |place: usize, name: &str| stages.get(place)?.get(name).cloned();
        // What bounds the walk, the order, the size, the fields.
        let (bounds, order, most) = (stage(0, "$match")?, stage(1, "$sort")?, stage(2, "$limit")?);
        let query = asked::query(questions(command).first()?);
        if stage(3, "$project").is_none() || stages.len() > 4 || query.name.contains("ids") {
            return None;
        }
        let (bounds, order) = (bounds.as_document()?, order.as_document()?);
        let (sort, way) = order.iter().next()?;
        let states = bounds.get_document("state").ok()?.get_array("$in").ok()?.len();
        let collection = command.get_str("aggregate").ok()?.to_owned();
        Some(Self {
            kind: (collection, sort.clone(), way.as_i32()?, bounds.contains_key("$and")),
            most: most.as_i64()?,
            states: i64::try_from(states).ok()?,
            command: explainable(command).remove(0),
        })
    }

    async fn found(&self, database: &Database) -> i64 {
        let found = database.run_cursor_command(self.command.clone()).await.unwrap();
        i64::try_from(found.try_collect::<Vec<Document>>().await.unwrap().len()).unwrap()
    }

    /// How many entries the server looked at, where it tells that.
    async fn examined(&self, database: &Database) -> Option<i64> {
        let explained = doc! { "explain": self.command.clone(), "verbosity": "executionStats" };
        examined(&Bson::Document(database.run_command(explained).await.unwrap()))
    }
}

/// All pages that the store asks for along a crowd, each once.
async fn pages(stores: &Mongo) -> Vec<Page> {
    let (handler, sent) = watch();
    let database = connect_with(stores.database.name(), Some(handler)).await;
    let store = over(database).await;
    tour::every_call(&store).await;
    let crowd = Crowd::join(&stores.database, MANY).await;
    sent.lock().unwrap().clear();
    tour::every_list(&store, &crowd).await;
    let sent = sent.lock().unwrap().clone();
    let pages = sent.iter().filter_map(Page::of);
    let each: BTreeMap<String, Page> = pages.map(|page| (page.command.to_string(), page)).collect();
    each.into_values().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_looks_at_no_more_entries_than_twice_its_size() {
    let stores = Mongo::fresh().await;
    let about = stores.database.run_command(doc! { "buildInfo": 1 }).await.unwrap();
    let tells = !about.contains_key("ferretdb");
    if !tells {
        println!(
            "FerretDB: it reads a whole range and sorts it, so the entries that it looks at are not compared"
        );
    }
    let mut kinds = BTreeMap::new();
    for page in pages(&stores).await {
        let Page { kind, most, states, command } = &page;
        assert_eq!(page.found(&stores.database).await, *most, "{command}");
        match page.examined(&stores.database).await {
            // The first entry of each state is looked at before the first of all of them is known.
            Some(examined) => {
                assert!((*most..=2 * most + states).contains(&examined), "{examined} for {most}: {command}");
            }
            None => assert!(!tells, "no entries were counted for {command}"),
        }
        *kinds.entry(kind.clone()).or_insert(0) += 1;
    }
    // Along all records and along a token: three states, and in the order of creation two moments. Of each the first
    // page; behind a place, before one, between two (which those moments do not change), and a look beyond one.
    let expected = ["holders", "alias_accounts"].into_iter().flat_map(|collection| {
        [("createdAt", false, 8), ("createdAt", true, 30), ("updatedAt", false, 6), ("updatedAt", true, 24)]
            .into_iter()
            .flat_map(move |(sort, cursor, count)| {
                [1, -1].map(|way| ((collection.to_owned(), sort.to_owned(), way, cursor), count))
            })
    });
    assert_eq!(kinds, expected.collect());
}

/// The sum of all parts of a plan that tell it; what a part is made of is counted in it already.
fn examined(value: &Bson) -> Option<i64> {
    let sum = |parts: Vec<i64>| (!parts.is_empty()).then(|| parts.into_iter().sum());
    match value {
        Bson::Document(document) => match document.get("totalKeysExamined") {
            Some(Bson::Int32(count)) => Some(i64::from(*count)),
            Some(Bson::Int64(count)) => Some(*count),
            _ => sum(document.values().filter_map(examined).collect()),
        },
        Bson::Array(values) => sum(values.iter().filter_map(examined).collect()),
        _ => None,
    }
}
