//! Automatic persisted queries.

use super::*;

fn with_hash<'a>(text: &'a str, hash: &'a str) -> Named<'a> {
    Named { persisted_hash: Some(hash), ..by_text(text) }
}

#[test]
fn a_text_is_found_by_its_hash_once_it_was_registered_and_not_before() {
    let documents = untrusted(Some(1 << 20));
    let hash = sha256(OTHER);
    assert_eq!(code(&documents, &by_hash(&hash)), "PERSISTED_QUERY_NOT_FOUND");
    let resolved = documents.resolve(&with_hash(OTHER, &hash)).unwrap();
    // Until it is known to be valid, nothing is remembered.
    assert_eq!(code(&documents, &by_hash(&hash)), "PERSISTED_QUERY_NOT_FOUND");
    documents.register(&resolved);
    assert_eq!(found(&documents, &by_hash(&hash)), (OTHER.to_owned(), false));
    assert!(documents.resolve(&with_hash(OTHER, &hash)).unwrap().registration.is_none(), "it is there");
}

#[test]
fn a_text_without_its_hash_is_not_registered() {
    let documents = untrusted(Some(1 << 20));
    let resolved = documents.resolve(&by_text(OTHER)).unwrap();
    assert!(resolved.registration.is_none());
    documents.register(&resolved);
    assert_eq!(code(&documents, &by_hash(&sha256(OTHER))), "PERSISTED_QUERY_NOT_FOUND");
}

#[test]
fn switched_off_it_is_told_in_the_words_that_clients_look_for() {
    let hash = sha256(OTHER);
    for documents in [untrusted(None), trusted(Mode::Warn, None)] {
        let told = ("BAD_USER_INPUT", "PersistedQueryNotSupported".to_owned());
        assert_eq!(refused(&documents, &by_hash(&hash)), told);
        let resolved = documents.resolve(&with_hash(OTHER, &hash)).unwrap();
        assert!(resolved.registration.is_none());
        documents.register(&resolved);
        assert_eq!(refused(&documents, &by_hash(&hash)), told);
    }
}

#[test]
fn in_enforce_nothing_is_registered() {
    let documents = trusted(Mode::Enforce, Some(1 << 20));
    let (hash, of_manifest) = (sha256(OTHER), sha256(PAGE));
    assert_eq!(code(&documents, &with_hash(OTHER, &hash)), "PERSISTED_QUERY_REQUIRED");
    assert_eq!(code(&documents, &by_hash(&hash)), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(found(&documents, &by_hash(&of_manifest)), (PAGE.to_owned(), true));
    // Whatever was made out of it, nothing gets in.
    let elsewhere = untrusted(Some(1 << 20)).resolve(&with_hash(OTHER, &hash)).unwrap();
    assert!(elsewhere.registration.is_some());
    documents.register(&elsewhere);
    assert_eq!(code(&documents, &by_hash(&hash)), "PERSISTED_QUERY_NOT_FOUND");
}

#[test]
fn memory_is_bounded_in_all_and_for_each() {
    const BYTES: u64 = 100_000;
    let documents = untrusted(Some(BYTES));
    for index in 0..2_000 {
        let text = format!("query Q{index} {{ holders {{ totalCount }} }}{}", " ".repeat(1_000));
        let hash = sha256(&text);
        documents.register(&documents.resolve(&with_hash(&text, &hash)).unwrap());
    }
    let bytes = documents.automatic.as_ref().unwrap().bytes();
    assert!(bytes > BYTES / 2 && bytes <= BYTES, "{bytes}");
    let long = format!("{OTHER}{}", " ".repeat(64 * 1024));
    let hash = sha256(&long);
    let resolved = documents.resolve(&with_hash(&long, &hash)).unwrap();
    assert!(resolved.registration.is_none(), "it runs, and is not remembered");
}
