//! Looks at the files again and again. Kubernetes changes a mounted secret by swapping a link, which no watch of the
//! file itself would see: so their content is compared.

use futures::{Stream, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What is read from files.
pub trait Watched: Send + Sync {
    /// Tells what is in use.
    fn begin(&self);
    /// Reads the files, and uses what has changed in them if it can be used.
    fn look(&self);
}

/// Looks every so often, and at once whenever it is told to. It never ends.
pub async fn keep_fresh(
    watched: Vec<Arc<dyn Watched>>,
    every: Duration,
    mut told: impl Stream<Item = ()> + Unpin,
) {
    watched.iter().for_each(|watched| watched.begin());
    let mut every = tokio::time::interval(every);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            Some(()) = told.next() => tracing::info!("SIGHUP: looking at the files now"),
        }
        let watched = watched.clone();
        // A file may lie on a disk that hangs.
        let looked = tokio::task::spawn_blocking(move || watched.iter().for_each(|watched| watched.look()));
        if looked.await.is_err() {
            tracing::error!("the look at the files ended in a panic");
        }
    }
}
