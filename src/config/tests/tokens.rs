//! The keys that prove tokens: from one place, by TLS, and what is said where there are none.

use super::{faulty, load};
use crate::config::tokens::TokenKeys;
use std::io::Write;
use tempfile::NamedTempFile;

/// An Ed25519 key.
const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
                   MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                   -----END PUBLIC KEY-----\n";

fn file(content: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

#[test]
fn keys_are_read_from_a_file_at_the_start() {
    let file = file(PEM);
    let config = load(&[("AUTH_PUBLIC_KEY_FILE", file.path().to_str().unwrap())]).unwrap();
    assert_eq!(format!("{:?}", config.tokens.keys), r#"OfFile(Fresh { of: "auth_public_keys", .. })"#);
}

#[test]
fn a_file_that_cannot_be_used_refuses_the_start_and_is_not_shown() {
    for (content, why) in [
        ("", "is blank"),
        ("hunter2", "the file holds no `-----BEGIN PUBLIC KEY-----`"),
        (&PEM.replace("PUBLIC", "PRIVATE"), "the file holds a private key"),
        (&PEM.replace("MCow", "MCox"), "key 1 of the file is no public key of RSA, P-256 or Ed25519"),
    ] {
        let file = file(content);
        let faults = load(&[("AUTH_PUBLIC_KEY_FILE", file.path().to_str().unwrap())]).unwrap_err();
        assert_eq!(faulty(&faults), ["AUTH_PUBLIC_KEY_FILE"]);
        let text = faults.to_string();
        assert!(text.contains(why) && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn only_one_place_may_give_keys() {
    let file = file(PEM);
    let path = file.path().to_str().unwrap();
    for (url, faults) in [
        ("https://sso/jwks.json", &["AUTH_PUBLIC_KEY_FILE"][..]),
        ("nonsense", &["AUTH_JWKS_URL", "AUTH_PUBLIC_KEY_FILE"]),
    ] {
        let found = load(&[("AUTH_JWKS_URL", url), ("AUTH_PUBLIC_KEY_FILE", path)]).unwrap_err();
        assert_eq!(faulty(&found), faults, "{found}");
        assert!(found.to_string().contains("is set, and so is AUTH_JWKS_URL; set one of the two"), "{found}");
    }
}

#[test]
fn a_key_server_without_tls_passes_only_where_other_upstreams_do() {
    let url = ("AUTH_JWKS_URL", "http://sso/jwks.json");
    let outside = [
        url,
        ("DEPLOYMENT_MODE", "saas"),
        ("PLUGIN_AUTH_ADDRESS", "https://auth"),
        ("MIDAZ_LEDGER_URL", "https://l"),
    ];
    let faults = load(&outside).unwrap_err();
    assert_eq!(faulty(&faults), ["SERVER_ADDRESS", "AUTH_JWKS_URL"]);
    let allowed = load(&[&outside[..], &[("ALLOW_INSECURE_TLS", "true")]].concat()).unwrap();
    let warning = "ALLOW_INSECURE_TLS=true: the key server of AUTH_JWKS_URL is called without TLS";
    assert!(allowed.warnings().contains(&warning.to_owned()), "{:?}", allowed.warnings());
    assert!(matches!(load(&[url]).unwrap().tokens.keys, TokenKeys::Published(_)));
}

#[test]
fn claims_that_nothing_here_proves_are_warned_about() {
    let claims = [("AUTH_ISSUER", "sso"), ("AUTH_ORGANIZATIONS_CLAIM", "organizations")];
    let warnings = load(&claims).unwrap().warnings();
    assert_eq!(
        warnings,
        [
            "AUTH_ISSUER, AUTH_ORGANIZATIONS_CLAIM: without AUTH_JWKS_URL or AUTH_PUBLIC_KEY_FILE nothing here proves \
          what a token claims"
        ]
    );
    let with_keys = load(&[claims[0], claims[1], ("AUTH_JWKS_URL", "http://sso/jwks.json")]).unwrap();
    assert!(with_keys.warnings().is_empty());
}
