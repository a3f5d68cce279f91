//! What a test's store holds, read and spoiled past the service, whichever store it is.

mod mongo;
mod sqlite;

use super::folder::is_in_mongo;
use holdergraph::domain::ids::OrganizationId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use uuid::Uuid;

/// Something that holds bytes: a file, or a document of the database.
pub(crate) struct Holding {
    /// The file's path, or the collection's name.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// How many holders and alias accounts there are, in whatever state.
pub(crate) fn count(dir: &Path) -> (i64, i64) {
    if is_in_mongo(dir) { mongo::count(dir) } else { sqlite::count(dir) }
}

/// How many committed operations are remembered by their keys.
pub(crate) fn remembered(dir: &Path) -> i64 {
    if is_in_mongo(dir) { mongo::remembered(dir) } else { sqlite::remembered(dir) }
}

/// The sealed part of a record.
pub(crate) fn sealed(dir: &Path, collection: &'static str, id: &str) -> Vec<u8> {
    let id = Uuid::parse_str(id).unwrap();
    if is_in_mongo(dir) { mongo::sealed(dir, collection, id) } else { sqlite::sealed(dir, collection, id) }
}

/// Puts other bytes in the place of a record's sealed part, as many as there were.
pub(crate) fn put_sealed(dir: &Path, collection: &'static str, id: &str, bytes: &[u8]) {
    assert_eq!(sealed(dir, collection, id).len(), bytes.len());
    let id = Uuid::parse_str(id).unwrap();
    if is_in_mongo(dir) {
        mongo::put_sealed(dir, collection, id, bytes);
    } else {
        sqlite::put_sealed(dir, collection, id, bytes);
    }
}

/// Makes a record's metadata something that no release wrote.
pub(crate) fn damage(dir: &Path, collection: &'static str, id: &str) {
    let id = Uuid::parse_str(id).unwrap();
    if is_in_mongo(dir) { mongo::damage(dir, collection, id) } else { sqlite::damage(dir, collection, id) }
}

/// Puts a text among what the audit trail of an embedded store holds.
pub(crate) fn plant_in_the_audit_trail(dir: &Path, text: &str) {
    sqlite::plant_in_the_audit_trail(dir, text);
}

/// Takes a table of the embedded store away under the service, or puts it back.
pub(crate) fn rename_table(dir: &Path, from: &str, to: &str) {
    sqlite::rename_table(dir, from, to);
}

/// Whether nothing was ever stored there.
pub(crate) fn is_new(dir: &Path) -> bool {
    if is_in_mongo(dir) { mongo::is_new(dir) } else { !dir.join(sqlite::FILE).exists() }
}

/// Everything that is there: each file of the folder, and each document of the database.
pub(crate) fn all(dir: &Path) -> Vec<Holding> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    let files =
        files.map(|path| Holding { name: path.display().to_string(), bytes: std::fs::read(&path).unwrap() });
    let documents = if is_in_mongo(dir) { mongo::all(dir) } else { Vec::new() };
    files.chain(documents).collect()
}

/// What the audit trail holds, by table or collection, each value by itself.
pub(crate) fn audit(dir: &Path) -> Vec<Holding> {
    if is_in_mongo(dir) { mongo::audit(dir) } else { sqlite::audit(dir) }
}

/// Whether this is the name of what [`all`] found in the store, and not beside it.
pub(crate) fn is_of_the_store(name: &str) -> bool {
    // Names of collections have no folders.
    name.contains(sqlite::FILE) || !name.contains('/')
}

/// What the store has of a record and that must go with it: its sealed part, its claims, and its tokens of sealed values.
/// Of an alias account's tokens not the document's, which it shares with its holder.
pub(crate) fn erasable(dir: &Path, collection: &'static str, id: &str) -> Vec<Vec<u8>> {
    let id = Uuid::parse_str(id).unwrap();
    if is_in_mongo(dir) {
        mongo::erasable(dir, collection, id)
    } else {
        sqlite::erasable(dir, collection, id)
    }
}

/// The texts and bytes by which a reader of the store could know an organization's values again: its `tokens`, `claims`,
/// operations' `keys` and `fingerprints`, and the sealed parts of its `holders` and `alias accounts`.
pub(crate) fn blind(dir: &Path, organization: OrganizationId) -> BTreeMap<&'static str, BTreeSet<Vec<u8>>> {
    if is_in_mongo(dir) { mongo::blind(dir, organization) } else { sqlite::blind(dir, organization) }
}

/// Whether bytes are anywhere in it.
pub(crate) fn has(dir: &Path, wanted: &[u8]) -> bool {
    all(dir).iter().any(|holding| holding.bytes.windows(wanted.len()).any(|part| part == wanted))
}
