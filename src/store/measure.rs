//! What is measured of each call of the port.

use crate::registry::ports::store::StoreError;
use metrics::{counter, histogram};
use std::time::Instant;

/// Counts and times a call; `refused` tells a refusal from another answer. A call whose caller went away counts as
/// neither.
pub(in crate::store) async fn measured<T>(
    call: &'static str,
    refused: fn(&T) -> bool,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let began = Instant::now();
    let end = work.await;
    let outcome = match &end {
        Ok(answer) if refused(answer) => "refused",
        Ok(_) => "ok",
        Err(_) => "error",
    };
    counter!("holdergraph_store_calls_total", "call" => call, "outcome" => outcome).increment(1);
    histogram!("holdergraph_store_call_seconds", "call" => call).record(began.elapsed().as_secs_f64());
    end
}

/// For calls that refuse nothing.
pub(in crate::store) fn never<T>(_: &T) -> bool {
    false
}
