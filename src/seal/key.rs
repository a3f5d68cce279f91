//! A master key: 32 bytes that only this module's neighbours may look at.

use super::fault::{KeyFault, KeyProblem};
pub(crate) use super::sample::KEY_BYTES;
use super::sample::Sample;
use crate::domain::redacted;
use secrecy::{ExposeSecret, SecretBox};
use subtle::ConstantTimeEq;

/// 32 bytes that all other keys come from; wiped when dropped, never shown.
pub struct MasterKey(SecretBox<[u8; KEY_BYTES]>);
redacted!(MasterKey);

impl MasterKey {
    /// Reads exactly 64 hexadecimal digits, in any case; `setting` is whom a fault is told of.
    pub fn parse(setting: &str, text: &str) -> Result<Self, KeyFault> {
        read(text).map_err(|problem| KeyFault { setting: setting.to_owned(), problem })
    }

    /// The key itself.
    pub(crate) fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose_secret()
    }

    /// Whether both are the same key, found out in constant time.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

fn read(text: &str) -> Result<MasterKey, KeyProblem> {
    if text.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if text.contains(char::is_whitespace) {
        return Err(KeyProblem::Blank);
    }
    let length = text.chars().count();
    if length != 2 * KEY_BYTES {
        return Err(KeyProblem::Length(length));
    }
    let mut decoded = Ok(());
    let bytes = SecretBox::init_with_mut(|bytes: &mut [u8; KEY_BYTES]| {
        decoded = hex::decode_to_slice(text, bytes);
    });
    decoded.map_err(|_| KeyProblem::NotHexadecimal)?;
    match Sample::of(bytes.expose_secret()) {
        Some(sample) => Err(KeyProblem::Sample(sample)),
        None => Ok(MasterKey(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "c1f0a86e52d94b7730e8d65a19bc4f2287ad630ef1954cb83d7e20d91b46fa05";

    fn problem(text: &str) -> Option<KeyProblem> {
        MasterKey::parse("SOME_KEY", text).err().map(|fault| fault.problem)
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits_in_any_case() {
        let lower = MasterKey::parse("SOME_KEY", GOOD).unwrap();
        let upper = MasterKey::parse("SOME_KEY", &GOOD.to_uppercase()).unwrap();
        assert_eq!(hex::encode(lower.expose()), GOOD);
        assert!(lower.is(&upper));
    }

    #[test]
    fn what_is_no_key_is_refused_by_what_is_wrong_with_it() {
        for (text, expected) in [
            (String::new(), KeyProblem::Empty),
            (format!("{GOOD}\n"), KeyProblem::Blank),
            (format!(" {GOOD}"), KeyProblem::Blank),
            ("my-hash-secret-key".to_owned(), KeyProblem::Length(18)),
            ("my-encrypt-secret-key".to_owned(), KeyProblem::Length(21)),
            (GOOD[..32].to_owned(), KeyProblem::Length(32)),
            (format!("{GOOD}00"), KeyProblem::Length(66)),
            ("é".repeat(32), KeyProblem::Length(32)),
            ("é".repeat(64), KeyProblem::NotHexadecimal),
            (format!("{}g", &GOOD[..63]), KeyProblem::NotHexadecimal),
            ("0".repeat(64), KeyProblem::Sample(Sample::Zeros)),
        ] {
            assert_eq!(problem(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_fault_names_the_setting_and_how_to_get_a_key() {
        let fault = MasterKey::parse("SOME_KEY", "my-hash-secret-key").unwrap_err().to_string();
        assert_eq!(
            fault,
            "SOME_KEY has 18 characters; it must be 32 random bytes as 64 hexadecimal digits: make one with \
             `openssl rand -hex 32`, or a whole set with `holdergraph keys generate`"
        );
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", MasterKey::parse("SOME_KEY", GOOD)), "Ok(MasterKey([redacted]))");
    }

    proptest! {
        #[test]
        fn no_fault_repeats_what_was_given(text in "[!-~]{12,80}") {
            prop_assume!(problem(&text).is_some());
            let fault = MasterKey::parse("SOME_KEY", &text).unwrap_err();
            let debugged = format!("{fault:?}");
            prop_assert!(!fault.to_string().contains(&text) && !debugged.contains(&text));
        }
    }
}
