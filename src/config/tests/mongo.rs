//! The settings of MongoDB.

mod certificates;
mod faults;
mod spelling;

use super::{faulty, load};
use crate::config::Config;
use crate::config::faults::Faults;
use crate::config::operator::{OperatorConfig, StoreFlags};
use crate::store::mongo::Settings;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use std::ffi::OsString;
use std::io::Write;
use std::time::Duration;

/// A setting and its value.
type Given = (&'static str, &'static str);

const WHOLE: Given = ("MONGO_URI", "mongodb://db.internal:27017/?tls=true");
const PARTS: [Given; 2] = [("MONGO_URI", "mongodb"), ("MONGO_HOST", "db.internal")];
const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n";

fn with(base: &[Given], changes: &[(&str, &str)]) -> Result<Config, Faults> {
    let base = base.iter().map(|(name, value)| (*name, *value));
    let all: Vec<(&str, &str)> = base.chain(changes.iter().copied()).collect();
    load(&all)
}

fn settings(base: &[Given], changes: &[(&str, &str)]) -> Settings {
    with(base, changes).unwrap().store.mongo.unwrap().connection()
}

fn uri(base: &[Given], changes: &[(&str, &str)]) -> String {
    settings(base, changes).uri.expose_secret().to_owned()
}

fn file(text: &str) -> (tempfile::NamedTempFile, String) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    (file, path)
}

#[test]
fn without_a_uri_there_is_no_mongodb_and_with_one_there_are_defaults() {
    assert!(load(&[]).unwrap().store.mongo.is_none());
    let settings = settings(&[WHOLE], &[]);
    assert_eq!(settings.uri.expose_secret(), WHOLE.1);
    assert_eq!(settings.database, "crm");
    assert_eq!((settings.min_pool_size, settings.max_pool_size), (0, 1_000));
    assert_eq!(settings.connect_timeout, Duration::from_secs(2));
    assert_eq!(settings.server_selection_timeout, Duration::from_secs(2));
    assert_eq!(settings.timeout, Duration::from_secs(5));
    assert!(settings.tls.authorities.is_none() && settings.tls.identity.is_none());
}

#[test]
fn every_setting_of_mongodb_is_taken() {
    let settings = settings(
        &[WHOLE],
        &[
            ("MONGO_NAME", "registry_1"),
            ("MONGO_MAX_POOL_SIZE", "50"),
            ("MONGO_MIN_POOL_SIZE", "5"),
            ("MONGO_CONNECT_TIMEOUT", "1s"),
            ("MONGO_SERVER_SELECTION_TIMEOUT", "3s"),
            ("MONGO_TIMEOUT", "4s"),
        ],
    );
    assert_eq!(settings.database, "registry_1");
    assert_eq!((settings.min_pool_size, settings.max_pool_size), (5, 50));
    let times = [settings.connect_timeout, settings.server_selection_timeout, settings.timeout];
    assert_eq!(times.map(|time| time.as_secs()), [1, 3, 4]);
}

#[test]
fn a_connection_string_is_put_together_of_its_parts_and_what_needs_it_is_encoded() {
    for (changes, expected) in [
        (&[][..], "mongodb://db.internal/"),
        (&[("MONGO_PORT", "5703")], "mongodb://db.internal:5703/"),
        (
            &[("MONGO_HOST", "a, b:1"), ("MONGO_PARAMETERS", "?replicaSet=rs0")],
            "mongodb://a,b:1/?replicaSet=rs0",
        ),
        (&[("MONGO_HOST", "a,b"), ("MONGO_PORT", "7")], "mongodb://a:7,b:7/"),
        (&[("MONGO_HOST", "[::1]"), ("MONGO_PORT", "7")], "mongodb://[::1]:7/"),
        (&[("MONGO_HOST", "[::1]:9")], "mongodb://[::1]:9/"),
        (
            &[
                ("MONGO_USER", "us:er@x"),
                ("MONGO_PASSWORD", "p/a?s#s%w[ö] +"),
                ("MONGO_PARAMETERS", "tls=true"),
            ],
            "mongodb://us%3Aer%40x:p%2Fa%3Fs%23s%25w%5B%C3%B6%5D%20%2B@db.internal/?tls=true",
        ),
        (&[("MONGO_URI", "mongodb+srv")], "mongodb+srv://db.internal/"),
        (&[("MONGO_URI", "mongodb://")], "mongodb://db.internal/"),
        (
            &[("MONGO_USER", "CN=x"), ("MONGO_PARAMETERS", "authMechanism=MONGODB-X509&tls=true")],
            "mongodb://CN%3Dx@db.internal/?authMechanism=MONGODB-X509&tls=true",
        ),
    ] {
        assert_eq!(uri(&PARTS, changes), expected, "{changes:?}");
    }
}

