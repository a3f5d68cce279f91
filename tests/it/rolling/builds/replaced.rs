//! One build replaced by the other under load, and back again: so an upgrade can be taken back.

use super::super::super::process::Build;
use super::super::cluster::{Cluster, turns};
use super::prove;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_older_build_to_this_one_and_back_under_load_no_request_fails_and_every_write_is_there_once()
{
    let mut cluster = Cluster::start(Build::Older).await;
    let mut writers = cluster.writers().await;
    for turn in 0..turns(10).next_multiple_of(2) {
        // What is there first is the older one's, and what is there last as well.
        let build = if turn % 2 == 0 { Build::This } else { Build::Older };
        cluster.turn(&mut writers, build).await;
        prove(cluster.dir().path());
    }
    cluster.compare_all(&writers).await;
}
