//! The settings of TLS.

use super::{faulty, load};
use crate::tls::tests::authority::Authority;

fn authority() -> Authority {
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    authority
}

/// Mode × TLS of our own port × ALLOW_INSECURE_TLS.
#[test]
fn with_tls_the_own_port_passes_everywhere_and_is_not_warned_about() {
    let files = authority();
    let (certificate, key) = (files.file("server.pem"), files.file("server.key"));
    for mode in ["local", "byoc", "saas"] {
        for allow in ["true", "false"] {
            let given = [
                ("DEPLOYMENT_MODE", mode),
                ("PLUGIN_AUTH_ADDRESS", "https://auth"),
                ("MIDAZ_LEDGER_URL", "https://ledger"),
                ("ALLOW_INSECURE_TLS", allow),
                ("TLS_CERT_FILE", &certificate),
                ("TLS_KEY_FILE", &key),
                ("TLS_CLIENT_CA_FILE", &files.file("ca.pem")),
            ];
            let config = load(&given).unwrap();
            assert!(config.tls.own_port.is_some() && config.tls.watched().len() == 1);
            assert_eq!(config.warnings(), [""; 0], "{mode} {allow}");
        }
    }
}

#[test]
fn without_any_file_there_is_no_tls_of_our_own() {
    let config = load(&[]).unwrap();
    assert!(config.tls.own_port.is_none() && config.tls.watched().is_empty());
}

#[test]
fn where_its_files_are_wrong_the_port_is_not_taken_for_one_without_tls() {
    let files = authority();
    let wrong = [
        ("DEPLOYMENT_MODE", "saas"),
        ("PLUGIN_AUTH_ADDRESS", "https://a"),
        ("MIDAZ_LEDGER_URL", "https://l"),
    ];
    let with = |more: &[(&'static str, &str)]| {
        let given: Vec<(&str, &str)> = wrong.iter().copied().chain(more.iter().copied()).collect();
        load(&given).unwrap_err()
    };
    let (certificate, key) = (files.file("server.pem"), files.file("server.key"));
    assert_eq!(faulty(&with(&[("TLS_CERT_FILE", &certificate)])), ["TLS_KEY_FILE"]);
    assert_eq!(faulty(&with(&[("TLS_KEY_FILE", &key)])), ["TLS_CERT_FILE"]);
    assert_eq!(faulty(&with(&[("TLS_CERT_FILE", &key), ("TLS_KEY_FILE", &key)])), ["TLS_CERT_FILE"]);
    // The upstreams' files say nothing of our own port.
    assert_eq!(faulty(&with(&[("UPSTREAM_CA_FILE", &key)])), ["UPSTREAM_CA_FILE", "SERVER_ADDRESS"]);
    let remedy = with(&[]).to_string();
    assert!(remedy.contains("set TLS_CERT_FILE and TLS_KEY_FILE"), "{remedy}");
}

#[test]
fn upstreams_take_an_authority_a_certificate_of_ours_or_both() {
    let files = authority();
    let (ca, certificate, key) = (files.file("ca.pem"), files.file("server.pem"), files.file("server.key"));
    let identity = [("UPSTREAM_CLIENT_CERT_FILE", certificate.as_str()), ("UPSTREAM_CLIENT_KEY_FILE", &key)];
    let authorities = [("UPSTREAM_CA_FILE", ca.as_str())];
    for given in [&identity[..], &authorities, &[authorities[0], identity[0], identity[1]]] {
        let config = load(given).unwrap();
        assert!(config.tls.upstreams.watched().is_some() && config.tls.own_port.is_none());
        let shown = format!("{config:?}");
        assert!(!shown.contains("BEGIN") && shown.contains("UpstreamTls([redacted])"), "{shown}");
    }
}