#[test]
fn secrets_of_mongodb_may_come_from_files() {
    let (_password, password) = file("p@ss\n");
    let changes = [("MONGO_USER", "u"), ("MONGO_PASSWORD_FILE", password.as_str())];
    assert_eq!(uri(&PARTS, &changes), "mongodb://u:p%40ss@db.internal/");
    let (_whole, whole) = file("mongodb://u:p@h/?tls=true\n");
    assert_eq!(uri(&[], &[("MONGO_URI_FILE", &whole)]), "mongodb://u:p@h/?tls=true");
}

#[test]
fn the_name_and_the_pool_may_stand_in_the_connection_string() {
    let inside = "mongodb://h/registry?tls=true&maxPoolSize=7&minPoolSize=2&connectTimeoutMS=1500\
                  &serverSelectionTimeoutMS=2500&retryWrites=true&w=majority&appName=a";
    let taken = settings(&[], &[("MONGO_URI", inside)]);
    assert_eq!(taken.database, "registry");
    assert_eq!((taken.min_pool_size, taken.max_pool_size), (2, 7));
    assert_eq!(taken.connect_timeout.as_millis(), 1_500);
    assert_eq!(taken.server_selection_timeout.as_millis(), 2_500);
    assert_eq!(settings(&[], &[("MONGO_URI", inside), ("MONGO_NAME", "other")]).database, "other");
    for setting in ["MONGO_MAX_POOL_SIZE", "MONGO_MIN_POOL_SIZE"] {
        let faults = load(&[("MONGO_URI", inside), (setting, "3")]).unwrap_err();
        assert_eq!(faulty(&faults), [setting]);
        assert!(faults.to_string().contains("set one of the two"), "{faults}");
    }
    for setting in ["MONGO_CONNECT_TIMEOUT", "MONGO_SERVER_SELECTION_TIMEOUT"] {
        assert_eq!(faulty(&load(&[("MONGO_URI", inside), (setting, "3s")]).unwrap_err()), [setting]);
    }
}

#[test]
fn a_whole_connection_string_and_parts_of_one_are_not_both_taken() {
    let given = [
        WHOLE,
        ("MONGO_HOST", "h"),
        ("MONGO_PORT", "1"),
        ("MONGO_USER", "u"),
        ("MONGO_PASSWORD", "hunter2"),
        ("MONGO_PARAMETERS", "a=b"),
    ];
    let faults = load(&given).unwrap_err();
    assert_eq!(
        faulty(&faults),
        ["MONGO_HOST", "MONGO_PORT", "MONGO_USER", "MONGO_PASSWORD", "MONGO_PARAMETERS"]
    );
    assert!(faults.iter().all(|fault| fault.wrong.contains("MONGO_URI")), "{faults}");
}

