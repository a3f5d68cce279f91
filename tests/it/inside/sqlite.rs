//! The embedded store: one file, and SQLite's own beside it.

use super::Holding;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use std::path::Path;
use uuid::Uuid;

/// Its name in the folder.
pub(super) const FILE: &str = "holdergraph.db";

fn open(dir: &Path) -> Connection {
    Connection::open(dir.join(FILE)).unwrap()
}

fn count_of(dir: &Path, table: &str) -> i64 {
    open(dir).query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

pub(super) fn count(dir: &Path) -> (i64, i64) {
    (count_of(dir, "holders"), count_of(dir, "alias_accounts"))
}

pub(super) fn remembered(dir: &Path) -> i64 {
    count_of(dir, "operations")
}

pub(super) fn sealed(dir: &Path, table: &str, id: Uuid) -> Vec<u8> {
    let select = format!("SELECT sealed FROM {table} WHERE id = ?1");
    open(dir).query_row(&select, [id.as_bytes()], |row| row.get(0)).unwrap()
}

pub(super) fn put_sealed(dir: &Path, table: &str, id: Uuid, bytes: &[u8]) {
    let update = format!("UPDATE {table} SET sealed = ?2 WHERE id = ?1");
    assert_eq!(open(dir).execute(&update, params![id.as_bytes(), bytes]).unwrap(), 1);
}

pub(super) fn all(dir: &Path) -> Vec<Holding> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let of_store = files.filter(|path| path.to_string_lossy().contains(FILE));
    of_store
        .map(|path| Holding { name: path.display().to_string(), bytes: std::fs::read(&path).unwrap() })
        .collect()
}

pub(super) fn erasable(dir: &Path, table: &str, id: Uuid) -> Vec<Vec<u8>> {
    let store = open(dir);
    let all = |sql: &str| {
        let mut select = store.prepare(sql).unwrap();
        let rows = select.query_map([id.as_bytes()], |row| {
            Ok(match row.get_ref(0)? {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                other => panic!("{other:?}"),
            })
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    let mut erasable = all(&format!("SELECT sealed FROM {table} WHERE id = ?1"));
    // Tokens of the sealed part have the number of the normaliser behind their field; the others name what is in clear.
    let shared = if table == "holders" { "" } else { "AND token NOT GLOB 'document.*'" };
    erasable.extend(all(&format!("SELECT token FROM tokens WHERE id = ?1 AND token GLOB '*.1[:/]*' {shared}")));
    erasable.extend(all("SELECT claim FROM claims WHERE id = ?1"));
    erasable
}
