//! Files that the start is refused for.

use super::super::app::{KEYS, binary};
use super::super::authority::Authority;
use super::{Mounted, authority};
use std::fs;

/// What `serve` says when it does not start.
fn refused(settings: &[(&str, &str)]) -> String {
    let output = binary()
        .arg("serve")
        .envs([("PLUGIN_AUTH_ADDRESS", "https://127.0.0.1:1"), ("MIDAZ_LEDGER_URL", "https://127.0.0.1:1")])
        .envs([KEYS[0], KEYS[1], KEYS[2], ("DEPLOYMENT_MODE", "saas")])
        .envs([("SERVER_ADDRESS", "127.0.0.1:0"), ("OPS_ADDRESS", "127.0.0.1:0")])
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{settings:?}: {said}");
    assert!(!said.contains("hunter2") && !said.contains("SERVER_ADDRESS"), "{settings:?}: {said}");
    said
}

/// Files that are wrong, each in its way.
fn wrong_files() -> Authority {
    let authority = authority();
    authority.sign("other", "");
    authority.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "server.key",
        "-out",
        "locked.key",
        "-passout",
        "pass:hunter2",
    ]);
    authority.openssl(&[
        "genrsa",
        "-traditional",
        "-aes128",
        "-passout",
        "pass:hunter2",
        "-out",
        "old-locked.key",
        "2048",
    ]);
    authority.openssl(&[
        "genpkey",
        "-algorithm",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:secp256k1",
        "-out",
        "odd.key",
    ]);
    authority.openssl(&[
        "genpkey",
        "-algorithm",
        "rsa",
        "-pkeyopt",
        "rsa_keygen_bits:1024",
        "-out",
        "short.key",
    ]);
    let cut = fs::read_to_string(authority.path("server.pem")).unwrap().replace("-----END", "----END");
    fs::write(authority.path("cut.pem"), cut).unwrap();
    let garbage = "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n";
    fs::write(authority.path("garbage.pem"), garbage).unwrap();
    let key = "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n";
    fs::write(authority.path("garbage.key"), key).unwrap();
    let chain = [fs::read(authority.path("server.pem")).unwrap(), garbage.as_bytes().to_vec()].concat();
    fs::write(authority.path("chain.pem"), chain).unwrap();
    fs::write(authority.path("empty"), "").unwrap();
    fs::write(authority.path("bytes"), [0xff, 0, 0xfe]).unwrap();
    fs::write(authority.path("long"), vec![b'a'; 1024 * 1024 + 1]).unwrap();
    authority
}

const CERTIFICATES: [(&str, &str); 8] = [
    ("missing", "cannot be read (No such file"),
    ("empty", "holds no certificate"),
    ("bytes", "holds no certificate"),
    ("long", "is longer than 1 MiB"),
    ("server.key", "holds no certificate"),
    ("cut.pem", "holds PEM that is broken"),
    ("garbage.pem", "certificate 1 of the file"),
    ("chain.pem", "certificate 2 of the file"),
];

const SECRETS: [(&str, &str); 9] = [
    ("missing", "cannot be read (No such file"),
    ("empty", "holds no private key"),
    ("long", "is longer than 1 MiB"),
    ("server.pem", "holds no private key"),
    ("locked.key", "holds a private key that is encrypted"),
    ("old-locked.key", "holds a private key that is encrypted"),
    ("garbage.key", "holds a private key of a kind that is not used"),
    ("odd.key", "holds a private key of a kind that is not used"),
    ("short.key", "holds a private key of a kind that is not used"),
];

#[test]
fn each_file_that_cannot_be_used_is_named_by_its_setting() {
    let files = wrong_files();
    let good = |setting: &str| match setting {
        "TLS_CERT_FILE" | "UPSTREAM_CLIENT_CERT_FILE" => "server.pem",
        "TLS_KEY_FILE" | "UPSTREAM_CLIENT_KEY_FILE" => "server.key",
        _ => "ca.pem",
    };
    let own = ["TLS_CERT_FILE", "TLS_KEY_FILE", "TLS_CLIENT_CA_FILE"];
    let upstreams = ["UPSTREAM_CLIENT_CERT_FILE", "UPSTREAM_CLIENT_KEY_FILE", "UPSTREAM_CA_FILE"];
    for settings in [own, upstreams] {
        let [_, key, _] = settings;
        for wrong in settings {
            let mismatch = [("other.key", "is not the key of the certificate in ")];
            let cases =
                if wrong == key { SECRETS.iter().chain(&mismatch) } else { CERTIFICATES.iter().chain(&[]) };
            for (file, message) in cases {
                let given =
                    settings.map(|name| (name, files.file(if name == wrong { file } else { good(name) })));
                // The own port must be right, for nothing else to be told.
                let rest = own.map(|name| (name, files.file(good(name))));
                let all: Vec<(&str, &str)> =
                    rest.iter().chain(&given).map(|(name, file)| (*name, file.as_str())).collect();
                let said = refused(&all);
                let line = said.lines().find(|line| line.contains(message));
                let line = line.unwrap_or_else(|| panic!("{wrong}={file}: {message:?} is not in\n{said}"));
                assert!(line.trim_start().starts_with(&format!("{wrong}: ")), "{wrong}={file}: {said}");
                assert_eq!(
                    said.lines()
                        .filter(|line| line.contains(": the file ") || line.contains(": certificate "))
                        .count(),
                    1,
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn a_key_in_the_place_of_its_file_is_not_shown() {
    let files = authority();
    let said = refused(&[("TLS_CERT_FILE", &files.file("server.pem")), ("TLS_KEY_FILE", "hunter2")]);
    assert!(said.contains("TLS_KEY_FILE: the file that it names cannot be read"), "{said}");
}

#[test]
fn both_of_a_pair_are_needed_and_all_that_is_wrong_is_told_at_once() {
    let files = authority();
    let (certificate, key) = (files.file("server.pem"), files.file("server.key"));
    let plain = [("ALLOW_INSECURE_TLS", "true")];
    for (given, named) in [
        (("TLS_CERT_FILE", certificate.as_str()), "TLS_KEY_FILE: is required with TLS_CERT_FILE"),
        (("TLS_KEY_FILE", key.as_str()), "TLS_CERT_FILE: is required with TLS_KEY_FILE"),
        (
            ("TLS_CLIENT_CA_FILE", certificate.as_str()),
            "TLS_CLIENT_CA_FILE: is set, and TLS_CERT_FILE is not",
        ),
        (("UPSTREAM_CLIENT_CERT_FILE", certificate.as_str()), "UPSTREAM_CLIENT_KEY_FILE: is required with"),
        (("UPSTREAM_CLIENT_KEY_FILE", key.as_str()), "UPSTREAM_CLIENT_CERT_FILE: is required with"),
    ] {
        let said = refused(&[plain[0], given]);
        assert!(said.contains(named), "{said}");
    }
    let names = [
        "TLS_CERT_FILE",
        "TLS_KEY_FILE",
        "TLS_CLIENT_CA_FILE",
        "UPSTREAM_CA_FILE",
        "UPSTREAM_CLIENT_CERT_FILE",
        "UPSTREAM_CLIENT_KEY_FILE",
    ];
    let said = refused(&names.map(|name| (name, "/nowhere/hunter")));
    assert_eq!(said.lines().filter(|line| line.contains("cannot be read")).count(), 6, "{said}");
    // A folder is no file.
    let mounted = Mounted::new(&[]);
    assert!(
        refused(&[("TLS_CERT_FILE", &mounted.file("")), ("TLS_KEY_FILE", &key)]).contains("TLS_CERT_FILE: ")
    );
}
