//! How the database is connected to, and what is said where it cannot be.

use super::super::events::Pools;
use super::super::settings::{Settings, Tls};
use super::super::{ConnectError, client};
use super::uri;
use mongodb::Database;
use mongodb::bson::{Document, doc};
use mongodb::options::{Acknowledgment, ReadConcern};
use secrecy::SecretString;
use std::time::Duration;

/// Settings of the test server, with time enough on any machine.
pub(in crate::store::mongo) fn settings(database: &str) -> Settings {
    Settings {
        uri: uri().into(),
        database: database.to_owned(),
        tls: Tls::default(),
        max_pool_size: 10,
        min_pool_size: 0,
        connect_timeout: Duration::from_secs(30),
        server_selection_timeout: Duration::from_secs(30),
        timeout: Duration::from_secs(30),
    }
}

/// Connects, with a pool that nobody is told of.
pub(in crate::store::mongo) async fn open(settings: &Settings) -> Result<Database, ConnectError> {
    client::open(settings, &Pools::default().begin()).await
}

fn at(uri: &str) -> Settings {
    Settings { uri: uri.to_owned().into(), ..settings("hg_unit_none") }
}

#[tokio::test]
async fn it_writes_and_reads_by_majority_and_the_driver_repeats_nothing() {
    let database = open(&settings(&format!("hg_unit_{}", uuid::Uuid::new_v4().simple()))).await.unwrap();
    let written = database.write_concern().unwrap();
    assert_eq!(written.w, Some(Acknowledgment::Majority));
    assert_eq!(written.journal, Some(true));
    assert_eq!(database.read_concern(), Some(&ReadConcern::majority()));
    // A server of the tests takes both.
    let collection = database.collection::<Document>("c");
    collection.insert_one(doc! {"_id": 1}).await.unwrap();
    assert_eq!(collection.find_one(doc! {}).await.unwrap(), Some(doc! {"_id": 1}));
    database.drop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_with_what_to_do() {
    // Nobody listens on a port that has just been given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = Settings {
        server_selection_timeout: Duration::from_millis(100),
        ..at(&format!("mongodb://user:hunter2@127.0.0.1:{port}/"))
    };
    let error = open(&settings).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
    let told = error.to_string();
    assert!(told.contains("refused") && told.contains("check MONGO_URI"), "{told}");
    assert!(!format!("{told}{error:?}").contains("hunter2"), "{told}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_waited_for_within_bounds() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let short = Duration::from_millis(50);
    let settings = Settings {
        connect_timeout: short,
        server_selection_timeout: short,
        timeout: short,
        ..at(&format!("mongodb://{}/", listener.local_addr().unwrap()))
    };
    let error = open(&settings).await.unwrap_err();
    assert!(matches!(error, ConnectError::Late { .. } | ConnectError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn certificates_that_are_none_are_told_and_a_key_never() {
    // The lines that a key has, all in one, and without their ends: the driver would quote them, in numbers.
    for identity in [
        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----hunter2-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\\nhunter2",
    ] {
        let tls = Tls { authorities: None, identity: Some(SecretString::from(identity)) };
        let error = open(&Settings { tls, ..settings("hg_unit_none") }).await.unwrap_err();
        assert!(matches!(error, ConnectError::Certificates { .. }), "{error:?}");
        let told = error.to_string();
        assert!(told.contains("MONGO_TLS_CLIENT_KEY_FILE"), "{told}");
        let numbers = format!("{:?}", b"hunter2");
        assert!(!told.contains("hunter2") && !told.contains(numbers.trim_matches(['[', ']'])), "{told}");
    }
}

#[tokio::test]
async fn files_that_the_connection_string_names_are_not_repeated() {
    for parameter in ["tlsCAFile", "tlsCertificateKeyFile"] {
        let error = open(&at(&format!("mongodb://h/?{parameter}=/hunter2"))).await.unwrap_err();
        assert!(matches!(error, ConnectError::Certificates { .. }), "{error:?}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_string_that_is_none_is_not_repeated() {
    for uri in ["hunter2", "mongodb://u:hunter2@", "mongodb://u:hun@ter2@host/", "mongodb://h/?hunter2=1"] {
        let error = open(&at(uri)).await.unwrap_err();
        assert_eq!(error, ConnectError::Uri, "{uri}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn debug_shows_nothing_of_the_settings() {
    let settings = Settings {
        tls: Tls { authorities: Some("hunter2".to_owned()), identity: Some("hunter2".into()) },
        ..at("mongodb://user:hunter2@host/")
    };
    let text = format!("{settings:?}{:?}", settings.tls);
    assert!(!text.contains("hunter2") && !text.contains("user"), "{text}");
}