#[test]
fn settings_of_mongodb_without_it_are_named_each() {
    let faults = load(&[
        ("MONGO_PASSWORD", "hunter2"),
        ("MONGO_HOST", "h"),
        ("MONGO_MAX_POOL_SIZE", "1000"),
        ("MONGO_TLS_CLIENT_KEY_FILE", "/x"),
    ])
    .unwrap_err();
    assert_eq!(
        faulty(&faults),
        ["MONGO_PASSWORD", "MONGO_HOST", "MONGO_MAX_POOL_SIZE", "MONGO_TLS_CLIENT_KEY_FILE"]
    );
    assert!(faults.iter().all(|fault| fault.wrong == "is set, and MONGO_URI is not"), "{faults}");
}

#[test]
fn certificates_are_taken_as_pem_or_base64_of_pem_and_turn_tls_on() {
    let packed = BASE64_STANDARD.encode(PEM);
    let (_ca, ca) = file(&packed);
    for given in [("MONGO_TLS_CA_CERT", PEM), ("MONGO_TLS_CA_CERT", &packed), ("MONGO_TLS_CA_CERT_FILE", &ca)]
    {
        let config = with(&PARTS, &[given]).unwrap();
        let mongo = config.store.mongo.unwrap();
        assert!(!mongo.plain);
        assert_eq!(mongo.connection().tls.authorities.unwrap().trim_end(), PEM.trim_end());
    }
    let (_certificate, certificate) = file(PEM);
    let (_key, key) = file(KEY);
    let (_both, both) = file(&format!("{PEM}{KEY}"));
    let two = [("MONGO_TLS_CLIENT_CERT_FILE", certificate.as_str()), ("MONGO_TLS_CLIENT_KEY_FILE", &key)];
    for given in [&two[..], &[("MONGO_TLS_CLIENT_CERT_FILE", both.as_str())]] {
        let mongo = with(&PARTS, given).unwrap().store.mongo.unwrap();
        let identity = mongo.connection().tls.identity.unwrap();
        assert!(!mongo.plain && identity.expose_secret().contains("BEGIN CERTIFICATE"));
        assert!(identity.expose_secret().contains("BEGIN PRIVATE KEY"));
    }
    for (given, named) in [
        (&two[..1], "MONGO_TLS_CLIENT_KEY_FILE"),
        (&two[1..], "MONGO_TLS_CLIENT_CERT_FILE"),
        (&[("MONGO_TLS_CLIENT_CERT_FILE", key.as_str())], "MONGO_TLS_CLIENT_CERT_FILE"),
    ] {
        let faults = with(&PARTS, given).unwrap_err();
        assert_eq!(faulty(&faults), [named]);
        assert!(!faults.to_string().contains("hunter2"));
    }
}

/// Mode × how MongoDB is spoken to × ALLOW_INSECURE_TLS.
#[test]
fn mongodb_without_tls_passes_only_in_local_mode_or_where_it_is_allowed() {
    let ways = [
        ("mongodb://u:hunter2@h/", true, false),
        ("mongodb://u:hunter2@h/?tls=false", true, false),
        ("mongodb+srv://u:hunter2@h/?ssl=false", true, false),
        ("mongodb://u:hunter2@h/?ssl=true", false, false),
        ("mongodb+srv://u:hunter2@h/", false, false),
        ("mongodb://u:hunter2@h/?tls=true&tlsInsecure=true", false, true),
        ("mongodb://u:hunter2@h/?tls=true&tlsAllowInvalidCertificates=true", false, true),
        // The driver decodes values, and takes names in any case.
        ("mongodb://u:hunter2@h/?TLSinsecure=%74rue", false, true),
        ("mongodb://u:hunter2@h/?tls=true&tlsAllowInvalidCertificates=tru%65", false, true),
        ("mongodb://u:hunter2@h/?tls=true&tlsInsecure=%66alse", false, false),
    ];
    for mode in ["local", "byoc", "saas"] {
        for (uri, plain, unverified) in ways {
            for allow in ["true", "false"] {
                let outcome = load(&[
                    ("DEPLOYMENT_MODE", mode),
                    ("ALLOW_INSECURE_TLS", allow),
                    ("PLUGIN_AUTH_ADDRESS", "https://auth"),
                    ("MIDAZ_LEDGER_URL", "https://ledger"),
                    ("MONGO_URI", uri),
                ]);
                let case = format!("{mode} {uri} {allow}");
                if mode != "local" && allow == "false" {
                    let faults = outcome.expect_err(&case);
                    let own = faults.iter().filter(|fault| fault.setting == "MONGO_URI");
                    let own: Vec<String> = own.map(ToString::to_string).collect();
                    assert_eq!(own.len(), usize::from(plain || unverified), "{case}: {faults}");
                    assert!(own.iter().all(|fault| fault.contains("ALLOW_INSECURE_TLS=true")), "{case}");
                    assert!(!faults.to_string().contains("hunter2"));
                    continue;
                }
                let warnings = outcome.expect(&case).warnings().join("\n");
                assert_eq!(
                    warnings.contains("MongoDB is spoken to without TLS"),
                    plain && allow == "true",
                    "{case}"
                );
                assert_eq!(warnings.contains("certificate is not looked at"), unverified, "{case}");
            }
        }
    }
}

