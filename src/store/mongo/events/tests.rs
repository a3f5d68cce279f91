//! What is measured, with real traffic.

use super::super::client;
use super::super::settings::Settings;
use super::super::tests::connecting::settings;
use super::{Pool, Pools, watched};
use crate::telemetry::metrics::MONGO_POOL_CLEARED;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use mongodb::Database;
use mongodb::bson::{Document, doc};
use std::task::Poll;

/// One metric with its labels, as it stands now; 0 where there is none yet.
pub(in crate::store::mongo) fn value(handle: &PrometheusHandle, metric: &str) -> f64 {
    let text = handle.render();
    let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

/// Runs a test with a recorder of its own: all that the driver does happens on this one thread.
pub(in crate::store::mongo) fn measured(work: impl AsyncFnOnce(PrometheusHandle)) {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(work(handle)));
}

/// A database over a pool of this size.
async fn database(size: u32) -> (Database, Pool) {
    let name = format!("hg_unit_{}", uuid::Uuid::new_v4().simple());
    let pool = Pools::default().begin();
    pool.show();
    let settings = Settings { max_pool_size: size, ..settings(&name) };
    (client::open(&settings, &pool).await.unwrap(), pool)
}

/// Lets the driver's own tasks go on until this holds.
pub(in crate::store::mongo) async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[test]
fn commands_are_timed_by_name_and_outcome_and_never_by_their_content() {
    measured(async |handle| {
        let (database, _pool) = database(3).await;
        let collection = database.collection::<Document>("hunter2");
        watched(collection.insert_one(doc! { "_id": 1, "name": "hunter2" })).await.unwrap();
        watched(collection.insert_one(doc! { "_id": 1, "name": "hunter2" })).await.unwrap_err();
        watched(collection.find_one(doc! { "name": "hunter2" })).await.unwrap();
        watched(database.run_command(doc! { "hunter2": 1 })).await.unwrap_err();
        let count = |command: &str, outcome: &str| {
            let labels = format!("command=\"{command}\",outcome=\"{outcome}\"");
            value(&handle, &format!("holdergraph_mongo_command_seconds_count{{{labels}}}"))
        };
        assert_eq!(count("insert", "ok"), 1.0);
        assert_eq!(count("insert", "refused"), 1.0);
        assert_eq!(count("find", "ok"), 1.0);
        assert_eq!(count("other", "error"), 1.0);
        assert!(!handle.render().contains("hunter2"), "{}", handle.render());
        database.drop().await.unwrap();
    });
}

#[test]
fn connections_are_counted_as_in_use_and_idle() {
    measured(async |handle| {
        let (database, _pool) = database(3).await;
        let now = |metric: &str| value(&handle, &format!("holdergraph_mongo_pool_{metric}"));
        assert_eq!(now("size"), 3.0);
        until(|| now("in_use") == 0.0 && now("idle") == 1.0).await;
        assert_eq!(now("connections_created_total"), 1.0);

        // A cursor that was not read to its end gives its connection back at once; one at a time is enough for it.
        let collection = database.collection::<Document>("c");
        watched(collection.insert_many((0..10).map(|id| doc! { "_id": id }))).await.unwrap();
        let pings = (0..20).map(|_| watched(database.run_command(doc! { "ping": 1 })));
        for end in futures::future::join_all(pings).await {
            end.unwrap();
        }
        until(|| now("in_use") == 0.0).await;
        let open = now("idle");
        assert!((1.0..=3.0).contains(&open), "{open}");
        assert_eq!(now("waiting"), 0.0);
        assert!(now("wait_seconds_count") >= 22.0, "{}", handle.render());
        database.drop().await.unwrap();
        database.client().clone().shutdown().immediate(true).await;
        until(|| now("idle") == 0.0).await;
        assert_eq!(now("connections_closed_total{reason=\"pool_closed\"}"), open);
    });
}

#[test]
fn a_call_that_must_wait_for_a_connection_is_seen_waiting_and_one_that_gives_up_is_counted() {
    measured(async |handle| {
        let (database, _pool) = database(1).await;
        let now = |metric: &str| value(&handle, &format!("holdergraph_mongo_pool_{metric}"));
        until(|| now("in_use") == 0.0).await;
        let ping = || Box::pin(watched(database.run_command(doc! { "ping": 1 })));
        // The first takes the only connection and is then left alone with it.
        let mut first = ping();
        while now("in_use") == 0.0 {
            assert!(futures::poll!(&mut first).is_pending());
            tokio::task::yield_now().await;
        }
        let (mut second, mut third) = (ping(), ping());
        until_waiting(&mut second, &mut third, || now("waiting") == 2.0).await;
        assert_eq!(now("in_use"), 1.0);

        drop(third);
        assert_eq!(now("waiting"), 1.0);
        assert_eq!(now("checkout_failures_total{reason=\"cancelled\"}"), 1.0);
        first.await.unwrap();
        second.await.unwrap();
        assert_eq!(now("waiting"), 0.0);
        database.drop().await.unwrap();
    });
}

async fn until_waiting(
    one: &mut (impl Future + Unpin),
    other: &mut (impl Future + Unpin),
    holds: impl Fn() -> bool,
) {
    while !holds() {
        assert!(matches!(futures::poll!(&mut *one), Poll::Pending));
        assert!(matches!(futures::poll!(&mut *other), Poll::Pending));
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_command_that_is_given_up_is_counted_and_its_connection_closed() {
    measured(async |handle| {
        let (database, _pool) = database(1).await;
        let now = |metric: &str| value(&handle, &format!("holdergraph_mongo_{metric}"));
        until(|| now("pool_in_use") == 0.0).await;
        let mut ping = Box::pin(watched(database.run_command(doc! { "ping": 1 })));
        while now("pool_in_use") == 0.0 {
            assert!(futures::poll!(&mut ping).is_pending());
            tokio::task::yield_now().await;
        }
        drop(ping);
        assert_eq!(now("command_seconds_count{command=\"ping\",outcome=\"cancelled\"}"), 1.0);
        until(|| now("pool_connections_closed_total{reason=\"dropped\"}") == 1.0).await;
        until(|| now("pool_in_use") == 0.0 && now("pool_idle") == 0.0).await;
        assert_eq!(value(&handle, MONGO_POOL_CLEARED), 0.0);
        database.drop().await.unwrap();
    });
}
