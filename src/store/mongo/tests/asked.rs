//! What the server is asked, taken from the driver's own commands.

use super::super::queries::{ALL, Query};
use mongodb::bson::{Bson, Document};
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

type Fields = BTreeSet<String>;

/// One question without its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub(super) collection: String,
    /// Fields that are compared with one value or a few.
    equal: Fields,
    /// Fields of which a range is asked for.
    range: Fields,
    /// Fields that are looked at otherwise, or behind a limit.
    beside: Fields,
    sort: Vec<String>,
}

impl Shape {
    /// What is asked by a condition on the fields of a document.
    fn add(&mut self, filter: &Document) {
        for (name, condition) in filter {
            match (name.as_str(), condition) {
                ("$and" | "$or", Bson::Array(parts)) => {
                    parts.iter().filter_map(Bson::as_document).for_each(|part| self.add(part));
                }
                (_, Bson::Document(condition)) if condition.keys().all(|key| key.starts_with('$')) => {
                    for (operator, value) in condition {
                        let fields = match operator.as_str() {
                            "$in" => &mut self.equal,
                            "$exists" if *value == Bson::Boolean(true) => &mut self.range,
                            "$gt" | "$gte" | "$lt" | "$lte" | "$type" => &mut self.range,
                            _ => &mut self.beside,
                        };
                        fields.insert(name.clone());
                    }
                }
                _ => {
                    self.equal.insert(name.clone());
                }
            }
        }
    }

    fn add_beside(&mut self, filter: &Document) {
        let mut other = Self::default();
        other.add(filter);
        self.beside.extend([other.equal, other.range, other.beside].into_iter().flatten());
    }

    /// Whether it is this kind of question.
    pub(super) fn is(&self, query: &Query) -> bool {
        let has = |fields: &[&str], name: &String| fields.contains(&name.as_str());
        let first = query.equal.first().or(query.order.first());
        let bounded = first.is_none_or(|first| {
            let first = (*first).to_owned();
            self.equal.contains(&first) || self.range.contains(&first) || self.sort.contains(&first)
        });
        let sorted = self.sort.is_empty()
            || self.sort.iter().map(String::as_str).eq(query.order.iter().copied())
            || query.order.is_empty()
                && self.sort.iter().all(|name| has(query.beside, name) || has(query.equal, name))
            || query.equal.iter().chain(query.order).copied().eq(self.sort.iter().map(String::as_str));
        let ordered = query.order.is_empty()
            || !self.sort.is_empty()
            || query.order.iter().any(|name| self.range.contains(*name));
        query.collections.contains(&self.collection.as_str())
            && bounded
            && ordered
            && sorted
            && query.equal.iter().all(|name| self.equal.contains(*name))
            && self.equal.iter().all(|name| has(query.equal, name) || has(query.beside, name))
            && self.range.iter().all(|name| has(query.order, name) || has(query.beside, name))
            && self.beside.iter().all(|name| has(query.beside, name))
    }
}

/// The questions in a command; none where it asks nothing of records.
pub(super) fn questions(command: &Document) -> Vec<Shape> {
    let text = |name: &str| command.get_str(name).map(str::to_owned);
    let documents = |name: &str| command.get_array(name).cloned().unwrap_or_default();
    if let Ok(collection) = text("find") {
        let mut shape = Shape { collection, ..Shape::default() };
        shape.add(command.get_document("filter").unwrap_or(&Document::new()));
        shape.sort = keys(command.get_document("sort").ok());
        return vec![shape];
    }
    if let Ok(collection) = text("aggregate") {
        return of_pipeline(&collection, &documents("pipeline"));
    }
    for (name, parts) in [("update", "updates"), ("delete", "deletes")] {
        if let Ok(collection) = text(name) {
            let of_part = |part: &Bson| {
                let mut shape = Shape { collection: collection.clone(), ..Shape::default() };
                shape.add(part.as_document().unwrap().get_document("q").unwrap());
                shape
            };
            return documents(parts).iter().map(of_part).collect();
        }
    }
    let silent = [
        "insert",
        "getMore",
        "count",
        "hello",
        "createIndexes",
        "listIndexes",
        "dropDatabase",
        "explain",
        "endSessions",
    ];
    let name = command.keys().next().unwrap();
    assert!(silent.contains(&name.as_str()), "the store sends `{name}`");
    vec![]
}

fn of_pipeline(collection: &str, pipeline: &[Bson]) -> Vec<Shape> {
    let mut shapes = vec![Shape { collection: collection.to_owned(), ..Shape::default() }];
    for (place, stage) in pipeline.iter().filter_map(Bson::as_document).enumerate() {
        if let Ok(filter) = stage.get_document("$match") {
            if place == 0 { shapes[0].add(filter) } else { shapes[0].add_beside(filter) }
        }
        if let Ok(sort) = stage.get_document("$sort") {
            shapes[0].sort = keys(Some(sort));
        }
        if let Ok(union) = stage.get_document("$unionWith") {
            let collection = union.get_str("coll").unwrap();
            shapes.extend(of_pipeline(collection, union.get_array("pipeline").unwrap()));
        }
    }
    shapes
}

fn keys(document: Option<&Document>) -> Vec<String> {
    document.into_iter().flat_map(Document::keys).cloned().collect()
}

/// The kind of question that this is; there is one for each.
pub(super) fn query(shape: &Shape) -> &'static Query {
    static TABLE: &[Query] = ALL;
    TABLE.iter().find(|query| shape.is(query)).unwrap_or_else(|| panic!("no index is named for {shape:?}"))
}

/// Commands that were sent.
pub(super) type Sent = Arc<Mutex<Vec<Document>>>;

/// Makes sure of each command that the table has its questions, and keeps it.
pub(super) fn watch() -> (EventHandler<CommandEvent>, Sent) {
    let sent = Sent::default();
    let keep = sent.clone();
    let handler = EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event {
            questions(&started.command).iter().for_each(|shape| {
                query(shape);
            });
            keep.lock().unwrap().push(started.command);
        }
    });
    (handler, sent)
}
