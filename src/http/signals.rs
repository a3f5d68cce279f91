//! SIGTERM and SIGINT: the first one asks to leave, the second one ends the process at once. SIGHUP, where somebody
//! listens for it, asks to look at files.

use futures::Stream;
use futures::stream::poll_fn;
use std::future::Future;
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// What a shell reports of a process that a signal ended: 128 and the signal's number.
#[derive(Clone, Copy, Debug)]
enum Heard {
    Interrupt = 130,
    Terminate = 143,
}

/// Listens from now on. The future ends with the first signal; the second one ends the process.
///
/// # Errors
/// The operating system does not let this process listen.
pub fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut terminates = signal(SignalKind::terminate())?;
    let (leave, told) = oneshot::channel();
    tokio::spawn(async move {
        let first = next(&mut interrupts, &mut terminates).await;
        tracing::info!(signal = ?first, "leaving; a second signal ends the process at once");
        // Nobody waits any more: the second signal matters all the same.
        let _ = leave.send(());
        let second = next(&mut interrupts, &mut terminates).await;
        tracing::warn!(signal = ?second, "ended at once by a second signal");
        #[expect(clippy::disallowed_methods, reason = "whoever signals twice wants no further waiting")]
        std::process::exit(second as i32);
    });
    Ok(async move {
        // The sender is dropped only when the runtime goes, which is a reason to leave too.
        let _ = told.await;
    })
}

/// From now on SIGHUP does not end the process: each one is an item.
///
/// # Errors
/// The operating system does not let this process listen.
pub fn hangups() -> io::Result<impl Stream<Item = ()> + Send + Unpin + 'static> {
    let mut hangups = signal(SignalKind::hangup())?;
    Ok(poll_fn(move |context| hangups.poll_recv(context)))
}

async fn next(interrupts: &mut Signal, terminates: &mut Signal) -> Heard {
    tokio::select! {
        _ = interrupts.recv() => Heard::Interrupt,
        _ = terminates.recv() => Heard::Terminate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::time::Duration;

    /// Set for the process that signals are sent to.
    const CHILD: &str = "HOLDERGRAPH_TEST_SIGNALS";

    /// Not a test of its own: the process that the test below sends signals to.
    #[tokio::test]
    #[ignore = "child: the test below runs it as a process of its own"]
    async fn a_process_that_waits_for_signals() {
        if std::env::var_os(CHILD).is_none() {
            return;
        }
        let told = signals().unwrap();
        println!("\nlistening");
        // It must not outlive a test that failed.
        let long = Duration::from_secs(60);
        tokio::time::timeout(long, told).await.unwrap();
        println!("told to leave");
        tokio::time::sleep(long).await;
    }

    #[test]
    fn the_first_signal_asks_and_the_second_one_ends() {
        for (first, second, code) in [("TERM", "TERM", 143), ("INT", "INT", 130), ("TERM", "INT", 130)] {
            let mut process = Command::new(std::env::current_exe().unwrap())
                .args(["http::signals::tests::a_process_that_waits_for_signals", "--exact", "--ignored"])
                .arg("--nocapture")
                .env(CHILD, "1")
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            let send = |signal: &str| {
                let kill = format!("kill -{signal} {}", process.id());
                assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
            };
            assert!(lines.any(|line| line.unwrap() == "listening"));
            send(first);
            assert!(lines.any(|line| line.unwrap() == "told to leave"));
            send(second);
            assert_eq!(process.wait().unwrap().code(), Some(code), "{first} {second}");
        }
    }
}
