//! What the sandbox keeps in DATA_DIR beside the store: its keys. `--fresh` erases what a sandbox made, and nothing
//! else.

use super::super::failure::Failure;
use crate::seal;
use crate::store::sqlite;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use zeroize::{Zeroize, ZeroizeOnDrop};

const KEYS: &str = "sandbox-keys.env";
const WORLD: &str = "sandbox.json";

/// The keys of a sandbox's store, as hex digits.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct SandboxKeys {
    pub(super) encrypt: String,
    pub(super) hash: String,
}

/// The keys of this folder; fresh ones where there are none yet.
pub(super) fn keys(dir: &Path) -> Result<SandboxKeys, Failure> {
    let path = dir.join(KEYS);
    match fs::read_to_string(&path) {
        Ok(text) => read(&text).ok_or_else(|| {
            Failure::Other(format!(
                "{} holds no keys: start over with --fresh, or give another DATA_DIR",
                path.display()
            ))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => make(dir, &path),
        Err(error) => Err(Failure::because(&format!("reading {}", path.display()), error)),
    }
}

fn read(text: &str) -> Option<SandboxKeys> {
    let value = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    };
    Some(SandboxKeys {
        encrypt: value("LCRYPTO_ENCRYPT_SECRET_KEY")?,
        hash: value("LCRYPTO_HASH_SECRET_KEY")?,
    })
}

fn make(dir: &Path, path: &Path) -> Result<SandboxKeys, Failure> {
    let fresh = seal::generate().map_err(|error| Failure::because("making keys", error))?;
    let text: String = fresh.expose().into_iter().map(|(name, key)| format!("{name}={key}\n")).collect();
    let failed = |error| Failure::because(&format!("writing {}", path.display()), error);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    read(&text).ok_or_else(|| Failure::Other("the keys just made cannot be read".to_owned()))
}

/// Erases the store, the keys and the world of a sandbox.
pub(super) fn erase(dir: &Path) -> Result<(), Failure> {
    let is_sandbox = [KEYS, WORLD].iter().any(|name| dir.join(name).exists());
    if !is_sandbox {
        // Nothing of a sandbox is here; a store of `serve` is never touched.
        return Ok(());
    }
    sqlite::erase(dir).map_err(|error| Failure::because("erasing the store", error))?;
    for path in [dir.join(KEYS), dir.join(WORLD)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::because(&format!("erasing {}", path.display()), error));
            }
            _ => {}
        }
    }
    Ok(())
}
