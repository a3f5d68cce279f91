//! A client of the driver that takes the place of another while calls run.

use super::super::connection::{Collections, Connection};
use super::super::events::Pools;
use super::super::events::tests::{measured, until, value};
use super::super::settings::{Settings, Tls};
use super::super::{MongoStore, Rotation, client, tables};
use super::connecting::settings;
use super::uri;
use crate::registry::ports::store::Store;
use crate::reload::{Reread, Watched};
use crate::tls::tests::authority::Authority;
use metrics_exporter_prometheus::PrometheusHandle;
use mongodb::bson::doc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the files say.
type Said = Arc<Mutex<Result<Settings, String>>>;

/// A store over the server of the tests, whose files say what a test wants.
struct Bench {
    store: MongoStore,
    first: Settings,
    said: Said,
    rotation: Arc<Rotation>,
    handle: PrometheusHandle,
}

impl Bench {
    async fn new(handle: PrometheusHandle) -> Self {
        let name = format!("hg_unit_{}", uuid::Uuid::new_v4().simple());
        let first = Settings { server_selection_timeout: Duration::from_secs(5), ..settings(&name) };
        let pool = Pools::default().begin();
        let database = client::open(&first, &pool).await.unwrap();
        let store = MongoStore::over(database, pool, first.timeout).await.unwrap();
        let said: Said = Arc::new(Mutex::new(Ok(first.clone())));
        let says = said.clone();
        let rotation = store.keep_to(first.clone(), Reread::by(move || says.lock().unwrap().clone()));
        Self { store, first, said, rotation, handle }
    }

    /// Changes the files, and has them looked at.
    fn say(&self, said: Result<Settings, String>) {
        *self.said.lock().unwrap() = said;
        self.rotation.look();
    }

    /// How many changes were taken, and how many refused.
    fn counted(&self) -> (f64, f64) {
        let of = |outcome: &str| {
            let labels = format!("of=\"mongo\",outcome=\"{outcome}\"");
            value(&self.handle, &format!("holdergraph_secret_reloads_total{{{labels}}}"))
        };
        (of("taken"), of("refused"))
    }

    fn gauge(&self, name: &str) -> f64 {
        value(&self.handle, &format!("holdergraph_mongo_pool_{name}"))
    }

    async fn clean(self) {
        self.store.collections().database.drop().await.unwrap();
    }
}

/// The same place by the same user, in other letters: as a new password would be, for a server without logins.
fn respelt(settings: &Settings) -> Settings {
    let uri = uri();
    let uri = uri.strip_suffix('/').unwrap_or(&uri);
    Settings { uri: format!("{uri}/?").into(), ..settings.clone() }
}

#[test]
fn a_changed_secret_gets_a_client_of_its_own_and_the_one_before_is_closed() {
    measured(async |handle| {
        let bench = Bench::new(handle).await;
        bench.store.ready().await.unwrap();
        let before = bench.store.connection.current();
        until(|| bench.gauge("in_use") == 0.0 && bench.gauge("idle") >= 1.0).await;
        bench.rotation.look();
        assert_eq!(bench.counted(), (0.0, 0.0));

        bench.say(Ok(respelt(&bench.first)));
        until(|| bench.counted() == (1.0, 0.0)).await;
        assert!(!Arc::ptr_eq(&before, &bench.store.connection.current()));
        let created = bench.gauge("connections_created_total");
        bench.store.ready().await.unwrap();
        // The gauges tell of one pool, though the other is held by this test.
        until(|| bench.gauge("in_use") == 0.0).await;
        let idle = bench.gauge("idle");
        assert!(idle >= 1.0 && idle < created, "{idle} of {created}");
        drop(before);
        until(|| bench.gauge("connections_closed_total{reason=\"pool_closed\"}") >= 1.0).await;
        assert_eq!(bench.gauge("idle"), idle);
        bench.store.ready().await.unwrap();
        bench.clean().await;
    });
}

