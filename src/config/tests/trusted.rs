//! Trusted documents and automatic persisted queries.

use super::{faulty, load};
use crate::http::trusted::Mode;
use std::path::Path;

#[test]
fn nothing_is_required_and_queries_may_be_persisted_unless_the_operator_says_otherwise() {
    let trusted = load(&[]).unwrap().trusted;
    assert_eq!((trusted.mode, trusted.manifest), (Mode::Off, None));
    assert_eq!(trusted.automatic_bytes, Some(16 * 1024 * 1024));
    for none in ["off", "0", " off "] {
        assert_eq!(load(&[("AUTOMATIC_PERSISTED_QUERIES", none)]).unwrap().trusted.automatic_bytes, None);
    }
    let bytes = load(&[("AUTOMATIC_PERSISTED_QUERIES", "1073741824")]).unwrap().trusted.automatic_bytes;
    assert_eq!(bytes, Some(1 << 30));
}

#[test]
fn warn_and_enforce_need_a_manifest_and_off_may_have_one() {
    let file = ("TRUSTED_DOCUMENTS_FILE", "/etc/holdergraph/persisted-documents.json");
    for (name, mode) in [("off", Mode::Off), ("warn", Mode::Warn), ("enforce", Mode::Enforce)] {
        let trusted = load(&[("TRUSTED_DOCUMENTS", name), file]).unwrap().trusted;
        assert_eq!((trusted.mode, trusted.manifest.as_deref()), (mode, Some(Path::new(file.1))));
    }
    for name in ["warn", "enforce"] {
        for unset in
            [[("TRUSTED_DOCUMENTS", name), ("TRUSTED_DOCUMENTS_FILE", "")], [("TRUSTED_DOCUMENTS", name); 2]]
        {
            assert_eq!(faulty(&load(&unset).unwrap_err()), ["TRUSTED_DOCUMENTS_FILE"]);
        }
    }
}

#[test]
fn a_subgraph_that_takes_only_trusted_documents_is_warned_about() {
    let file = ("TRUSTED_DOCUMENTS_FILE", "/etc/holdergraph/persisted-documents.json");
    for (mode, federated, warned) in [
        ("enforce", "true", true),
        ("enforce", "false", false),
        ("warn", "true", false),
        ("off", "true", false),
    ] {
        let config = load(&[("TRUSTED_DOCUMENTS", mode), file, ("FEDERATION_ENABLED", federated)]).unwrap();
        let warnings = config.warnings();
        assert_eq!(warnings.len(), usize::from(warned), "{mode} {federated}: {warnings:?}");
        let told = "FEDERATION_ENABLED=true with TRUSTED_DOCUMENTS=enforce: gateways make up their documents";
        assert!(warnings.iter().all(|warning| warning.starts_with(told)), "{warnings:?}");
    }
}
