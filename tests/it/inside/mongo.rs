//! The store in MongoDB: the database that is named after the folder.

use super::super::mongo::server;
use super::Holding;
use holdergraph::domain::ids::OrganizationId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Document, doc};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use uuid::Uuid;

/// Live alias accounts are there, whatever their holders are. Others are there with their holders: one that joins its
/// holder as soon as that is there, and one that is deleted until that is removed for good. The server writes meanwhile,
/// so each document is looked at once.
pub(super) fn count(dir: &Path) -> (i64, i64) {
    let stored = |collection: &str, states: &[&str]| {
        server::select(dir, collection, doc! {"state": {"$in": states.to_vec()}})
    };
    let alias_accounts = stored("alias_accounts", &["live", "joining", "deleted"]);
    let holders = stored("holders", &["live", "deleted"]);
    let ids: BTreeSet<&[u8]> = holders.iter().map(|holder| uuid(holder, "_id")).collect();
    let is_there = |alias: &&Document| {
        let holder = uuid(alias.get_document("clear").unwrap(), "holderId");
        alias.get_str("state").is_ok_and(|state| state == "live") || ids.contains(holder)
    };
    let number = |count: usize| i64::try_from(count).unwrap();
    (number(holders.len()), number(alias_accounts.iter().filter(is_there).count()))
}

fn uuid<'a>(document: &'a Document, name: &str) -> &'a [u8] {
    let Some(Bson::Binary(id)) = document.get(name) else { panic!("{name} is no UUID") };
    &id.bytes
}

pub(super) fn remembered(dir: &Path) -> i64 {
    server::count(dir, "operations", doc! {"state": "committed"})
}

fn record(dir: &Path, collection: &str, id: Uuid) -> Document {
    server::find(dir, collection, id).unwrap()
}

pub(super) fn sealed(dir: &Path, collection: &str, id: Uuid) -> Vec<u8> {
    record(dir, collection, id).get_binary_generic("sealed").unwrap().clone()
}

pub(super) fn put_sealed(dir: &Path, collection: &str, id: Uuid, bytes: &[u8]) {
    let sealed = Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() };
    server::change(dir, collection, id, doc! {"$set": {"sealed": sealed}});
}

pub(super) fn damage(dir: &Path, collection: &str, id: Uuid) {
    server::change(dir, collection, id, doc! {"$set": {"clear.metadata": "no JSON"}});
}

pub(super) fn is_new(dir: &Path) -> bool {
    server::collections(dir).is_empty()
}

pub(super) fn all(dir: &Path) -> Vec<Holding> {
    let of = |name: String| {
        let documents = server::select(dir, &name, doc! {}).into_iter();
        documents.map(move |document| Holding { name: name.clone(), bytes: document.to_vec().unwrap() })
    };
    server::collections(dir).into_iter().flat_map(of).collect()
}

/// The collections of the trail, and what waits for it in records and operations.
pub(super) fn audit(dir: &Path) -> Vec<Holding> {
    let of = |name: String| {
        let documents = server::select(dir, &name, doc! {});
        let bytes = |document: Document| {
            let whole = name.starts_with("audit") || name.starts_with("trail");
            let waiting = document.get("audit").map(|audit| doc! {"audit": audit.clone()});
            if whole { Some(document) } else { waiting }
                .map_or_else(Vec::new, |found| found.to_vec().unwrap())
        };
        let bytes = documents.into_iter().flat_map(bytes).collect();
        Holding { name, bytes }
    };
    server::collections(dir).into_iter().map(of).filter(|holding| !holding.bytes.is_empty()).collect()
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

pub(super) fn blind(dir: &Path, organization: OrganizationId) -> BTreeMap<&'static str, BTreeSet<Vec<u8>>> {
    let of_organization = doc! {"organizationId": mongodb::bson::Uuid::from_bytes(*organization.as_bytes())};
    let [holders, alias_accounts, operations] = ["holders", "alias_accounts", "operations"]
        .map(|collection| server::select(dir, collection, of_organization.clone()));
    let binary = |documents: &[Document], name: &str| -> BTreeSet<Vec<u8>> {
        documents.iter().map(|document| document.get_binary_generic(name).unwrap().clone()).collect()
    };
    let records: Vec<&Document> = holders.iter().chain(&alias_accounts).collect();
    let texts = |name: &str| -> BTreeSet<Vec<u8>> {
        let texts = records.iter().flat_map(|record| record.get_array(name).into_iter().flatten());
        texts.map(|text| text.as_str().unwrap().as_bytes().to_vec()).collect()
    };
    // The organization itself is the first half of a key's bytes.
    let keys = binary(&operations, "_id").into_iter().map(|id| id[16..].to_vec()).collect();
    BTreeMap::from([
        ("tokens", texts("tokens")),
        ("claims", texts("claims")),
        ("keys", keys),
        ("fingerprints", binary(&operations, "fingerprint")),
        ("holders", binary(&holders, "sealed")),
        ("alias accounts", binary(&alias_accounts, "sealed")),
    ])
}
