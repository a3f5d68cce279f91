//! Keys that were never drawn at random: samples out of documentation, patterns, texts.
//!
//! Each rule meets a random key with a probability below 10^-13.

use std::collections::BTreeSet;

/// How long a master key is.
pub(crate) const KEY_BYTES: usize = 32;

/// Why a key is taken for a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Sample {
    /// Nothing but zeros.
    #[error("is all zeros")]
    Zeros,
    /// One byte, or a short run of bytes, over and over.
    #[error("is a pattern that repeats itself")]
    Repeated,
    /// Each byte is the one before it plus the same number: `000102…1f`.
    #[error("is a sequence of counted bytes, as documentation shows keys")]
    Counted,
    /// A readable text, written in hexadecimal digits.
    #[error("is a text written in hexadecimal digits, not random bytes")]
    Text,
    /// Printed in a standard, or made from nothing.
    #[error("is a published sample key")]
    Published,
}

/// Keys that everybody has: AES-256 of NIST SP 800-38A, and SHA-256 over nothing and over one line end.
const PUBLISHED: [&str; 3] = [
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
];

/// The fewest different values that 32 random bytes have, for all practical purposes.
const FEWEST_VALUES: usize = 9;
/// The longest run of bytes of which a repetition is looked for.
const LONGEST_RUN: usize = KEY_BYTES / 2;

impl Sample {
    /// Tells whether these bytes are a sample; `None` for a key that may be used.
    pub(crate) fn of(key: &[u8; KEY_BYTES]) -> Option<Self> {
        if key.iter().all(|byte| *byte == 0) {
            Some(Self::Zeros)
        } else if repeats(key) {
            Some(Self::Repeated)
        } else if counts(key) {
            Some(Self::Counted)
        } else if key.iter().all(|byte| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ') {
            Some(Self::Text)
        } else if PUBLISHED.iter().any(|sample| hex::decode(sample).is_ok_and(|bytes| bytes == key)) {
            Some(Self::Published)
        } else {
            None
        }
    }
}

fn repeats(key: &[u8; KEY_BYTES]) -> bool {
    let values: BTreeSet<u8> = key.iter().copied().collect();
    let periodic = |run: usize| key.iter().zip(key.iter().skip(run)).all(|(a, b)| a == b);
    values.len() < FEWEST_VALUES || (1..=LONGEST_RUN).any(periodic)
}

fn counts(key: &[u8; KEY_BYTES]) -> bool {
    let steps: BTreeSet<u8> = key.iter().zip(key.iter().skip(1)).map(|(a, b)| b.wrapping_sub(*a)).collect();
    steps.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<Sample> {
        Sample::of(&hex::decode(text).unwrap().try_into().unwrap())
    }

    #[test]
    fn sample_keys_are_known_by_their_kind() {
        let text = hex::encode("my-encrypt-secret-key-0123456789");
        let padded = format!("{}{}", hex::encode("my-hash-secret-key"), "00".repeat(14));
        for (key, expected) in [
            ("0".repeat(64).as_str(), Sample::Zeros),
            ("a7".repeat(32).as_str(), Sample::Repeated),
            ("0123456789abcdef".repeat(4).as_str(), Sample::Repeated),
            ("deadbeef".repeat(8).as_str(), Sample::Repeated),
            ("feffe9928665731c6d6a8f9467308308".repeat(2).as_str(), Sample::Repeated),
            (&format!("{:064}", 1), Sample::Repeated),
            ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", Sample::Counted),
            ("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", Sample::Counted),
            ("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100", Sample::Counted),
            (text.as_str(), Sample::Text),
            (padded.as_str(), Sample::Text),
            (PUBLISHED[0], Sample::Published),
            (PUBLISHED[1], Sample::Published),
            (PUBLISHED[2], Sample::Published),
        ] {
            assert_eq!(of(key), Some(expected), "{key}");
        }
    }

    proptest! {
        #[test]
        fn a_run_of_any_length_that_repeats_is_a_sample(run in prop::collection::vec(any::<u8>(), 1..=16)) {
            let key: Vec<u8> = run.iter().copied().cycle().take(KEY_BYTES).collect();
            prop_assert!(Sample::of(&key.try_into().unwrap()).is_some());
        }

        #[test]
        fn bytes_counted_by_any_step_are_a_sample(start in any::<u8>(), step in any::<u8>()) {
            let mut next = start;
            let key = [(); KEY_BYTES].map(|()| { let now = next; next = next.wrapping_add(step); now });
            prop_assert!(Sample::of(&key).is_some());
        }

        #[test]
        fn a_random_key_is_no_sample(key in any::<[u8; KEY_BYTES]>()) {
            prop_assert_eq!(Sample::of(&key), None);
        }
    }
}
