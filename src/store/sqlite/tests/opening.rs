//! Opening: the lock, the layout, the settings, and what is told where it fails.

use super::super::{OpenError, Role, SqliteStore, schema};
use super::Sqlite;
use crate::registry::ports::list::State;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::Stores;
use crate::store::conformance::records::{holder, organization};
use rusqlite::Connection;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn refusal(dir: &Path, role: Role) -> (OpenError, String) {
    let error = SqliteStore::open(dir, role).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(dir.canonicalize().unwrap_or(dir.to_owned()).to_str().unwrap()), "{text}");
    (error, text)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_second_server_is_refused_while_the_first_holds_the_lock() {
    let mut stores = Sqlite::new();
    let (error, text) = refusal(stores.dir.path(), Role::Server);
    assert!(matches!(error, OpenError::Held { .. }), "{text}");
    assert!(text.starts_with("another server holds the store"), "{text}");
    stores.store().ready().await.unwrap();
    stores.reopen().await;
    stores.store().ready().await.unwrap();
}

#[tokio::test]
async fn an_operator_works_beside_the_running_server() {
    let stores = Sqlite::new();
    let operator = SqliteStore::open(stores.dir.path(), Role::Operator).unwrap();
    let (one, two) = (holder(organization()), holder(organization()));
    assert_eq!(stores.store().create_holder(one.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(operator.create_holder(two.clone(), vec![], None).await.unwrap(), Commit::Stored);
    for (store, record) in [(&operator, &one), (&**stores.sqlite(), &two)] {
        let ids = [record.clear.id];
        let organization = record.clear.organization;
        let found = store.holders(organization, &ids, State::Live, Detail::Clear).await.unwrap();
        assert_eq!(found.len(), 1);
    }
}

#[test]
fn an_operator_makes_and_migrates_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (error, text) = refusal(dir.path(), Role::Operator);
    assert!(matches!(error, OpenError::Missing { .. }), "{text}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    File::create(dir.path().join("holdergraph.db")).unwrap();
    let (error, text) = refusal(dir.path(), Role::Operator);
    assert!(matches!(error, OpenError::OlderLayout { found: 0, .. }), "{text}");
    assert_eq!(fs::metadata(dir.path().join("holdergraph.db")).unwrap().len(), 0);
}

#[test]
fn a_newer_layout_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("holdergraph.db");
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE later (x); PRAGMA user_version = 7")
        .unwrap();
    let before = fs::read(&file).unwrap();
    for role in [Role::Server, Role::Operator] {
        let (error, text) = refusal(dir.path(), role);
        assert!(matches!(error, OpenError::NewerLayout { found: 7, known: schema::KNOWN, .. }), "{text}");
    }
    assert!(fs::read(&file).unwrap() == before);
}

#[tokio::test]
async fn an_empty_file_gets_every_layout_up_to_the_known_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("holdergraph.db");
    File::create(&file).unwrap();
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    store.ready().await.unwrap();
    let db = Connection::open(&file).unwrap();
    assert_eq!(schema::layout(&db).unwrap(), schema::KNOWN);
    let count = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = db.query_row(count, [], |row| row.get(0)).unwrap();
    // Taking the steps again changes nothing.
    schema::migrate(&db).unwrap();
    assert_eq!(db.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), tables);
}

#[test]
fn a_file_that_another_process_keeps_busy_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let other = Connection::open(dir.path().join("holdergraph.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x); BEGIN; SELECT * FROM t").unwrap();
    let (error, text) = refusal(dir.path(), Role::Server);
    assert!(matches!(error, OpenError::Unavailable { .. }), "{text}");
    assert!(text.contains("another process holds the database"), "{text}");
}

#[tokio::test]
async fn each_connection_has_its_settings() {
    let stores = Sqlite::new();
    let settings = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("secure_delete", "1"),
        ("foreign_keys", "1"),
        ("busy_timeout", "2000"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("temp_store", "2"),
        ("wal_autocheckpoint", "0"),
    ];
    let in_force = move |db: &Connection| {
        settings
            .iter()
            .map(|(name, _)| {
                db.query_row(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), [], |row| row.get(0))
                    .or_else(|_| {
                        db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map(|n| n.to_string())
                    })
            })
            .collect::<rusqlite::Result<Vec<String>>>()
    };
    let expected: Vec<_> = settings.iter().map(|(_, value)| (*value).to_owned()).collect();
    assert_eq!(stores.sqlite().readers.read(in_force).await.unwrap(), expected);
    assert_eq!(stores.sqlite().writer.write(|_| false, in_force).await.unwrap(), expected);
}

#[test]
fn what_it_makes_is_for_its_own_user_only() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new/data");
    let _store = SqliteStore::open(&data, Role::Server).unwrap();
    assert_eq!((mode(&data), mode(data.parent().unwrap())), (0o700, 0o700));
    let files: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "database, log, its index and the lock: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("holdergraph.db");
    fs::write(&file, "not a database at all, but long enough for its header ".repeat(40)).unwrap();
    let before = fs::read(&file).unwrap();
    let (error, text) = refusal(dir.path(), Role::Server);
    assert!(matches!(error, OpenError::Damaged { .. }), "{text}");
    assert!(text.contains("restore a backup"), "{text}");
    assert!(fs::read(&file).unwrap() == before);
}

#[test]
fn a_file_in_the_place_of_the_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("data");
    File::create(&file).unwrap();
    for path in [file.clone(), file.join("deeper")] {
        let (error, text) = refusal(&path, Role::Server);
        assert!(matches!(error, OpenError::NotADirectory { .. }), "{text}");
    }
}

/// The superuser may write anywhere: for that user the same places open.
fn no_permission(dir: &Path, closed: &Path) {
    let superuser = File::options().write(true).open(closed).is_ok()
        || closed.is_dir() && File::create(closed.join("probe")).is_ok();
    match SqliteStore::open(dir, Role::Server) {
        Ok(_) => assert!(superuser),
        Err(error) => {
            assert!(!superuser && matches!(error, OpenError::Denied { .. }), "{error}");
            assert!(error.to_string().contains("no permission to read and write"), "{error}");
        }
    }
}

#[test]
fn a_directory_that_may_not_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, Permissions::from_mode(0o500)).unwrap();
    no_permission(&data, &data);
}

#[test]
fn a_database_that_may_not_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(dir.path(), Role::Server).unwrap());
    let file = dir.path().join("holdergraph.db");
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    no_permission(dir.path(), &file);
}
