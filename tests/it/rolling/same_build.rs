//! Servers of one build that are replaced one after the other.

use super::super::process::Build;
use super::cluster::{Cluster, turns};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_all_servers_are_replaced_under_load_no_request_fails_and_every_write_is_there_once() {
    let mut cluster = Cluster::start(Build::This).await;
    let mut writers = cluster.writers().await;
    for _ in 0..turns(10) {
        cluster.turn(&mut writers, Build::This).await;
    }
    cluster.compare_all(&writers).await;
}
