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
