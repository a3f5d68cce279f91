//! What a call of the driver does just now. The driver tells nothing of a caller that gives up; the watch over its call
//! knows what was going on then.

use super::{commands, connections};
use metrics::{gauge, histogram};
use std::cell::Cell;
use std::time::Instant;

/// What the driver does for one call, one thing after the other.
#[derive(Default)]
struct Watch {
    waiting: Cell<Option<Instant>>,
    running: Cell<Option<(&'static str, Instant)>>,
}

tokio::task_local! {
    static WATCH: Watch;
}

/// Runs a call of the driver. The driver tells its events within the call, so that they are its own.
pub(in crate::store::mongo) fn watched<F: IntoFuture>(call: F) -> impl Future<Output = F::Output> {
    WATCH.scope(Watch::default(), call.into_future())
}

/// The call needs a connection.
pub(super) fn waiting() {
    on(|watch| {
        if watch.waiting.replace(Some(Instant::now())).is_none() {
            gauge!("holdergraph_mongo_pool_waiting").increment(1);
        }
    });
}

/// It has one, or will get none.
pub(super) fn waited() {
    on(|watch| {
        watch.stop_waiting();
    });
}

/// The call's command goes to the server.
pub(super) fn running(command: &'static str) {
    on(|watch| watch.running.set(Some((command, Instant::now()))));
}

/// Its answer is there, or none will come.
pub(super) fn ran() {
    on(|watch| watch.running.set(None));
}

/// What the driver does by itself belongs to no call.
fn on(act: impl FnOnce(&Watch)) {
    // Not within a call: that is no fault.
    let _ = WATCH.try_with(act);
}

impl Watch {
    fn stop_waiting(&self) -> Option<Instant> {
        let since = self.waiting.take()?;
        gauge!("holdergraph_mongo_pool_waiting").decrement(1);
        Some(since)
    }
}

/// The call is over, or its caller has gone away.
impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(since) = self.stop_waiting() {
            histogram!("holdergraph_mongo_pool_wait_seconds").record(since.elapsed().as_secs_f64());
            connections::failed("cancelled");
        }
        if let Some((command, since)) = self.running.take() {
            commands::ended(command, "cancelled", since.elapsed());
        }
    }
}
