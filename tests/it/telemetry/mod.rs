//! What operators see: spans as a collector receives them, metrics, and log lines.

mod collector;
mod contexts;
mod export;
mod levels;
mod lines;
mod metrics;
mod spans;

use super::app::App;
use collector::Collector;
use serde_json::json;

/// A sandbox whose spans go to this collector, with settings of its own.
fn traced(collector: &Collector, settings: &[(&str, &str)]) -> App {
    let url = collector.url();
    let mut all = vec![("ENABLE_TELEMETRY", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    all.extend(settings);
    App::sandbox_with(&all)
}

/// A request for this holder, as an operation named `Page`, in the trace of a caller.
fn page(app: &App, holder: &str) -> reqwest::RequestBuilder {
    app.request("query Page($id: ID!) { holder(id: $id) { id name } }", json!({"id": holder}))
}

/// Ends it, and returns all that it has logged: a line may come later than the answer that it tells of.
fn ended(mut app: App) -> String {
    app.signal("TERM");
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
    app.log()
}
