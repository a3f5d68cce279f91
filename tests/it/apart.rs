//! Work beside the tests, on threads of its own: a test may wait for it wherever it stands, within a runtime or not.

use std::future::Future;
use std::sync::LazyLock;
use std::sync::mpsc::sync_channel;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Does it there, and waits for its end on this thread.
pub(crate) fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let (done, end) = sync_channel(1);
    go_on(async move { done.send(work.await).unwrap() });
    end.recv().expect("the work beside this test stopped at a surprise, which is told above")
}

/// Begins it there.
pub(crate) fn go_on(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    RUNTIME.spawn(work)
}