#[test]
fn commands_of_the_operator_refuse_what_the_server_refuses() {
    let load = |mode: &'static str| {
        let environment = move |name: &str| match name {
            "MONGO_URI" => Some(OsString::from("mongodb://h/")),
            "DEPLOYMENT_MODE" => Some(OsString::from(mode)),
            _ => None,
        };
        OperatorConfig::store(&StoreFlags::default(), environment)
    };
    assert!(load("local").unwrap().mongo.is_some());
    assert_eq!(faulty(&load("saas").unwrap_err()), ["MONGO_URI"]);
}

#[test]
fn debug_shows_nothing_of_mongodb() {
    let text = format!("{:?}", load(&[("MONGO_URI", "mongodb://user:hunter2@host/")]).unwrap());
    assert!(!text.contains("hunter2") && !text.contains("host/"), "{text}");
}

#[test]
fn what_stands_in_files_is_read_again_with_all_that_was_given_beside_them() {
    let reread = |changes: &[(&str, &str)]| with(&PARTS, changes).unwrap().store.mongo.unwrap().reread();
    let tls = ("MONGO_PARAMETERS", "tls=true");
    assert!(
        reread(&[("MONGO_USER", "u"), ("MONGO_PASSWORD", "first"), tls]).is_none(),
        "no variable changes"
    );
    let (first, path) = file("first\n");
    let again =
        reread(&[("MONGO_USER", "u"), ("MONGO_PASSWORD_FILE", &path), tls, ("MONGO_NAME", "n")]).unwrap();
    let now = || again.read().map(|settings| settings.uri.expose_secret().to_owned());
    assert_eq!(now().unwrap(), "mongodb://u:first@db.internal/?tls=true");
    assert_eq!(again.read().unwrap().database, "n");
    std::fs::write(&path, "se/cond").unwrap();
    assert_eq!(now().unwrap(), "mongodb://u:se%2Fcond@db.internal/?tls=true");
    std::fs::write(&path, " \n").unwrap();
    let told = now().unwrap_err();
    assert!(told.starts_with("MONGO_PASSWORD_FILE: ") && told.contains("is blank"), "{told}");
    drop(first);
    assert!(now().unwrap_err().contains("cannot be read"));
    // The checks are those of the start: the mode of the deployment holds, too.
    let (_file, path) = file("mongodb://u:first@db.internal/?tls=true");
    let given = path.clone();
    let environment = move |name: &str| (name == "MONGO_URI_FILE").then(|| OsString::from(&given));
    let store = OperatorConfig::store(&StoreFlags::default(), environment).unwrap();
    let again = store.mongo.unwrap().reread().unwrap();
    std::fs::write(&path, "mongodb://u:hunter2@db.internal/").unwrap();
    let told = again.read().map(drop).unwrap_err();
    assert!(told.contains("a connection without TLS is refused") && !told.contains("hunter2"), "{told}");
    assert_eq!(format!("{again:?}"), "Reread");
}
