//! Where the tests stop the service, to end it or to let others go on without it.
//!
//! Only a build with debug assertions looks at these variables; what is shipped has none of this:
//! - `HOLDERGRAPH_TEST_STOP_AT`: the name of a step, as the protocols in [`super`] name them;
//! - `HOLDERGRAPH_TEST_STOP_FILE`: a path. The first call that comes to the step makes this file and goes on when the
//!   file is gone; calls after it are not stopped.

/// All steps, in the order of their protocols: each is where the write that it is named after has been answered.
pub const STEPS: [&str; 26] = [
    "operation: begun",
    "operation: written",
    "operation: committed",
    "link: held",
    "link: holder seen",
    "link: live",
    "create: holder held",
    "create: alias accounts joining",
    "create: live",
    "create: alias accounts live",
    "update: written",
    "delete: written",
    "delete holder: marked",
    "delete holder: looked",
    "delete holder: deleted",
    "restore: written",
    "restore alias account: marked",
    "restore alias account: holder seen",
    "restore alias account: live",
    "purge: written",
    "purge holder: marked",
    "purge holder: looked",
    "purge holder: purged",
    "purge holder: alias accounts purged",
    "fence: fenced",
    "fence: seen",
];

/// The call is at a step.
#[cfg(debug_assertions)]
pub(super) async fn at(step: &'static str) {
    use std::sync::atomic::{AtomicBool, Ordering};
    static STOPPED: AtomicBool = AtomicBool::new(false);

    debug_assert!(STEPS.contains(&step), "{step}");
    #[cfg(test)]
    stops::at(step).await;
    let named = |name: &str| std::env::var_os(name);
    let (Some(stop), Some(file)) = (named("HOLDERGRAPH_TEST_STOP_AT"), named("HOLDERGRAPH_TEST_STOP_FILE"))
    else {
        return;
    };
    if stop != step || STOPPED.swap(true, Ordering::SeqCst) || std::fs::write(&file, step).is_err() {
        return;
    }
    while std::fs::exists(&file).unwrap_or(false) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// The call is at a step.
#[cfg(not(debug_assertions))]
pub(super) async fn at(_step: &'static str) {}

/// A call that goes on in a task of its own takes with it what the tests said of it.
#[cfg(not(test))]
pub(super) fn carried<R: Future>(call: R) -> R {
    call
}

/// A call that goes on in a task of its own takes with it what the tests said of it.
#[cfg(test)]
pub(super) fn carried<R: Future>(call: R) -> impl Future<Output = R::Output> {
    let stop = stops::STOP.try_with(std::sync::Arc::clone).unwrap_or_default();
    stops::STOP.scope(stop, call)
}

/// Stops of single calls, for tests in this process.
#[cfg(test)]
pub(super) mod stops {
    use std::sync::{Arc, Mutex};
    use tokio::sync::Notify;

    /// What a call does at the steps that it comes to.
    #[derive(Default)]
    pub(in super::super) struct Stop {
        /// At which step it stops, the first time.
        pub(in super::super) step: Option<&'static str>,
        /// The steps that it came to.
        pub(in super::super) seen: Mutex<Vec<&'static str>>,
        /// It has stopped.
        pub(in super::super) stopped: Notify,
        /// It may go on.
        pub(in super::super) go: Notify,
    }

    tokio::task_local! {
        /// Of the call that runs now.
        pub(in super::super) static STOP: Arc<Stop>;
    }

    pub(super) async fn at(step: &'static str) {
        let Ok(stop) = STOP.try_with(Arc::clone) else { return };
        let first = {
            let mut seen = stop.seen.lock().unwrap();
            seen.push(step);
            seen.iter().filter(|seen| **seen == step).count() == 1
        };
        if first && stop.step == Some(step) {
            stop.stopped.notify_one();
            stop.go.notified().await;
        }
    }
}
