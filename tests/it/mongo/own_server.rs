//! A server of MongoDB's protocol for one test alone, with logins and certificates as the test wants them.

use std::path::{Path, PathBuf};
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

/// An authority of a test's own, and what it has signed.
pub(super) struct Authority(TempDir);

impl Authority {
    pub(super) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let authority = Self(dir);
        // Two of one name would be taken for one that has changed its key.
        let subject = format!("/CN=authority {}", uuid::Uuid::new_v4());
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "3650",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            &subject,
            "-addext",
            "basicConstraints=critical,CA:true",
            "-addext",
            "keyUsage=critical,keyCertSign",
        ]);
        authority
    }

    /// Signs a certificate with these extensions; `NAME.pem` and `NAME.key` are its files.
    pub(super) fn sign(&self, name: &str, extensions: &str) {
        let file = |ending: &str| format!("{name}.{ending}");
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            &file("key"),
            "-out",
            &file("csr"),
            "-subj",
            &format!("/CN={name}"),
        ]);
        std::fs::write(self.path(&file("ext")), extensions).unwrap();
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &file("csr"),
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "3650",
            "-out",
            &file("pem"),
            "-extfile",
            &file("ext"),
        ]);
    }

    /// Where one of its files is.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    /// The same, as a setting takes it.
    pub(super) fn file(&self, file: &str) -> String {
        self.path(file).to_str().unwrap().to_owned()
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(self.0.path()).output();
        let output = output.expect("this test needs openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
