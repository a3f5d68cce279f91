//! Cursors and operations.

use super::fixtures::*;
use crate::registry::ports::vault::Vault;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SCOPE: &str = "holders/createdAt";

#[test]
fn a_cursor_of_another_list_or_organization_is_refused() {
    let cursor = keys().make_cursor(organization(), SCOPE, b"position");
    assert_eq!(keys().read_cursor(organization(), SCOPE, &cursor).as_deref(), Some(&b"position"[..]));
    assert_eq!(keys().read_cursor(other_organization(), SCOPE, &cursor), None);
    for scope in ["", "holders", "holders/createdAt ", "holders/updatedAt"] {
        assert_eq!(keys().read_cursor(organization(), scope, &cursor), None, "{scope}");
    }
}

#[test]
fn what_belongs_to_the_scope_is_not_taken_for_content() {
    let cursor = keys().make_cursor(organization(), "ab", b"c");
    let shifted = keys().make_cursor(organization(), "a", b"bc");
    assert_eq!(keys().read_cursor(organization(), "a", &cursor), None);
    assert_eq!(keys().read_cursor(organization(), "ab", &shifted), None);
}

#[test]
fn a_cursor_with_one_character_changed_is_refused() {
    let cursor = keys().make_cursor(organization(), SCOPE, b"position");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
    for place in 0..cursor.len() {
        for other in alphabet.chars().filter(|c| !cursor[place..].starts_with(*c)) {
            let changed = format!("{}{other}{}", &cursor[..place], &cursor[place + 1..]);
            assert_eq!(keys().read_cursor(organization(), SCOPE, &changed), None, "{changed}");
        }
    }
}

#[test]
fn a_cursor_longer_than_any_of_a_list_is_not_looked_at() {
    // A time and an id are 24 bytes.
    for (content, length) in [(24, 55), (174, 255), (175, 256)] {
        let content = vec![7; content];
        let cursor = keys().make_cursor(organization(), SCOPE, &content);
        assert_eq!(cursor.len(), length);
        assert_eq!(keys().read_cursor(organization(), SCOPE, &cursor), Some(content));
    }
    let too_long = keys().make_cursor(organization(), SCOPE, &[7; 176]);
    assert_eq!(keys().read_cursor(organization(), SCOPE, &too_long), None);
}

proptest! {
    #[test]
    fn any_content_is_read_back(scope in any::<String>(), content in any::<Vec<u8>>()) {
        let cursor = keys().make_cursor(organization(), &scope, &content);
        prop_assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(keys().read_cursor(organization(), &scope, &cursor), Some(content));
    }

    #[test]
    fn any_other_text_is_no_cursor(text in "\\PC{0,80}") {
        prop_assert_eq!(keys().read_cursor(organization(), SCOPE, &text), None);
    }

    #[test]
    fn bytes_that_we_did_not_authenticate_are_no_cursor(bytes in any::<[u8; 32]>()) {
        use base64::Engine;
        let text = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode([&[1], bytes.as_slice()].concat());
        prop_assert_eq!(keys().read_cursor(organization(), SCOPE, &text), None);
    }
}

#[test]
fn cursors_of_every_generation_in_the_keyring_are_read() {
    let (old, new) = (keys(), rotating());
    let of_old = old.make_cursor(organization(), SCOPE, b"p");
    let of_new = new.make_cursor(organization(), SCOPE, b"p");
    assert_ne!(of_old, of_new);
    assert!(new.read_cursor(organization(), SCOPE, &of_old).is_some());
    assert!(new.read_cursor(organization(), SCOPE, &of_new).is_some());
    assert!(old.read_cursor(organization(), SCOPE, &of_new).is_none());
}

#[test]
fn a_repeat_is_known_by_its_key_and_its_input() {
    let of = |organization, key, input: &[u8]| {
        let (key, fingerprint) = keys().operation(organization, key, input);
        (key.0, fingerprint.0)
    };
    let first = of(organization(), "key-1", b"input");
    assert_eq!(first, of(organization(), "key-1", b"input"));
    let other_input = of(organization(), "key-1", b"other");
    assert_eq!(first.0, other_input.0);
    assert_ne!(first.1, other_input.1);
}

#[test]
fn no_hmac_of_an_operation_is_met_twice() {
    let mut met = BTreeSet::new();
    for organization in [organization(), other_organization()] {
        for (key, input) in [("a", &b"bc"[..]), ("ab", b"c"), ("abc", b""), ("", b"abc")] {
            let (key, fingerprint) = keys().operation(organization, key, input);
            assert!(met.insert(key.0) && met.insert(fingerprint.0));
        }
    }
}
