//! Connection strings that are none, and that nothing of their password is said.

use super::super::{faulty, load};
use super::{PARTS, file, with};

/// All with the password hunter2, or pieces of it around what cuts it, and what is said.
const MALFORMED: &[(&str, &str)] = &[
    ("hunter2", "begins with neither"),
    ("mongodb:/u:hunter2@h/", "begins with neither"),
    ("MongoDB://u:hunter2@h/", "begins with neither"),
    ("postgres://u:hunter2@h/", "begins with neither"),
    ("\"mongodb://u:hunter2@h/\"", "begins with neither"),
    ("MONGO_URI=mongodb://u:hunter2@h/", "begins with neither"),
    ("mongodb://u:hunter2@h/?tls=true\nMONGO_NAME=hunter2", "in one line"),
    ("mongodb://u:hun\tter2@h/", "in one line"),
    ("mongodb://h\nhunter2/", "in one line"),
    ("mongodb://u:hun?ter2hunter2@h/", "has an @ after a ?"),
    ("mongodb://u:12?hunter2@h/", "has an @ after a ?"),
    ("mongodb://u:12?appName=hunter2@h/", "has an @ after a ?"),
    ("mongodb://u:12?hunter2@h/?appName=@x@", "has an @ after a ?"),
    ("mongodb://u:hun@hunter2?appName=ter2@h/", "has an @ after a ?"),
    ("mongodb://u:hun@hunter2?appName=@h/", "has an @ after a ?"),
    ("mongodb://u:hun@hunter2?hunter2@h/?w=majority", "has an @ after a ?"),
    ("mongodb://u:hun?hunter2&hunter2@h/", "has an @ after a ?"),
    ("mongodb://u:hun/ter2@h/", "has a user name or password that is not percent-encoded"),
    ("mongodb://u:hunter2/hunter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun#ter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun:ter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun@ter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun[ter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun ]ter2@h/", "is not percent-encoded"),
    ("mongodb://u:hunter2%@h/", "is not percent-encoded"),
    ("mongodb://u:hunter2%2@h/", "is not percent-encoded"),
    ("mongodb://hunter2%zz:p@h/", "is not percent-encoded"),
    // The driver panics at these two, and names the rest of the password.
    ("mongodb://u:hun%aöter2hunter2@h/", "is not percent-encoded"),
    ("mongodb://u:hun%€hunter2@h/", "is not percent-encoded"),
    ("mongodb://u:hunter2%ff@h/", "is no connection string"),
    ("mongodb://u:hunter2", "names what is no host or port"),
    ("mongodb://u:hunter2/", "names what is no host or port"),
    ("mongodb://u:hun?hunter2", "names what is no host or port"),
    ("mongodb://u:hun/hunter2", "names what is no host or port"),
    ("mongodb://u:hun#hunter2/", "names what is no host or port"),
    ("mongodb://u hunter2/", "names what is no host or port"),
    ("mongodb://u,hunter2;hunter2/", "names what is no host or port"),
    ("mongodb://u:hunter2@/", "names what is no host or port"),
    ("mongodb://u:hunter2@h:/", "names what is no host or port"),
    ("mongodb://u:hunter2@h:99999/", "names what is no host or port"),
    ("mongodb://u:p@h:hunter2/", "names what is no host or port"),
    ("mongodb://u:p@[hunter2]/", "names what is no host or port"),
    ("mongodb://u:p@[::1]hunter2/", "names what is no host or port"),
    ("mongodb://u:p@h#hunter2/", "names what is no host or port"),
    ("mongodb+srv://u:hunter2@h:27017/", "is not taken: a port cannot be specified"),
    ("mongodb+srv://u:hunter2@h,i/", "is not taken: exactly one host"),
    ("mongodb://u:p@h/hunter2 hunter2", "is no connection string"),
    ("mongodb://u:p@h/hunter2#hunter2", "has what is no name of a database after its hosts"),
    ("mongodb://u:p@h/hunter2.hunter2", "has what is no name of a database after its hosts"),
    ("mongodb://u:12/hunter2.hunter2", "has what is no name of a database after its hosts"),
    ("mongodb://u:p@h/?hunter2", "has the parameter number 1 after the ?, which is not known"),
    ("mongodb://u:p@h/?tls=true&hunter2=1", "has the parameter number 2 after the ?, which is not known"),
    ("mongodb://u:12?hunter2=hunter2", "has the parameter number 1 after the ?, which is not known"),
    ("mongodb://u:hunter2@h/?tls=true&", "has the parameter number 2 after the ?, which is not known"),
    ("mongodb://u:hunter2@h/?tls", "has the parameter tls without a value"),
    ("mongodb://u:p@h/?timeoutMS=hunter2", "has the parameter timeoutMS, and MONGO_TIMEOUT"),
    ("mongodb://u:p@h/?journal=true&w=hunter2", "with another value than majority"),
    ("mongodb://u:p@h/?tls=hunter2", "is not taken: connection string `tls` option must be a boolean"),
    ("mongodb://u:p@h/?maxPoolSize=hunter2", "is not taken: connection string `maxpoolsize` argument must"),
    (
        "mongodb://u:p@h/?connectTimeoutMS=hunter2",
        "is not taken: connection string `connecttimeoutms` option",
    ),
    ("mongodb://u:p@h/?appName=hunter2&appName=hunter2", "is not taken: repeated options"),
    (
        "mongodb://u:p@h/?readPreference=hunter2",
        "has the parameter readPreference with a value that the driver",
    ),
    (
        "mongodb://u:p@h/?authMechanism=hunter2",
        "has the parameter authMechanism with a value that the driver",
    ),
    (
        "mongodb://u:p@h/?authMechanismProperties=hunter2",
        "has the parameter authMechanismProperties with a value that the driver",
    ),
    (
        "mongodb://u:p@h/?serverMonitoringMode=hunter2",
        "has the parameter serverMonitoringMode with a value that the driver",
    ),
    ("mongodb+srv://u:p@h/?srvMaxHosts=3&readPreference=hunter2", "has the parameter readPreference with a"),
    ("mongodb://u:p@h/?tlsCAFile=hunter2&tls=false", "is no connection string"),
    (
        "mongodb://u:p@h/?uuidRepresentation=hunter2",
        "has the parameter uuidRepresentation with a value that the driver",
    ),
];

