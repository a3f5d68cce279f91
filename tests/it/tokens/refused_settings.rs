//! Keys that cannot be used refuse the start, by name.

use super::signer::{Signer, UNUSABLE};
use crate::app::{KEYS, binary};
use std::io::Write;

fn refused(settings: &[(&str, &str)]) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let output = binary()
        .arg("serve")
        .env("DATA_DIR", folder.path().join("data"))
        .envs([("PLUGIN_AUTH_ADDRESS", "https://auth"), ("MIDAZ_LEDGER_URL", "https://ledger")])
        .envs([("DEPLOYMENT_MODE", "local"), KEYS[0], KEYS[1], KEYS[2]])
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!folder.path().join("data").exists(), "nothing is opened before all settings are checked");
    said
}

#[test]
fn a_file_without_a_usable_key_refuses_the_start_by_name() {
    for (what, pem) in UNUSABLE {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(pem.as_bytes()).unwrap();
        let said = refused(&[("AUTH_PUBLIC_KEY_FILE", file.path().to_str().unwrap())]);
        let why = if what.starts_with("RSA") {
            "under 2048 bits"
        } else {
            "is no public key of RSA, P-256 or Ed25519"
        };
        assert!(said.contains("AUTH_PUBLIC_KEY_FILE: key 1 of the file"), "{what}: {said}");
        assert!(said.contains(why), "{what}: {said}");
    }
}

#[test]
fn keys_from_two_places_and_a_key_server_without_tls_refuse_the_start() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(Signer::ed25519().pem().as_bytes()).unwrap();
    let path = file.path().to_str().unwrap();
    let said = refused(&[("AUTH_PUBLIC_KEY_FILE", path), ("AUTH_JWKS_URL", "https://sso/jwks.json")]);
    assert!(said.contains("AUTH_PUBLIC_KEY_FILE: is set, and so is AUTH_JWKS_URL"), "{said}");
    let said = refused(&[("DEPLOYMENT_MODE", "saas"), ("AUTH_JWKS_URL", "http://sso/jwks.json")]);
    assert!(said.contains("AUTH_JWKS_URL") && said.contains("https URL"), "{said}");
}
