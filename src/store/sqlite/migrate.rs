//! Bringing a store up to date, for operators. A server does the same when it starts.

use super::connection::{self, Access};
use super::{OpenError, SqliteStore, schema};
use crate::store::{Outstanding, Role};
use std::path::Path;

impl SqliteStore {
    /// What has to be done to the store in a directory; nothing is written, and a server may run beside.
    ///
    /// # Errors
    /// Its file cannot be read, or was written by a later release.
    pub fn outstanding(dir: &Path) -> Result<Outstanding, OpenError> {
        let file = dir.join("holdergraph.db");
        if !file.try_exists().map_err(|error| OpenError::of_io(&file, error))? {
            return Ok(since(0));
        }
        let sqlite = |error| OpenError::of_sqlite(&file, error);
        let found =
            schema::layout(&connection::open(&file, Access::Read).map_err(sqlite)?).map_err(sqlite)?;
        if found > schema::KNOWN {
            return Err(OpenError::NewerLayout { dir: dir.to_owned(), found, known: schema::KNOWN });
        }
        Ok(since(found))
    }

    /// Brings the store in a directory up to date, where no server holds it; the steps that were taken.
    ///
    /// # Errors
    /// As of opening it.
    pub fn migrate(dir: &Path) -> Result<Vec<String>, OpenError> {
        let steps = Self::outstanding(dir)?.steps;
        if !steps.is_empty() {
            drop(Self::open(dir, Role::Server)?);
        }
        Ok(steps)
    }
}

fn since(layout: i64) -> Outstanding {
    let steps = (layout + 1..=schema::KNOWN).map(|layout| format!("make layout {layout}"));
    Outstanding { steps: steps.collect(), wrong: Vec::new() }
}
