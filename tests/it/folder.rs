//! Where a test's service keeps its records: a folder of its own and, over MongoDB, a database that is named after the
//! folder, so that a service that starts there again finds what was left.

use super::mongo::server;
use std::path::Path;
use std::sync::Arc;
use tempfile::{Builder, TempDir};

/// Names of folders that have a database begin so.
const IN_MONGO: &str = "mongo-";
/// The file with the URI of a server that is not the one of all tests.
const SERVER: &str = "server";
/// Names of folders whose records are in a file begin so.
const EMBEDDED: &str = "embedded-";

/// A folder that goes with the last who has it, and the database with it.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty one: over SQLite unless `TEST_STORE` says otherwise.
    pub(crate) fn new() -> Arc<Self> {
        match std::env::var("TEST_STORE").as_deref() {
            Err(_) | Ok("sqlite") => Self::embedded(),
            Ok("mongo") => Self::in_mongo(),
            Ok(other) => panic!("TEST_STORE is {other:?}: set sqlite or mongo"),
        }
    }

    /// An empty one over SQLite.
    pub(crate) fn embedded() -> Arc<Self> {
        Self::named(EMBEDDED)
    }

    /// An empty one over MongoDB.
    pub(crate) fn in_mongo() -> Arc<Self> {
        Self::named(IN_MONGO)
    }

    /// An empty one over MongoDB on a server of the test's own, which ends with the test.
    pub(crate) fn on_server(uri: &str) -> Arc<Self> {
        let folder = Self::in_mongo();
        std::fs::write(folder.path().join(SERVER), uri).unwrap();
        folder
    }

    fn named(prefix: &str) -> Arc<Self> {
        Arc::new(Self(Builder::new().prefix(prefix).tempdir().unwrap()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if is_in_mongo(self.path()) && !self.path().join(SERVER).exists() {
            server::drop_database(self.path());
        }
    }
}

/// Whether what is kept in a folder is kept in MongoDB.
pub(crate) fn is_in_mongo(dir: &Path) -> bool {
    name(dir).starts_with(IN_MONGO)
}

/// The settings that make a service keep its records there.
pub(crate) fn settings(dir: &Path) -> Vec<(&'static str, String)> {
    let mut settings = vec![("DATA_DIR", dir.to_str().unwrap().to_owned())];
    if is_in_mongo(dir) {
        // The tests' servers have no TLS.
        let local = ("DEPLOYMENT_MODE", String::from("local"));
        settings.extend([("MONGO_URI", uri(dir)), ("MONGO_NAME", database(dir)), local]);
    }
    settings
}

/// The server of a folder's database.
pub(crate) fn uri(dir: &Path) -> String {
    std::fs::read_to_string(dir.join(SERVER)).unwrap_or_else(|_| server::uri())
}

/// The name of the database of a folder: names that differ in upper and lower case alone are one to some servers.
pub(crate) fn database(dir: &Path) -> String {
    format!("hg_it_{}", hex::encode(name(dir).trim_start_matches(IN_MONGO)))
}

fn name(dir: &Path) -> &str {
    dir.file_name().and_then(|name| name.to_str()).unwrap()
}
