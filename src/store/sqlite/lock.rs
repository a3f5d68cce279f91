//! The lock that keeps a second server away from a store's directory.

use super::open::OpenError;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Held while the server runs. The system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a directory.
    pub(super) fn take(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join("holdergraph.lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| OpenError::of_io(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Held { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => Err(OpenError::of_io(&path, error)),
        }
    }
}