#[test]
fn what_no_client_gets_in_with_is_told_once_and_tried_at_each_look_until_it_does() {
    measured(async |handle| {
        let bench = Bench::new(handle).await;
        let before = bench.store.connection.current();
        // An authority turns TLS on, which this server does not speak.
        let authority = Authority::new();
        let pem = std::fs::read_to_string(authority.path("ca.pem")).unwrap();
        let tls = Tls { authorities: Some(pem), identity: None };
        let wrong = Settings { tls, ..bench.first.clone() };
        assert!(wrong.is_for_the_same(&bench.first));
        bench.say(Ok(wrong.clone()));
        until(|| bench.counted() == (0.0, 1.0)).await;
        for _ in 0..3 {
            bench.rotation.look();
            bench.store.ready().await.unwrap();
        }
        assert!(Arc::ptr_eq(&before, &bench.store.connection.current()));
        assert_eq!(bench.counted(), (0.0, 1.0));

        bench.say(Ok(respelt(&bench.first)));
        until(|| bench.counted() == (1.0, 1.0)).await;
        bench.store.ready().await.unwrap();
        drop(before);
        bench.clean().await;
    });
}

#[test]
fn another_place_and_files_that_cannot_be_read_are_refused_once() {
    measured(async |handle| {
        let bench = Bench::new(handle).await;
        let before = bench.store.connection.current();
        let first = &bench.first;
        let at = |uri: &str| Settings { uri: uri.to_owned().into(), ..first.clone() };
        let more = |parameter: &str| at(&format!("{}?{parameter}", uri()));
        let refused = [
            Ok(at("mongodb://127.0.0.1:1/")),
            Ok(more("replicaSet=rs0")),
            Ok(more("appName=other")),
            Ok(more("tls=true")),
            Ok(Settings { database: "hg_unit_other".to_owned(), ..first.clone() }),
            Ok(Settings { max_pool_size: 1, ..first.clone() }),
            Ok(Settings { connect_timeout: Duration::from_secs(1), ..first.clone() }),
            Err("MONGO_PASSWORD_FILE: the file cannot be read".to_owned()),
        ];
        for (told, said) in (1..).zip(refused) {
            bench.say(said);
            bench.rotation.look();
            assert_eq!(bench.counted(), (0.0, f64::from(told)));
        }
        // Credentials alone are no other place.
        assert!(at("mongodb://user:hunter2@127.0.0.1:1/").is_for_the_same(&at("mongodb://127.0.0.1:1/")));
        assert!(Arc::ptr_eq(&before, &bench.store.connection.current()));
        bench.say(Ok(first.clone()));
        assert_eq!(bench.counted(), (0.0, 8.0));
        bench.clean().await;
    });
}

#[tokio::test]
async fn a_call_goes_on_with_the_client_in_use_and_keeps_what_it_has_borrowed() {
    let name = format!("hg_unit_{}", uuid::Uuid::new_v4().simple());
    let pools = Pools::default();
    let made = async || {
        let pool = pools.begin();
        tables(client::open(&settings(&name), &pool).await.unwrap(), pool).await.unwrap()
    };
    let connection = Arc::new(Connection::by(made().await, Duration::from_secs(60)));
    let call = Collections::over(connection.clone());
    let borrowed = &call.holders;
    assert!(std::ptr::eq(call.now(borrowed), borrowed));
    let before = Arc::downgrade(&connection.replace(made().await));
    assert!(!std::ptr::eq(call.now(borrowed), borrowed));
    assert!(std::ptr::eq(call.now(borrowed), &raw const call.holders));
    drop(connection.replace(made().await));
    assert!(std::ptr::eq(call.now(borrowed), &raw const connection.current().holders));
    borrowed.find_one(doc! {}).await.unwrap();
    assert!(before.upgrade().is_some());
    drop(call);
    assert!(before.upgrade().is_none());
    connection.current().database.drop().await.unwrap();
}
