//! Reading a manifest, or a folder of them, with a fingerprint of all that was found.

use super::problem::Problem;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// More than the documents of any client have, of all files together: keeps a wrong path from filling the memory.
pub(super) const BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most manifests of a folder.
pub(super) const FILES_MAX: usize = 100;
/// So often files are read until two looks in a row find the same.
const LOOKS_MAX: usize = 5;

const NAME_IT: &str = "name a readable file that @graphql-codegen's client preset writes (persisted-documents.json), \
                       or a folder of such files";
const SMALLER: &str = "split what the clients do not need any more off it";

/// Tells whether anything has changed since an earlier look.
pub(super) type Fingerprint = [u8; 32];

/// One file of a manifest.
pub(super) struct Found {
    /// How messages name it.
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

/// What one look has found.
pub(super) struct Look {
    pub(super) fingerprint: Fingerprint,
    pub(super) found: Result<Vec<Found>, Problem>,
}

/// Reads all files. While somebody writes them, two looks differ: so they are read until two agree, and a set that is
/// half the old and half the new is never taken.
pub(super) fn read(path: &Path) -> Look {
    let mut last = look(path);
    for _ in 0..LOOKS_MAX {
        let next = look(path);
        if next.fingerprint == last.fingerprint {
            return next;
        }
        last = next;
    }
    let found = Err(Problem::new(
        format!("{path:?} changes while it is read"),
        "replace it in one step, by a rename",
    ));
    Look { found, ..last }
}

fn look(path: &Path) -> Look {
    let found = read_once(path);
    let mut digest = Sha256::new();
    let mut add = |kind: u8, bytes: &[u8]| {
        digest.update([kind]);
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    match &found {
        Ok(found) => {
            for file in found {
                add(1, file.name.as_bytes());
                add(2, &file.content);
            }
        }
        Err(problem) => add(0, problem.wrong.as_bytes()),
    }
    Look { fingerprint: digest.finalize().into(), found }
}

fn read_once(path: &Path) -> Result<Vec<Found>, Problem> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let paths = if metadata.is_dir() { manifests(path)? } else { vec![path.to_owned()] };
    let mut left = BYTES_MAX;
    let mut found = Vec::new();
    for path in paths {
        let content = content(&path, left)?;
        left = left.saturating_sub(content.len() as u64);
        found.push(Found { name: format!("{path:?}"), content });
    }
    Ok(found)
}

/// The manifests of a folder, in the order of their names. Hidden files are not meant: Kubernetes keeps its own there.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let hidden = entry.file_name().as_encoded_bytes().first() == Some(&b'.');
        if !hidden && entry.path().extension().is_some_and(|extension| extension == "json") {
            paths.push(entry.path());
        }
        if paths.len() > FILES_MAX {
            let wrong = format!("the folder {folder:?} holds over {FILES_MAX} files that end in .json");
            return Err(Problem::new(wrong, "name a folder with the manifests alone, one a client"));
        }
    }
    if paths.is_empty() {
        return Err(Problem::new(format!("the folder {folder:?} holds no file that ends in .json"), NAME_IT));
    }
    paths.sort();
    Ok(paths)
}

fn content(path: &Path, left: u64) -> Result<Vec<u8>, Problem> {
    let failed = |error| unreadable(path, &error);
    // A pipe would be waited for until somebody writes into it.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Problem::new(format!("{path:?} is no file"), NAME_IT));
    }
    let mut content = Vec::new();
    File::open(path).and_then(|file| file.take(left + 1).read_to_end(&mut content)).map_err(failed)?;
    if content.len() as u64 > left {
        let mebibytes = BYTES_MAX / (1024 * 1024);
        return Err(Problem::new(format!("with {path:?} there are over {mebibytes} MiB"), SMALLER));
    }
    Ok(content)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("{path:?} cannot be read ({error})"), NAME_IT)
}
