//! Opening: the directory, the files in it, and what to do where that fails.

use super::faults;
use crate::registry::ports::store::StoreError;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{self, Path, PathBuf};

/// Why the store does not open, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has it open.
    #[error(
        "another server holds the store in {}: stop that server, or set DATA_DIR to another directory for this one",
        dir.display()
    )]
    Held {
        /// The directory.
        dir: PathBuf,
    },
    /// A later release wrote it.
    #[error(
        "the store in {} has layout {found}, and this release knows none after {known}: start the release that \
         wrote it, or a later one",
        dir.display()
    )]
    NewerLayout {
        /// The directory.
        dir: PathBuf,
        /// The layout of the file.
        found: i64,
        /// The newest layout that this release knows.
        known: i64,
    },
    /// An operator's command met a store that no server of this release has opened yet.
    #[error(
        "the store in {} has layout {found}, and this release needs {known}: start this release's server on it once",
        dir.display()
    )]
    OlderLayout {
        /// The directory.
        dir: PathBuf,
        /// The layout of the file.
        found: i64,
        /// The layout that this release needs.
        known: i64,
    },
    /// An operator's command found nothing to open.
    #[error("{} is not there: set DATA_DIR to the server's directory, or start the server first", path.display())]
    Missing {
        /// What was looked for.
        path: PathBuf,
    },
    /// The user of this process lacks a right.
    #[error(
        "no permission to read and write {}: give it to the user that runs this process (directory mode 0700, files \
         mode 0600), or set DATA_DIR to another directory",
        path.display()
    )]
    Denied {
        /// The directory or file.
        path: PathBuf,
    },
    /// It lies on a file system that takes no writes.
    #[error("{} is on a read-only file system: mount it writable, or set DATA_DIR to another directory", path.display())]
    ReadOnly {
        /// The directory or file.
        path: PathBuf,
    },
    /// A file is in the way.
    #[error("{} is not a directory: set DATA_DIR to a directory", path.display())]
    NotADirectory {
        /// What stands there.
        path: PathBuf,
    },
    /// Its file system cannot keep a write-ahead log.
    #[error("{} cannot hold a write-ahead log: set DATA_DIR to a directory on a local disk", dir.display())]
    NoWriteAheadLog {
        /// The directory.
        dir: PathBuf,
    },
    /// The file is no database of ours, or damaged.
    #[error("{} cannot be read: {reason}; restore a backup, or set DATA_DIR to another directory", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else that the system or SQLite refuses.
    #[error("{} cannot be opened: {reason}", path.display())]
    Unavailable {
        /// The directory or file.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
}

impl OpenError {
    pub(super) fn of_io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::PermissionDenied => Self::Denied { path },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::NotADirectory { path },
            ErrorKind::NotFound => Self::Missing { path },
            _ => Self::Unavailable { path, reason: error.to_string() },
        }
    }

    pub(super) fn of_sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match faults::told(error) {
            StoreError::Unavailable(reason) => Self::Unavailable { path, reason },
            StoreError::Damaged(reason) | StoreError::Unreadable(reason) => Self::Damaged { path, reason },
        }
    }
}

/// The directory by its absolute path, made where it is not there. (SQLite would take a relative one that begins
/// with `file:` for a URI.)
pub(super) fn directory(dir: &Path) -> Result<PathBuf, OpenError> {
    make(dir).map_err(|error| OpenError::of_io(dir, error))
}

fn make(dir: &Path) -> io::Result<PathBuf> {
    let dir = path::absolute(dir)?;
    let new = dir.ancestors().take_while(|ancestor| !ancestor.exists()).count();
    DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
    dir.ancestors().skip(1).take(new).try_for_each(sync)?;
    fs::canonicalize(dir)
}

/// Makes sure that the database file is there and can be written; SQLite gives its log the same mode.
pub(super) fn database(file: &Path) -> Result<(), OpenError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)
        .map(drop)
        .map_err(|error| OpenError::of_io(file, error))
}

/// Makes the names of new files safe. SQLite does so too, but takes no notice where it fails.
pub(super) fn names(dir: &Path) -> Result<(), OpenError> {
    sync(dir).map_err(|error| OpenError::of_io(dir, error))
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_place_and_what_to_do() {
        let path = Path::new("/data");
        for (kind, todo) in [
            (ErrorKind::PermissionDenied, "no permission to read and write /data: give it to the user"),
            (ErrorKind::ReadOnlyFilesystem, "/data is on a read-only file system: mount it writable"),
            (ErrorKind::NotADirectory, "/data is not a directory: set DATA_DIR"),
            (ErrorKind::NotFound, "/data is not there: set DATA_DIR"),
            (ErrorKind::StorageFull, "/data cannot be opened: "),
        ] {
            let told = OpenError::of_io(path, io::Error::from(kind)).to_string();
            assert!(told.starts_with(todo), "{told}");
        }
    }
}
