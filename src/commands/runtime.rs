//! The runtime that a command works in.

use super::failure::Failure;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// What a command has begun on the side may take so long to end once the command has.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// For a command that goes on until it is told to leave. A look at a file on a disk that hangs does not hold up its end.
pub(super) fn until_told<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(PATIENCE);
    done
}

/// For whoever does without either.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("starting the runtime", error))
}

/// For a command that comes to an end: works until then, and lets what was begun on the side end too. MongoDB's driver
/// takes leave of its server in a task of its own, and panics where that is cut off.
pub(super) fn to_the_end<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(work);
    let rest = async {
        while runtime.metrics().num_alive_tasks() > 0 {
            sleep(LOOK_EVERY).await;
        }
    };
    // What goes on for ever, such as connections that are kept for later, ends with the runtime.
    drop(runtime.block_on(async { timeout(PATIENCE, rest).await }));
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn what_was_begun_on_the_side_comes_to_its_end() {
        let ended = Arc::new(AtomicBool::new(false));
        let told = ended.clone();
        let done = to_the_end(async {
            tokio::spawn(async move {
                sleep(Duration::from_millis(20)).await;
                told.store(true, Ordering::SeqCst);
            });
            Ok(7)
        });
        assert_eq!(done.ok(), Some(7));
        assert!(ended.load(Ordering::SeqCst));
    }

    #[test]
    fn what_goes_on_for_ever_is_not_waited_for() {
        let done = to_the_end(async {
            tokio::spawn(std::future::pending::<()>());
            Err::<(), _>(Failure::Other("no".to_owned()))
        });
        assert!(done.is_err());
    }
}
