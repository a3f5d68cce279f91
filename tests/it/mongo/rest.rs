//! When nothing in a database is unfinished any more.

use super::super::app::PATIENCE;
use super::server;
use mongodb::bson::doc;
use std::path::Path;
use std::time::{Duration, Instant};

/// Waits until it is so: whatever others left, the replicas settle it by themselves.
pub(crate) async fn at_rest(dir: &Path) {
    until("something is unfinished", || {
        let unfinished = |collection| server::count(dir, collection, doc! {"unsettled": {"$exists": true}});
        unfinished("holders") + unfinished("alias_accounts") == 0
    })
    .await;
}

/// Waits until something is so, for as long as any test waits.
pub(crate) async fn until(otherwise: &str, is: impl Fn() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < PATIENCE, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
