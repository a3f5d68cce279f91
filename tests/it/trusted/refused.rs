//! Manifests that the start is refused for.

use super::super::app::{KEYS, binary};
use super::{Manifest, PAGE};
use serde_json::json;

/// What `serve` says when it does not start; nothing was opened then.
fn said(settings: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = binary()
        .arg("serve")
        .envs([("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:1"), ("MIDAZ_LEDGER_URL", "http://127.0.0.1:1")])
        .envs([KEYS[0], KEYS[1], KEYS[2], ("DEPLOYMENT_MODE", "local")])
        .envs([("SERVER_ADDRESS", "127.0.0.1:0"), ("OPS_ADDRESS", "127.0.0.1:0")])
        .env("DATA_DIR", &data)
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{settings:?}: {said}");
    assert!(!data.exists(), "{settings:?}");
    assert!(said.contains("TRUSTED_DOCUMENTS_FILE: "), "{said}");
    said
}

#[test]
fn a_manifest_that_cannot_be_used_refuses_the_start_and_is_told_by_its_ids() {
    let secret = "91315026015";
    let bad = format!("query A {{ holderByDocument(document: \"{secret}\") {{ nope }} }}");
    let manifest = Manifest::new(&json!({ "good": PAGE, "bad-1": bad, "bad-2": "{ nothing }", "bad-3": 7 }));
    for mode in ["off", "warn", "enforce"] {
        let said = said(&[("TRUSTED_DOCUMENTS", mode), ("TRUSTED_DOCUMENTS_FILE", &manifest.path())]);
        for id in ["bad-1", "bad-2", "bad-3"] {
            assert!(said.contains(&format!("the id {id} ")), "{said}");
        }
        assert!(!said.contains(secret) && !said.contains("good"), "{said}");
    }
}

#[test]
fn a_manifest_that_is_missing_refuses_the_start() {
    for mode in ["warn", "enforce"] {
        assert!(said(&[("TRUSTED_DOCUMENTS", mode)]).contains("is required with TRUSTED_DOCUMENTS=warn"));
        let there = [("TRUSTED_DOCUMENTS", mode), ("TRUSTED_DOCUMENTS_FILE", "/no/such/file.json")];
        assert!(said(&there).contains("cannot be read"));
    }
}

#[test]
fn a_manifest_whose_operations_have_no_name_refuses_the_start_where_names_are_required() {
    let manifest = Manifest::new(&json!({ "good": PAGE, "anonymous-1": "{ holders { totalCount } }" }));
    let said = said(&[("TRUSTED_DOCUMENTS_FILE", &manifest.path())]);
    assert!(said.contains("the id anonymous-1 ") && said.contains("has no name"), "{said}");
}
