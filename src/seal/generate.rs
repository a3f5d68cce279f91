//! New keys, drawn from the system's randomness.

use super::key::KEY_BYTES;
use super::keyring::{ENCRYPT_SETTING, HASH_SETTING};
use crate::domain::redacted;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The setting of the key of the audit trail, which is none of a generation's masters.
pub(crate) const AUDIT_SETTING: &str = "AUDIT_SECRET_KEY";

/// The system gave no randomness, so there are no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness, so no key can be made")]
pub struct NoRandomness;

/// A set of keys that nobody else has; shown only where it is asked for by [`FreshKeys::expose`].
pub struct FreshKeys {
    encrypt: SecretString,
    hash: SecretString,
    audit: SecretString,
}
redacted!(FreshKeys);

impl FreshKeys {
    /// The settings and their values, 64 hexadecimal digits each: to be shown once, to whoever asked for them.
    pub fn expose(&self) -> [(&'static str, &str); 3] {
        [
            (ENCRYPT_SETTING, self.encrypt.expose_secret()),
            (HASH_SETTING, self.hash.expose_secret()),
            (AUDIT_SETTING, self.audit.expose_secret()),
        ]
    }
}

/// Draws a fresh set of keys.
pub fn generate() -> Result<FreshKeys, NoRandomness> {
    Ok(FreshKeys { encrypt: draw()?, hash: draw()?, audit: draw_audit_key()? })
}

/// Draws the key of the audit trail alone, for a set of an earlier release that has none.
pub fn draw_audit_key() -> Result<SecretString, NoRandomness> {
    draw()
}

fn draw() -> Result<SecretString, NoRandomness> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    aws_lc_rs::rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
    Ok(hex::encode(bytes.as_slice()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::key::TrailKey;
    use crate::seal::Keyring;

    #[test]
    fn a_generated_set_is_a_keyring_and_no_two_sets_are_alike() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        let [(encrypt_setting, encrypt), (hash_setting, hash), (audit_setting, audit)] = one.expose();
        assert_eq!(encrypt_setting, "LCRYPTO_ENCRYPT_SECRET_KEY");
        assert_eq!(hash_setting, "LCRYPTO_HASH_SECRET_KEY");
        assert!(Keyring::single(encrypt, hash).is_ok());
        assert_eq!(audit_setting, "AUDIT_SECRET_KEY");
        assert!(TrailKey::parse_apart(audit, Some(encrypt), Some(hash)).is_ok());
        assert_ne!(encrypt, hash);
        assert_ne!(one.expose(), other.expose());
        assert_eq!(format!("{one:?}"), "FreshKeys([redacted])");
    }
}
