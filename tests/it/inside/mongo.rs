//! The store in MongoDB: the database that is named after the folder.

use super::super::folder::database;
use super::super::mongo::server;
use super::Holding;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Document, doc};
use std::path::Path;
use uuid::Uuid;

pub(super) fn count(dir: &Path) -> (i64, i64) {
    let there = doc! {"state": {"$in": ["live", "deleted", "joining"]}};
    let count = |collection: &str| server::count(&database(dir), collection, there.clone());
    (count("holders"), count("alias_accounts"))
}

pub(super) fn remembered(dir: &Path) -> i64 {
    server::count(&database(dir), "operations", doc! {"state": "committed"})
}

fn record(dir: &Path, collection: &str, id: Uuid) -> Document {
    server::find(&database(dir), collection, id).unwrap()
}

pub(super) fn sealed(dir: &Path, collection: &str, id: Uuid) -> Vec<u8> {
    record(dir, collection, id).get_binary_generic("sealed").unwrap().clone()
}

pub(super) fn put_sealed(dir: &Path, collection: &str, id: Uuid, bytes: &[u8]) {
    let sealed = Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() };
    server::change(&database(dir), collection, id, doc! {"$set": {"sealed": sealed}});
}

pub(super) fn is_new(dir: &Path) -> bool {
    server::all(&database(dir)).is_empty()
}

pub(super) fn all(dir: &Path) -> Vec<Holding> {
    let documents = server::all(&database(dir)).into_iter();
    documents.map(|(name, document)| Holding { name, bytes: document.to_vec().unwrap() }).collect()
}

pub(super) fn erasable(dir: &Path, collection: &str, id: Uuid) -> Vec<Vec<u8>> {
    let record = record(dir, collection, id);
    let texts = |name: &str| -> Vec<String> {
        let texts = record.get_array(name).into_iter().flatten();
        texts.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let of_sealed = |token: &String| {
        let field = token.split(['/', ':']).next().unwrap();
        field.ends_with(".1") && (collection == "holders" || !field.starts_with("document."))
    };
    let tokens = texts("tokens").into_iter().filter(of_sealed);
    let texts = tokens.chain(texts("claims")).map(String::into_bytes);
    [record.get_binary_generic("sealed").unwrap().clone()].into_iter().chain(texts).collect()
}
