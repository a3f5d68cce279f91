//! Which release the ledger is: asked for at the start and every five minutes, since it is upgraded while this service
//! runs. One that this service was not made for is told in the log, in a metric and in `/readyz`, and nothing stops.

use super::ports::call::Call;
use super::ports::ledger::Ledger;
use std::sync::Arc;
use std::time::Duration;

/// From one answer to the next question.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// The same where there was no answer.
const AGAIN: Duration = Duration::from_secs(30);
/// How long one question may take with its retries.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks again and again; it never ends.
pub async fn watch_release(ledger: Arc<dyn Ledger>) {
    loop {
        let told = ledger.ask_release(&Call::of_service("system/release", PATIENCE)).await;
        if let Err(reason) = &told {
            tracing::debug!(reason, "the ledger does not tell its release");
        }
        tokio::time::sleep(if told.is_ok() { EVERY } else { AGAIN }).await;
    }
}