#[test]
fn nothing_of_a_password_is_said() {
    for (uri, said) in MALFORMED {
        let (_file, path) = file(uri);
        for given in [("MONGO_URI", *uri), ("MONGO_URI_FILE", &path)] {
            let faults = load(&[given]).expect_err(uri);
            let text = faults.to_string();
            assert_eq!(faulty(&faults), ["MONGO_URI"], "{uri}: {text}");
            assert!(text.contains(said), "{uri}: {text}");
            let pieces = ["hunter2", "hun", "ter2"].into_iter().filter(|piece| text.contains(piece));
            assert_eq!(pieces.count(), 0, "{uri}: {text}");
            assert_eq!(text.lines().count(), 1, "{text}");
        }
    }
}

#[test]
fn a_connection_string_in_the_place_of_its_file_is_not_repeated() {
    let faults = load(&[("MONGO_URI_FILE", "mongodb://u:hunter2@h/")]).unwrap_err();
    assert_eq!(faulty(&faults), ["MONGO_URI_FILE"]);
    assert!(!faults.to_string().contains("hunter2"), "{faults}");
}

/// What looks odd and is right is not refused.
#[test]
fn connection_strings_of_all_kinds_are_taken() {
    for uri in [
        "mongodb://h",
        "mongodb://h?tls=true",
        "mongodb://u:p@h?tls=true",
        "mongodb://u:p%40%3A%2F%3F%23%25@h/",
        "mongodb://u:p a$s,w!o;r&d=@h/",
        "mongodb://u:p@a.b-c_d:1,[::1]:2,10.0.0.1/",
        "mongodb://%2Ftmp%2Fmongodb-27017.sock/",
        "mongodb+srv://u:p@h.example.com/records?retryWrites=true&w=majority",
        "mongodb://u:p==@h:10255/?ssl=true&retrywrites=false&maxIdleTimeMS=120000&appName=@account@",
        "mongodb://h/?appName=a%40b",
        "mongodb://h/?",
    ] {
        let settings = load(&[("MONGO_URI", uri)]);
        assert!(settings.is_ok(), "{uri}: {}", settings.unwrap_err());
    }
}

#[test]
fn the_own_databases_of_a_server_are_for_logging_in_alone() {
    for name in ["admin", "local", "config", "%61dmin"] {
        let uri = format!("mongodb://u:p@h/{name}");
        let faults = load(&[("MONGO_URI", &uri)]).unwrap_err();
        assert_eq!(faulty(&faults), ["MONGO_URI"]);
        let text = faults.to_string();
        assert!(
            text.contains("which is the server's own; set MONGO_NAME, and authSource=admin in"),
            "{text}"
        );
        let config = load(&[("MONGO_URI", &uri), ("MONGO_NAME", "registry")]).unwrap();
        assert_eq!(config.store.mongo.unwrap().connection().database, "registry");
    }
    let config = load(&[("MONGO_URI", "mongodb://u:p@h/registry?authSource=admin")]).unwrap();
    assert_eq!(config.store.mongo.unwrap().connection().database, "registry");
}

#[test]
fn the_parts_of_one_say_nothing_of_a_password_either() {
    let password = [("MONGO_USER", "u"), ("MONGO_PASSWORD", "hun@ter2/hunter2?%")];
    for (given, setting, said) in [
        (("MONGO_PARAMETERS", "hunter=2&color=x"), "MONGO_PARAMETERS", r#"has the parameter "color", which"#),
        (
            ("MONGO_PARAMETERS", "readPreference=hunter2"),
            "MONGO_PARAMETERS",
            "has the parameter readPreference with a",
        ),
        (("MONGO_PARAMETERS", "tls=hunter2"), "MONGO_PARAMETERS", "is not taken: connection string `tls`"),
        (("MONGO_PARAMETERS", "appName=a@hunter2&tls=1"), "MONGO_PARAMETERS", "connection string `tls`"),
        (("MONGO_HOST", "h:99999"), "MONGO_HOST", "holds what is no host"),
        (("MONGO_HOST", "%68:1"), "MONGO_HOST", "holds what is no host"),
        (("MONGO_HOST", "h:hunter2"), "MONGO_HOST", "holds what is no host"),
    ] {
        let faults = with(&PARTS, &[password[0], password[1], given]).unwrap_err();
        let text = faults.to_string();
        assert!(faulty(&faults).iter().all(|name| *name == setting), "{given:?}: {text}");
        assert!(text.contains(said) && !text.contains("hunter2"), "{given:?}: {text}");
    }
}
