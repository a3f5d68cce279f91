//! What is measured of each call of the port.

use crate::registry::ports::store::StoreError;
use crate::telemetry::metrics::{STORE_CALL_SECONDS, STORE_CALLS};
use crate::telemetry::traces::CallSpan;
use metrics::{counter, histogram};
use std::time::Instant;

/// Counts and times a call, and leaves a span of it; `refused` tells a refusal from another answer. A call whose caller went away counts as
/// neither.
pub(in crate::store) async fn measured<T>(
    call: &'static str,
    refused: fn(&T) -> bool,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let began = Instant::now();
    let span = CallSpan::of_store(call);
    let end = work.await;
    let outcome = match &end {
        Ok(answer) if refused(answer) => "refused",
        Ok(_) => "ok",
        Err(_) => "error",
    };
    span.end(outcome, end.is_ok(), None);
    counter!(STORE_CALLS, "call" => call, "outcome" => outcome).increment(1);
    histogram!(STORE_CALL_SECONDS, "call" => call).record(began.elapsed().as_secs_f64());
    end
}

/// For calls that refuse nothing.
pub(in crate::store) fn never<T>(_: &T) -> bool {
    false
}
