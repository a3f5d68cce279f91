//! Erasing a store that no server has open.

use super::lock::Lock;
use super::open::{self, OpenError};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Removes the store's files from a directory, under the lock that every server takes. A store that is not there is
/// no failure.
///
/// # Errors
/// A server holds it, or a file cannot be removed.
pub fn erase(dir: &Path) -> Result<(), OpenError> {
    let dir = open::directory(dir)?;
    let _lock = Lock::take(&dir)?;
    // The log first: without its database it would be taken for that of the next one.
    for name in ["holdergraph.db-wal", "holdergraph.db-shm", "holdergraph.db"] {
        let file = dir.join(name);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(OpenError::of_io(&file, error)),
            _ => {}
        }
    }
    open::names(&dir)
}
