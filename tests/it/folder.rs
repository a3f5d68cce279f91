//! Where a test's service keeps its records: a folder of its own and, with `TEST_STORE=mongo`, a database that is named
//! after the folder, so that a service that starts there again finds what was left.

use super::mongo::server;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// Whether the tests run over MongoDB; SQLite unless `TEST_STORE` says so.
pub(crate) fn over_mongo() -> bool {
    match std::env::var("TEST_STORE").as_deref() {
        Err(_) | Ok("sqlite") => false,
        Ok("mongo") => true,
        Ok(other) => panic!("TEST_STORE is {other:?}: set sqlite or mongo"),
    }
}

/// A folder that goes with the last who has it, and the database with it.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(TempDir::new().unwrap()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if over_mongo() {
            server::drop_database(database(self.path()));
        }
    }
}

/// The settings that make a service keep its records there.
pub(crate) fn settings(dir: &Path) -> Vec<(&'static str, String)> {
    let mut settings = vec![("DATA_DIR", dir.to_str().unwrap().to_owned())];
    if over_mongo() {
        settings.extend([("MONGO_URI", server::uri()), ("MONGO_NAME", database(dir))]);
    }
    settings
}

/// The name of the database of a folder: names that differ in upper and lower case alone are one to some servers.
pub(crate) fn database(dir: &Path) -> String {
    let name = dir.file_name().unwrap().to_str().unwrap();
    format!("hg_it_{}", hex::encode(name.trim_start_matches('.')))
}
