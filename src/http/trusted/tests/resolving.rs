//! What a request names, and what it gets.

use super::*;
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn a_document_of_the_manifest_is_found_by_its_id_its_hash_and_its_text_in_every_mode() {
    for mode in [Mode::Off, Mode::Warn, Mode::Enforce] {
        for automatic in [None, Some(1 << 20)] {
            let documents = trusted(mode, automatic);
            let (id, hash) = (sha1(HOLDER), sha256(HOLDER));
            let prefixed = format!("sha256:{hash}");
            let named = [
                by_id(&id),
                by_id(&prefixed),
                by_id(&hash),
                by_hash(&hash),
                by_text(HOLDER),
                Named { persisted_hash: Some(&hash), ..by_text(HOLDER) },
                Named { persisted_hash: Some(&hash), ..by_id(&id) },
                // As some clients send it.
                Named { query: Some(""), ..by_id(&id) },
            ];
            for named in named {
                assert_eq!(found(&documents, &named), (HOLDER.to_owned(), true), "{mode:?}");
                assert!(documents.resolve(&named).unwrap().registration.is_none());
            }
        }
    }
}

#[test]
fn an_id_that_is_not_there_is_not_found_in_the_words_that_clients_look_for() {
    let unknown = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound".to_owned());
    for mode in [Mode::Off, Mode::Warn, Mode::Enforce] {
        let documents = trusted(mode, Some(1 << 20));
        for id in ["", "nothing", &sha1(OTHER), &sha256(OTHER), &format!("sha256:{}", sha256(OTHER))] {
            assert_eq!(refused(&documents, &by_id(id)), unknown, "{id}");
        }
        assert_eq!(refused(&documents, &by_hash(&sha256(OTHER))), unknown);
        // Ids are taken letter by letter.
        assert_eq!(refused(&documents, &by_id(&sha1(HOLDER).to_uppercase())), unknown);
        assert_eq!(refused(&documents, &by_id(&format!("sha1:{}", sha1(HOLDER)))), unknown);
    }
    assert_eq!(refused(&untrusted(None), &by_id(&sha1(HOLDER))), unknown);
}

#[test]
fn enforce_refuses_every_text_that_is_none_of_the_manifests() {
    let documents = trusted(Mode::Enforce, Some(1 << 20));
    let hash = sha256(OTHER);
    let almost = format!("{HOLDER} ");
    for named in [
        by_text(OTHER),
        by_text(&almost),
        by_text(""),
        Named { persisted_hash: Some(&hash), ..by_text(OTHER) },
    ] {
        let (code, message) = refused(&documents, &named);
        assert_eq!(code, "PERSISTED_QUERY_REQUIRED");
        assert!(message.contains("documentId"), "{message}");
    }
}

#[test]
fn off_and_warn_let_every_text_through() {
    for documents in [trusted(Mode::Off, None), trusted(Mode::Warn, None), untrusted(None)] {
        assert_eq!(found(&documents, &by_text(OTHER)), (OTHER.to_owned(), false));
        assert_eq!(found(&documents, &by_text("no document")), ("no document".to_owned(), false));
    }
}

#[test]
fn a_document_that_is_named_twice_or_not_at_all_is_bad_input_in_every_mode() {
    let (hash, other) = (sha256(HOLDER), sha256(PAGE));
    let id = sha1(HOLDER);
    for mode in [Mode::Off, Mode::Warn, Mode::Enforce] {
        let documents = trusted(mode, Some(1 << 20));
        let wrong = [
            (Named::default(), "query must be"),
            (Named { document_id: Some(&id), ..by_text(HOLDER) }, "documentId and query are both given"),
            (Named { document_id: Some("x"), ..by_text("{") }, "documentId and query are both given"),
            (Named { persisted_hash: Some(&other), ..by_id(&id) }, "name different documents"),
            (Named { persisted_hash: Some(&hash), ..by_text(PAGE) }, "is not the SHA-256 of query"),
        ];
        for (named, part) in wrong {
            let (code, message) = refused(&documents, &named);
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains(part) && !message.contains(&id), "{message}");
        }
    }
}

#[test]
fn a_hash_is_64_hexadecimal_digits_of_lower_case() {
    let documents = trusted(Mode::Off, Some(1 << 20));
    let hash = sha256(HOLDER);
    for wrong in [
        String::new(),
        hash.to_uppercase(),
        hash[1..].to_owned(),
        format!("{hash}0"),
        format!("{}g", &hash[1..]),
        format!(" {}", &hash[1..]),
        "é".repeat(32),
    ] {
        for named in [by_hash(&wrong), Named { persisted_hash: Some(&wrong), ..by_text(HOLDER) }] {
            let (code, message) = refused(&documents, &named);
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains("64 hexadecimal digits of lower case"), "{message}");
        }
    }
}

#[test]
fn documents_are_counted_by_where_they_came_from_and_untrusted_ones_by_what_became_of_them() {
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        let warn = trusted(Mode::Warn, Some(1 << 20));
        let hash = sha256(OTHER);
        let resolved = warn.resolve(&Named { persisted_hash: Some(&hash), ..by_text(OTHER) }).unwrap();
        warn.register(&resolved);
        warn.tell(&resolved, Some("Other"));
        warn.tell(&warn.resolve(&by_hash(&hash)).unwrap(), Some("Other"));
        warn.tell(&warn.resolve(&by_text(HOLDER)).unwrap(), Some("Holder"));
        let off = trusted(Mode::Off, None);
        off.tell(&off.resolve(&by_text(OTHER)).unwrap(), Some("Other"));
        assert_eq!(code(&trusted(Mode::Enforce, None), &by_text(OTHER)), "PERSISTED_QUERY_REQUIRED");
    });
    let text = recorder.handle().render();
    for expected in [
        r#"holdergraph_documents_total{source="manifest"} 1"#,
        r#"holdergraph_documents_total{source="apq"} 1"#,
        r#"holdergraph_documents_total{source="text"} 2"#,
        r#"holdergraph_untrusted_documents_total{outcome="let_through"} 2"#,
        r#"holdergraph_untrusted_documents_total{outcome="refused"} 1"#,
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_flood_of_untrusted_documents_is_ten_lines_a_minute() {
    use super::super::notices::{LINES_MAX, Notices, WITHIN};
    use std::sync::Mutex;
    let now = Arc::new(Mutex::new(Instant::now()));
    let clock = now.clone();
    let notices = Notices::new(Arc::new(move || *clock.lock().unwrap()));
    let told: Vec<_> = (0..1_000).filter_map(|_| notices.may_tell()).collect();
    assert_eq!(told, vec![0; LINES_MAX as usize]);
    *now.lock().unwrap() += WITHIN;
    assert_eq!(notices.may_tell(), Some(1_000 - u64::from(LINES_MAX)), "what was left out is told");
    assert_eq!(notices.may_tell(), Some(0));
}

#[test]
fn nothing_that_names_or_holds_a_document_shows_it() {
    let documents = untrusted(Some(1 << 20));
    let hash = sha256(OTHER);
    let resolved = documents.resolve(&Named { persisted_hash: Some(&hash), ..by_text(OTHER) }).unwrap();
    assert_eq!(format!("{resolved:?}"), "Resolved([redacted])");
}
