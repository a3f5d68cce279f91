//! A server of MongoDB's protocol for one test alone, with logins and certificates as the test wants them.

use super::super::authority::Authority;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Started by scripts/mongo, and stopped with the test.
pub(super) struct OwnServer {
    data: TempDir,
    /// Where it listens, on 127.0.0.1.
    pub(super) port: u16,
}

impl OwnServer {
    /// Who may do everything there, where it has logins.
    pub(super) const USER: &str = "tester";
    /// That user's password: it has what must be percent-encoded.
    pub(super) const PASSWORD: &str = "hunter2/@:%?#[ö";

    /// Starts one with these settings of scripts/mongo.
    pub(super) fn start(settings: &[(&str, &str)]) -> Self {
        let data = TempDir::new().unwrap();
        let mut command = script(data.path(), "start");
        command.envs(settings.iter().copied());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "this test needs a server with settings of its own, which scripts/mongo starts:\n{said}"
        );
        let uri = String::from_utf8(output.stdout).unwrap();
        let (_, rest) = uri.rsplit_once(':').unwrap();
        let port = rest.split('/').next().unwrap().parse().unwrap();
        Self { data, port }
    }

    /// One that speaks TLS and wants a client's certificate, with the authority that it trusts and one of a stranger;
    /// each has signed a `client`.
    pub(super) fn with_certificates() -> (Self, Authority, Authority) {
        let (ours, theirs) = (Authority::new(), Authority::new());
        ours.sign("server", "subjectAltName=IP:127.0.0.1");
        for authority in [&ours, &theirs] {
            authority.sign("client", "extendedKeyUsage=clientAuth");
        }
        let server = Self::start(&[
            ("MONGO_TEST_TLS_CERT", &ours.file("server.pem")),
            ("MONGO_TEST_TLS_KEY", &ours.file("server.key")),
            ("MONGO_TEST_TLS_CA", &ours.file("ca.pem")),
        ]);
        (server, ours, theirs)
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let stopped = script(self.data.path(), "stop").status().unwrap();
        assert!(std::thread::panicking() || stopped.success());
    }
}

fn script(data: &Path, what: &str) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/mongo"));
    command.arg(what).env("MONGO_TEST_DATA", data).env("MONGO_TEST_PORT", "0").env("MONGO_TEST_PG_PORT", "0");
    command.env("MONGO_TEST_USER", OwnServer::USER).env("MONGO_TEST_PASSWORD", OwnServer::PASSWORD);
    for name in ["AUTH", "TLS_CERT", "TLS_KEY", "TLS_CA", "FSYNC"] {
        command.env_remove(format!("MONGO_TEST_{name}"));
    }
    command
}
