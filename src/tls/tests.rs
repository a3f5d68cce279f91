//! What certificates say, and what becomes of files that change.

mod resumption;

use super::expiry::expires;
use super::{NamedFile, OwnPort, OwnPortFiles, Problem, UpstreamFiles, UpstreamTls};
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::process::Command;
use std::sync::Arc;

#[path = "../../tests/it/authority.rs"]
pub(crate) mod authority;
use authority::Authority;

fn named(authority: &Authority, setting: &'static str, file: &str) -> NamedFile {
    NamedFile { setting, path: authority.path(file) }
}

/// TLS of our own port with the certificate `NAME.pem`.
pub(crate) fn own_port(authority: &Authority, name: &str) -> Result<OwnPort, Vec<Problem>> {
    OwnPort::load(files(authority, name))
}

fn files(authority: &Authority, name: &str) -> OwnPortFiles {
    OwnPortFiles {
        certificate: named(authority, "TLS_CERT_FILE", &format!("{name}.pem")),
        key: named(authority, "TLS_KEY_FILE", &format!("{name}.key")),
        client_authorities: None,
    }
}

/// When openssl says that a certificate expires, as `date` writes it in seconds.
fn told(authority: &Authority, file: &str) -> i64 {
    let output = Command::new("openssl")
        .args(["x509", "-noout", "-enddate", "-dateopt", "iso_8601", "-in", &authority.file(file)])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let time = text.trim().trim_start_matches("notAfter=").replace(' ', "T");
    time.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn the_end_of_a_certificate_is_read_in_both_forms_of_time_and_nothing_that_is_none_is_taken_for_one() {
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    // Past 2049 the other form is used.
    authority.openssl(&[
        "req",
        "-x509",
        "-key",
        "server.key",
        "-subj",
        "/CN=far",
        "-days",
        "36500",
        "-out",
        "far.pem",
    ]);
    for file in ["ca.pem", "server.pem", "far.pem"] {
        let certificate = CertificateDer::from_pem_file(authority.path(file)).unwrap();
        assert_eq!(expires(&certificate), Some(told(&authority, file)), "{file}");
        for end in 0..certificate.len() {
            assert_eq!(expires(&CertificateDer::from(&certificate[..end])), None, "{file} until {end}");
        }
        for (index, byte) in (0..certificate.len()).zip([0x00, 0x80, 0x84, 0x88, 0xff].into_iter().cycle()) {
            let mut damaged = certificate.to_vec();
            damaged[index] = byte;
            // Whatever it says: it must come back.
            let _ = expires(&CertificateDer::from(damaged));
        }
    }
}

#[test]
fn debug_shows_nothing_and_a_default_has_nothing_to_watch() {
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    assert_eq!(format!("{:?}", own_port(&authority, "server").unwrap()), "OwnPort([redacted])");
    let none = UpstreamTls::load(UpstreamFiles { authorities: None, identity: None }).unwrap();
    assert!(none.watched().is_none() && UpstreamTls::default().watched().is_none());
}

fn same(one: &Arc<ServerConfig>, other: &Arc<ServerConfig>) -> bool {
    Arc::ptr_eq(one, other)
}

#[test]
fn files_that_have_not_changed_change_nothing_and_what_is_wrong_is_told_once() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let counted = |outcome: &str| {
        let line = format!("holdergraph_tls_reloads_total{{of=\"own_port\",outcome=\"{outcome}\"}} ");
        handle.render().lines().find_map(|l| l.strip_prefix(&line)?.parse::<u64>().ok()).unwrap_or(0)
    };
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    let own_port = own_port(&authority, "server").unwrap();
    let watched = own_port.watched();
    let first = own_port.server_config();
    watched.look();
    assert!(same(&first, &own_port.server_config()));
    assert_eq!((counted("taken"), counted("refused")), (0, 0));

    let good = std::fs::read(authority.path("server.pem")).unwrap();
    for _ in 0..3 {
        std::fs::write(authority.path("server.pem"), "half a certif").unwrap();
        watched.look();
    }
    assert!(same(&first, &own_port.server_config()));
    assert_eq!((counted("taken"), counted("refused")), (0, 1));
    std::fs::write(authority.path("server.pem"), good).unwrap();
    watched.look();
    assert!(!same(&first, &own_port.server_config()));
    assert_eq!((counted("taken"), counted("refused")), (1, 1));
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    watched.look();
    assert_eq!((counted("taken"), counted("refused")), (2, 1));
}
