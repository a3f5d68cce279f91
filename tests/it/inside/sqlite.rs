//! The embedded store: one file, and SQLite's own beside it.

use super::Holding;
use holdergraph::domain::ids::OrganizationId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
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

pub(super) fn damage(dir: &Path, table: &str, id: Uuid) {
    let update = format!("UPDATE {table} SET metadata = 'no JSON' WHERE id = ?1");
    assert_eq!(open(dir).execute(&update, [id.as_bytes()]).unwrap(), 1);
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
    erasable
        .extend(all(&format!("SELECT token FROM tokens WHERE id = ?1 AND token GLOB '*.1[:/]*' {shared}")));
    erasable.extend(all("SELECT claim FROM claims WHERE id = ?1"));
    erasable
}

pub(super) fn blind(dir: &Path, organization: OrganizationId) -> BTreeMap<&'static str, BTreeSet<Vec<u8>>> {
    let store = open(dir);
    let column = |query: &str| {
        let mut select = store.prepare(&format!("{query} WHERE organization = ?1")).unwrap();
        let rows = select.query_map([organization.as_bytes().as_slice()], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    BTreeMap::from([
        ("tokens", column("SELECT CAST(token AS BLOB) FROM tokens")),
        ("claims", column("SELECT CAST(claim AS BLOB) FROM claims")),
        ("keys", column("SELECT key FROM operations")),
        ("fingerprints", column("SELECT fingerprint FROM operations")),
        ("holders", column("SELECT sealed FROM holders")),
        ("alias accounts", column("SELECT sealed FROM alias_accounts")),
    ])
}

/// The tables of the audit trail, by their names.
fn audit_tables(store: &Connection) -> Vec<String> {
    let tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name GLOB 'audit*' OR name GLOB 'trail*')";
    let mut select = store.prepare(tables).unwrap();
    let names = select.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

pub(super) fn audit(dir: &Path) -> Vec<Holding> {
    let store = open(dir);
    let of = |name: String| {
        let mut select = store.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        let mut bytes = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    ValueRef::Text(value) | ValueRef::Blob(value) => bytes.extend_from_slice(value),
                    ValueRef::Integer(number) => bytes.extend(number.to_string().into_bytes()),
                    ValueRef::Real(number) => bytes.extend(number.to_string().into_bytes()),
                    ValueRef::Null => {}
                }
                bytes.push(b'\n');
            }
        }
        Holding { name, bytes }
    };
    audit_tables(&store).into_iter().map(of).collect()
}

/// Takes a table away under the service, so that the store fails, or puts it back.
pub(super) fn rename_table(dir: &Path, from: &str, to: &str) {
    open(dir).execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
}

/// Puts a text among what the audit trail holds: into the first of its columns that holds JSON texts.
pub(super) fn plant_in_the_audit_trail(dir: &Path, text: &str) {
    let store = open(dir);
    for table in audit_tables(&store) {
        let update = format!("UPDATE {table} SET entry = ?1 WHERE rowid = (SELECT max(rowid) FROM {table})");
        if store.execute(&update, [json!(text).to_string()]) == Ok(1) {
            return;
        }
    }
    panic!("no table of the audit trail took it");
}
