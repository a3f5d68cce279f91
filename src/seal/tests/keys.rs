//! Keyrings: what is refused, how they are known again, what is never shown.

use super::fixtures::*;
use crate::seal::{KeyProblem, Keyring, Keys};

fn faults(encrypt: &str, hash: &str) -> Vec<(String, KeyProblem)> {
    let faults = Keyring::single(encrypt, hash).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.setting, fault.problem)).collect()
}

#[test]
fn all_faults_of_both_keys_come_together_by_the_name_of_their_setting() {
    let found = faults("my-encrypt-secret-key", "");
    assert_eq!(
        found,
        [
            ("LCRYPTO_ENCRYPT_SECRET_KEY".to_owned(), KeyProblem::Length(21)),
            ("LCRYPTO_HASH_SECRET_KEY".to_owned(), KeyProblem::Empty),
        ]
    );
    assert_eq!(faults(ENCRYPT, "zz"), [("LCRYPTO_HASH_SECRET_KEY".to_owned(), KeyProblem::Length(2))]);
    assert!(faults(ENCRYPT, HASH).is_empty());
}

#[test]
fn two_equal_keys_are_refused_in_whatever_case_they_are_written() {
    let expected = KeyProblem::SameAs("LCRYPTO_ENCRYPT_SECRET_KEY".to_owned());
    for hash in [ENCRYPT.to_owned(), ENCRYPT.to_uppercase()] {
        assert_eq!(faults(ENCRYPT, &hash), [("LCRYPTO_HASH_SECRET_KEY".to_owned(), expected.clone())]);
    }
}

#[test]
fn sample_keys_are_refused() {
    for sample in [
        "0".repeat(64),
        "5a".repeat(32),
        "0123456789abcdef".repeat(4),
        (0..32).map(|byte| format!("{byte:02x}")).collect(),
        "my-hash-secret-key".to_owned(),
        hex::encode("my-encrypt-secret-key-of-32-byte"),
    ] {
        assert_eq!(faults(&sample, HASH).len(), 1, "{sample}");
        assert_eq!(faults(ENCRYPT, &sample).len(), 1, "{sample}");
    }
}

#[test]
fn a_check_value_tells_a_keyring_from_every_other() {
    let check = |encrypt: &str, hash: &str| {
        let [check] = Keys::new(Keyring::single(encrypt, hash).unwrap()).checks().try_into().unwrap();
        assert_eq!(check.id.0, "1");
        check.value
    };
    let other = "7e30ad92c55b18f4069ed1738b2f4ac6e35d0b9417f8a26c4de1750398bac241";
    assert_eq!(check(ENCRYPT, HASH), check(&ENCRYPT.to_uppercase(), HASH));
    for wrong in [check(HASH, ENCRYPT), check(ENCRYPT, other), check(other, HASH)] {
        assert!(wrong != check(ENCRYPT, HASH));
    }
    let ids: Vec<String> =
        Keys::new(two_generations()).checks().into_iter().map(|check| check.id.0).collect();
    assert_eq!(ids, ["1", "two"]);
}

#[test]
fn debug_shows_no_key() {
    let keyring = keyring();
    let generation = keyring.newest();
    let derived = generation.hash().derive(&[b"token"]);
    let shown = format!(
        "{:?} {:?} {:?} {:?} {derived:?} {:?} {:?}",
        keys(),
        keyring,
        generation,
        generation.hash(),
        keys().checks(),
        keys().key_use
    );
    assert_eq!(
        shown,
        "Keys([redacted]) Keyring([redacted]) Generation([redacted]) Root([redacted]) DerivedKey([redacted]) \
         [KeyCheck([redacted])] KeyUse([redacted])"
    );
}

#[test]
fn keyed_hash_states_are_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<sha2::Sha256>();
    wiped::<aes_gcm::Aes256Gcm>();
}
