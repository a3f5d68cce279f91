//! Certificates of a test's own, made by openssl.

use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// An authority of a test's own, and what it has signed.
pub(crate) struct Authority(TempDir);

impl Authority {
    pub(crate) fn new() -> Self {
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
    pub(crate) fn sign(&self, name: &str, extensions: &str) {
        let p256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        self.sign_key(name, &p256, extensions);
    }

    /// The same, with a key of another kind.
    pub(crate) fn sign_key(&self, name: &str, kind: &[&str], extensions: &str) {
        let file = |ending: &str| format!("{name}.{ending}");
        let (key, request, subject) = (file("key"), file("csr"), format!("/CN={name}"));
        let rest = ["-nodes", "-keyout", &key, "-out", &request, "-subj", &subject];
        self.openssl(&[&["req"], kind, &rest].concat());
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
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    /// The same, as a setting takes it.
    pub(crate) fn file(&self, file: &str) -> String {
        self.path(file).to_str().unwrap().to_owned()
    }

    /// Runs openssl among its files.
    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(self.0.path()).output();
        let output = output.expect("this test needs openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
