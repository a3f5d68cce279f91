//! The file that a sandbox is kept in: private, and replaced whole, so that a crash leaves the old one or the new.

use super::accounts::Accounts;
use super::identity::Identity;
use super::signing_key::KeyError;
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use uuid::Uuid;

const NAME: &str = "sandbox.json";

/// What the file is written as; another number is another release's.
const FORMAT: u32 = 1;

/// Why a sandbox cannot be read or written. Shows nothing of what the file holds.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The file system does not let us.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not what was once written.
    #[error(
        "{} is damaged at line {line}, column {column}: put a copy back, or delete it to start anew with other \
         ids and tokens",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where reading ended.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// Another release wrote it.
    #[error(
        "{} has format {found}, this release reads {FORMAT}: use the release that wrote it, or delete it to start \
         anew with other ids and tokens",
        path.display()
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The key cannot be made, or the file holds none.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// All that the file holds.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Saved {
    format: u32,
    /// What never changes.
    pub(super) identity: Identity,
    /// What does.
    pub(super) accounts: Accounts,
}

impl Saved {
    /// The content of a file to be written.
    pub(super) fn new(identity: Identity, accounts: Accounts) -> Self {
        Self { format: FORMAT, identity, accounts }
    }

    fn generate() -> Result<Self, WorldError> {
        let identity = Identity::generate()?;
        let accounts = Accounts::generate(&identity);
        Ok(Self::new(identity, accounts))
    }
}

/// Where a sandbox is kept.
#[derive(Clone, Debug)]
pub(super) struct WorldFile {
    directory: PathBuf,
}

impl WorldFile {
    /// The file in this directory, which is made where it is missing.
    pub(super) fn within(directory: &Path) -> Result<Self, WorldError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(directory);
        made.map_err(failed("make the directory", directory))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// What it holds; a new sandbox is made and written where there is none.
    pub(super) fn read_or_create(&self) -> Result<Saved, WorldError> {
        // Two processes that start at once must not each make their own.
        let directory = self.open_directory()?;
        directory.lock().map_err(failed("lock the directory", &self.directory))?;
        let path = self.path();
        match fs::read(&path) {
            Ok(content) => read(&content, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let new = Saved::generate()?;
                self.write(&new)?;
                Ok(new)
            }
            Err(error) => Err(failed("read", &path)(error)),
        }
    }

    /// Replaces what it holds; durable when this returns.
    pub(super) fn write(&self, saved: &Saved) -> Result<(), WorldError> {
        let path = self.path();
        let mut content = serde_json::to_vec_pretty(saved)
            .map_err(io::Error::other)
            .map_err(failed("write the content of", &path))?;
        content.push(b'\n');
        let temporary = self.directory.join(format!(".{NAME}.{}", Uuid::new_v4().simple()));
        let replaced = write_through(&temporary, &content)
            .map_err(failed("write", &temporary))
            .and_then(|()| fs::rename(&temporary, &path).map_err(failed("replace", &path)));
        if replaced.is_err()
            && let Err(error) = fs::remove_file(&temporary)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a temporary file of the sandbox stays behind");
        }
        replaced?;
        let directory = self.open_directory()?;
        directory.sync_all().map_err(failed("write through the directory", &self.directory))
    }

    fn path(&self) -> PathBuf {
        self.directory.join(NAME)
    }

    fn open_directory(&self) -> Result<File, WorldError> {
        File::open(&self.directory).map_err(failed("open the directory", &self.directory))
    }
}

fn read(content: &[u8], path: &Path) -> Result<Saved, WorldError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    // The reader's own message could show a value.
    let damaged = |error: serde_json::Error| WorldError::Damaged {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    };
    let Format { format } = serde_json::from_slice(content).map_err(damaged)?;
    if format != FORMAT {
        return Err(WorldError::Format { path: path.to_owned(), found: format });
    }
    serde_json::from_slice(content).map_err(damaged)
}

fn write_through(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WorldError {
    let path = path.to_owned();
    move |source| WorldError::Io { action, path, source }
}
