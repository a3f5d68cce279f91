//! One bad setting of MongoDB each, and what is said of it.

use super::super::faulty;
use super::{Given, PARTS, PEM, with};

/// On top of `PARTS`: the change, who is named, and what is said. No message repeats a secret.
const FAULTS: &[(&[Given], &str, &str)] = &[
    (&[("-MONGO_HOST", "")], "MONGO_HOST", "is required where MONGO_URI is only a scheme"),
    (&[("MONGO_HOST", "http://h")], "MONGO_HOST", "holds what is no host; set a name or an address"),
    (&[("MONGO_HOST", "a,,b")], "MONGO_HOST", "is no host"),
    (&[("MONGO_HOST", "::1")], "MONGO_HOST", "is no host"),
    (&[("MONGO_HOST", "u:hunter2@h")], "MONGO_HOST", "is no host"),
    (&[("MONGO_HOST", "h:1"), ("MONGO_PORT", "2")], "MONGO_HOST", "has a port, and MONGO_PORT is set"),
    (&[("MONGO_PORT", "0")], "MONGO_PORT", r#""0" is no whole number from 1 to 65535"#),
    (&[("MONGO_PORT", "mongo")], "MONGO_PORT", "is no whole number"),
    (&[("MONGO_URI", "mongodb+srv"), ("MONGO_PORT", "1")], "MONGO_PORT", "mongodb+srv takes ports from DNS"),
    (&[("MONGO_USER", "u")], "MONGO_PASSWORD", "is required with MONGO_USER"),
    (&[("MONGO_PASSWORD", "hunter2")], "MONGO_USER", "is required with MONGO_PASSWORD"),
    (
        &[("MONGO_USER", "u"), ("MONGO_PASSWORD", "hunter2"), ("MONGO_PASSWORD_FILE", "/x")],
        "MONGO_PASSWORD",
        "is set, and so is MONGO_PASSWORD_FILE",
    ),
    (
        &[("MONGO_PARAMETERS", "replicaset=a&colour=hunter2")],
        "MONGO_PARAMETERS",
        r#"the parameter "colour", which"#,
    ),
    (&[("MONGO_PARAMETERS", "socketTimeoutMS=5")], "MONGO_PARAMETERS", "MONGO_TIMEOUT bounds every call"),
    (&[("MONGO_PARAMETERS", "w=1")], "MONGO_PARAMETERS", "with another value than majority"),
    (&[("MONGO_PARAMETERS", "journal=false")], "MONGO_PARAMETERS", "with another value than true"),
    (&[("MONGO_PARAMETERS", "readPreference=nearest")], "MONGO_PARAMETERS", "at the primary"),
    (
        &[("MONGO_PARAMETERS", "readConcernLevel=local")],
        "MONGO_PARAMETERS",
        "with another value than majority",
    ),
    (
        &[("MONGO_PARAMETERS", "maxPoolSize=many")],
        "MONGO_PARAMETERS",
        "is not taken: connection string `maxpoolsize`",
    ),
    (&[("MONGO_URI", "postgres://u:hunter2@h/")], "MONGO_HOST", "MONGO_URI is more than a scheme"),
    (&[("MONGO_NAME", "a.b")], "MONGO_NAME", r#""a.b" is no name of a database"#),
    (&[("MONGO_NAME", "admin")], "MONGO_NAME", "one of the server's own databases"),
    (&[("MONGO_MAX_POOL_SIZE", "0")], "MONGO_MAX_POOL_SIZE", "is no whole number from 1 to 10000"),
    (
        &[("MONGO_MAX_POOL_SIZE", "3"), ("MONGO_MIN_POOL_SIZE", "4")],
        "MONGO_MIN_POOL_SIZE",
        "4 is more than the 3 connections that there may be",
    ),
    (&[("MONGO_CONNECT_TIMEOUT", "2")], "MONGO_CONNECT_TIMEOUT", "without a unit"),
    (&[("MONGO_SERVER_SELECTION_TIMEOUT", "0s")], "MONGO_SERVER_SELECTION_TIMEOUT", "is zero"),
    (&[("MONGO_TIMEOUT", "soon")], "MONGO_TIMEOUT", "is no duration"),
    (&[("MONGO_TLS_CA_CERT", "hunter2")], "MONGO_TLS_CA_CERT", "holds no certificate"),
    (&[("MONGO_TLS_CA_CERT_FILE", "/nowhere/ca.pem")], "MONGO_TLS_CA_CERT_FILE", "cannot be read"),
    (&[("MONGO_TLS_CA_CERT", PEM), ("MONGO_PARAMETERS", "tls=false")], "MONGO_PARAMETERS", "turns TLS off"),
    (&[("MONGO_TLS_CLIENT_CERT_FILE", "/nowhere/c.pem")], "MONGO_TLS_CLIENT_CERT_FILE", "cannot be read"),
];

#[test]
fn each_setting_of_mongodb_that_is_wrong_is_named_with_what_is_right() {
    for (changes, setting, message) in FAULTS {
        let faults = with(&PARTS, changes).expect_err(message);
        let text = faults.to_string();
        assert_eq!(faulty(&faults), [*setting], "{changes:?}: {text}");
        assert!(text.contains(message), "{changes:?}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}
