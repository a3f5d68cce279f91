//! What the sandbox keeps in DATA_DIR beside the store: its keys. `--fresh` erases what a sandbox made, and nothing
//! else.

use super::super::failure::Failure;
use super::super::service::foreign_generation;
use crate::seal::{self, Keyring, Keys};
use crate::store::sqlite::{self, Role, SqliteStore};
use secrecy::ExposeSecret;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const KEYS: &str = "sandbox-keys.env";
const WORLD: &str = "sandbox.json";
const STORE: &str = "holdergraph.db";

/// The keys of a sandbox's store, as hex digits.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(in crate::commands) struct SandboxKeys {
    pub(super) encrypt: String,
    pub(super) hash: String,
    /// Empty where a sandbox of an earlier release has made them.
    pub(super) audit: String,
}

/// The keys of this folder; fresh ones where there are none yet. A store that no sandbox made is left alone: keys
/// beside it would make it look like one.
pub(super) fn keys(dir: &Path) -> Result<SandboxKeys, Failure> {
    let path = dir.join(KEYS);
    if !path.exists() && dir.join(STORE).exists() {
        return Err(foreign(dir));
    }
    match fs::read_to_string(&path) {
        Ok(text) => match read(&text) {
            Some(keys) if keys.audit.is_empty() => add_audit_key(&path, &text, keys),
            Some(keys) => Ok(keys),
            None => Err(Failure::Other(format!(
                "{} holds no keys: remove it and holdergraph.db beside it, or give another DATA_DIR",
                path.display()
            ))),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => make(dir, &path),
        Err(error) => Err(Failure::because(&format!("reading {}", path.display()), error)),
    }
}

/// The keys of a folder that is a sandbox's; `None` of any other.
pub(in crate::commands) fn sandbox_keys(dir: &Path) -> Option<SandboxKeys> {
    read(&fs::read_to_string(dir.join(KEYS)).ok()?)
}

impl SandboxKeys {
    /// The key of this setting.
    pub(in crate::commands) fn get(&self, setting: &str) -> Option<&str> {
        match setting {
            "LCRYPTO_ENCRYPT_SECRET_KEY" => Some(&self.encrypt),
            "LCRYPTO_HASH_SECRET_KEY" => Some(&self.hash),
            "AUDIT_SECRET_KEY" => Some(self.audit.as_str()).filter(|key| !key.is_empty()),
            _ => None,
        }
    }
}

fn read(text: &str) -> Option<SandboxKeys> {
    let value = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    };
    Some(SandboxKeys {
        encrypt: value("LCRYPTO_ENCRYPT_SECRET_KEY")?,
        hash: value("LCRYPTO_HASH_SECRET_KEY")?,
        audit: value("AUDIT_SECRET_KEY").unwrap_or_default(),
    })
}

/// A sandbox of an earlier release has no key of the audit trail: it gets one.
fn add_audit_key(path: &Path, text: &str, mut keys: SandboxKeys) -> Result<SandboxKeys, Failure> {
    let fresh = seal::draw_audit_key().map_err(|error| Failure::because("making a key", error))?;
    let separator = if text.ends_with('\n') { "" } else { "\n" };
    let line = Zeroizing::new(format!("{separator}AUDIT_SECRET_KEY={}\n", fresh.expose_secret()));
    let failed = |error| Failure::because(&format!("writing {}", path.display()), error);
    let mut file = OpenOptions::new().append(true).open(path).map_err(failed)?;
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    keys.audit = fresh.expose_secret().to_owned();
    Ok(keys)
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

/// Erases the store, the keys and the world of a sandbox; a store of other keys is no sandbox's, and stays.
pub(super) async fn erase(dir: &Path) -> Result<(), Failure> {
    if dir.join(STORE).exists() && !is_own(dir).await? {
        return Err(foreign(dir));
    }
    if dir.join(KEYS).exists() || dir.join(WORLD).exists() {
        sqlite::erase(dir).map_err(|error| Failure::because("erasing the store", error))?;
    }
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

/// Whether the store was written with the sandbox's keys.
async fn is_own(dir: &Path) -> Result<bool, Failure> {
    if !dir.join(KEYS).exists() {
        return Ok(false);
    }
    let SandboxKeys { encrypt, hash, .. } = &keys(dir)?;
    let Ok(keyring) = Keyring::single(encrypt, hash) else { return Ok(false) };
    let opened = |error| Failure::because("looking at the store to be erased", error);
    let store = SqliteStore::open(dir, Role::Operator).map_err(opened)?;
    Ok(foreign_generation(&Keys::new(keyring), &store).await?.is_none())
}

fn foreign(dir: &Path) -> Failure {
    Failure::Other(format!(
        "{} holds a store that no sandbox made, or whose keys are gone: it is left as it is. Give the sandbox another DATA_DIR, or remove holdergraph.db there yourself",
        dir.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_of_an_earlier_release_gets_an_audit_key_and_keeps_its_others() {
        let dir = tempfile::tempdir().unwrap();
        let made = keys(dir.path()).unwrap();
        let path = dir.path().join(KEYS);
        let text = fs::read_to_string(&path).unwrap();
        let earlier: Vec<&str> = text.lines().filter(|line| !line.starts_with("AUDIT_")).collect();
        fs::write(&path, earlier.join("\n")).unwrap();
        assert_eq!(sandbox_keys(dir.path()).unwrap().get("AUDIT_SECRET_KEY"), None);
        let grown = keys(dir.path()).unwrap();
        assert_eq!((&grown.encrypt, &grown.hash), (&made.encrypt, &made.hash));
        assert!(grown.audit.len() == 64 && grown.audit != made.audit);
        assert_eq!(keys(dir.path()).unwrap().audit, grown.audit);
    }
}
