//! Reading the files that settings name, with a fingerprint of all that was found.

use super::problem::Problem;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// More than any such file has (the authorities of a whole system are some 200 KiB): keeps a wrong path from filling
/// the memory.
const MAX_BYTES: u64 = 1024 * 1024;

/// A file, and the setting that names it.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// The setting's name in the environment.
    pub setting: &'static str,
    /// Where the file is.
    pub path: PathBuf,
}

impl NamedFile {
    /// For a private key: whether accounts that have nothing to do with this service may read it, or change it. A group
    /// that may read is usual where secrets are mounted.
    pub fn is_open_to_others(&self) -> bool {
        let metadata = std::fs::metadata(&self.path);
        metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o026 != 0)
    }

    /// The file for a message. What may be a key, put in the place of its file, is not repeated.
    pub(super) fn shown(&self) -> String {
        let path = self.path.to_string_lossy();
        let is_path = ["/", "./", "../"].iter().any(|start| path.starts_with(start));
        if is_path { format!("the file {path:?}") } else { "the file that it names".to_owned() }
    }
}

/// Tells whether anything has changed since an earlier look.
pub(super) type Fingerprint = [u8; 32];

/// One look at some files.
#[derive(Default)]
pub(super) struct Look(Sha256);

impl Look {
    /// The content of a file.
    pub(super) fn read(&mut self, file: &NamedFile) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let read = content(&file.path).map_err(|wrong| {
            Problem::new(file.setting, format!("{} {wrong}", file.shown()), "name a readable file with PEM")
        });
        let (kind, found) = match &read {
            Ok(content) => (1, content.as_slice()),
            Err(problem) => (0, problem.wrong.as_bytes()),
        };
        self.0.update([kind]);
        self.0.update(found.len().to_le_bytes());
        self.0.update(found);
        read
    }

    /// Of all that was read.
    pub(super) fn fingerprint(self) -> Fingerprint {
        self.0.finalize().into()
    }
}

fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut content = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut content))
        .map_err(|error| format!("cannot be read ({error})"))?;
    if content.len() as u64 > MAX_BYTES {
        return Err("is longer than 1 MiB".to_owned());
    }
    Ok(content)
}
