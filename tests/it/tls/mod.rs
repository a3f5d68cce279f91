//! TLS with real certificates: on our own port, and to the upstreams.

mod client_certificates;
mod forwarder;
mod own_port;
mod refused;
mod reload;
mod upstreams;

use super::app::{App, PATIENCE};
use super::authority::Authority;
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The name in a certificate of a server of these tests.
const LOOPBACK: &str = "subjectAltName=IP:127.0.0.1";
const CLIENT: &str = "extendedKeyUsage=clientAuth";

/// An authority that has signed `server`, which is loopback.
fn authority() -> Authority {
    let authority = Authority::new();
    authority.sign("server", LOOPBACK);
    authority
}

/// A client that trusts this authority alone.
fn trusting(authority: &Authority) -> ClientBuilder {
    let pem = std::fs::read(authority.path("ca.pem")).unwrap();
    Client::builder().tls_certs_only([Certificate::from_pem(&pem).unwrap()])
}

/// A certificate to show.
fn identity(authority: &Authority, name: &str) -> Identity {
    let read = |ending: &str| std::fs::read(authority.path(&format!("{name}.{ending}"))).unwrap();
    Identity::from_pem(&[read("pem"), read("key")].concat()).unwrap()
}

/// Whether `/health` answers this client, on a connection of its own.
async fn reaches(client: ClientBuilder, app: &App) -> bool {
    let answer = client.build().unwrap().get(format!("{}/health", app.base)).send().await;
    answer.is_ok_and(|answer| answer.status() == 200)
}

/// A service with the certificate `server` of an authority.
fn serve(upstreams: &App, authority: &Authority, more: &[(&str, &str)]) -> App {
    let (certificate, key) = (authority.file("server.pem"), authority.file("server.key"));
    let own = [("TLS_CERT_FILE", certificate.as_str()), ("TLS_KEY_FILE", &key)];
    let mut app = App::serve(upstreams, &[&own, more].concat());
    app.client = trusting(authority).build().unwrap();
    app
}

/// A counter of the metrics; 0 where it is not there yet.
pub(crate) async fn counted(app: &App, name: &str) -> u64 {
    let metrics = app.metrics().await;
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.map_or(0, |value| value.parse().unwrap())
}

/// Tries until it holds.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let began = std::time::Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what}: never");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Puts another content into a file, in one step: nobody ever finds a half of it.
pub(crate) fn replace(file: &Path, content: &str) {
    let next = file.with_extension("next");
    std::fs::write(&next, content).unwrap();
    std::fs::rename(next, file).unwrap();
}

/// Files as Kubernetes mounts a secret: links into a folder that is a link itself, which one rename swaps.
pub(crate) struct Mounted(TempDir);

impl Mounted {
    /// Shows these files: the name here, and where it is copied from.
    pub(crate) fn new(files: &[(&str, PathBuf)]) -> Self {
        let mounted = Self(TempDir::new().unwrap());
        mounted.swap(files);
        for (name, _) in files {
            std::os::unix::fs::symlink(Path::new("..data").join(name), mounted.0.path().join(name)).unwrap();
        }
        mounted
    }

    /// Shows other ones of the same names.
    pub(crate) fn swap(&self, files: &[(&str, PathBuf)]) {
        let content = tempfile::Builder::new().prefix("..").tempdir_in(self.0.path()).unwrap().keep();
        for (name, from) in files {
            std::fs::copy(from, content.join(name)).unwrap();
        }
        let next = self.0.path().join("..data_tmp");
        std::os::unix::fs::symlink(content.file_name().unwrap(), &next).unwrap();
        std::fs::rename(next, self.0.path().join("..data")).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
}
