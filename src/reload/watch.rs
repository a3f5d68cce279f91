//! Looks at the files again and again. Kubernetes changes a mounted secret by swapping a link, which no watch of the
//! file itself would see: so their content is compared.

use futures::future::join_all;
use futures::{Stream, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{MissedTickBehavior, timeout};

/// How often.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What is read from files.
pub trait Watched: Send + Sync {
    /// Whose files they are, in the log.
    fn of(&self) -> &'static str;
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
    let mut looks: Vec<Look> = watched.into_iter().map(Look::at).collect();
    let patience = every;
    let mut every = tokio::time::interval(every);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            Some(()) = told.next() => tracing::info!("SIGHUP: looking at the files now"),
        }
        join_all(looks.iter_mut().map(|look| look.take(patience))).await;
    }
}

/// The looks at one thing. A file may lie on a disk that hangs: then the others are looked at all the same.
struct Look {
    watched: Arc<dyn Watched>,
    under_way: Option<JoinHandle<()>>,
}

impl Look {
    fn at(watched: Arc<dyn Watched>) -> Self {
        Self { watched, under_way: None }
    }

    /// Takes one, or waits for the one before, but no longer than that.
    async fn take(&mut self, patience: Duration) {
        let watched = self.watched.clone();
        let under_way = self.under_way.get_or_insert_with(|| spawn_blocking(move || watched.look()));
        let of = self.watched.of();
        match timeout(patience, under_way).await {
            Ok(ended) => {
                self.under_way = None;
                if ended.is_err() {
                    tracing::error!(of, "the look at the files ended in a panic");
                }
            }
            Err(_) => tracing::error!(of, "the files cannot be read to their end: what was in use stays"),
        }
    }
}
