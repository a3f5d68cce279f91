//! What the log says of an answer that cannot be used.

use super::{ACCOUNT, ANOTHER, LEDGER, OTHER, account, ledger_body, outcome, there, with};
use crate::upstream::alone::alone;
use crate::upstream::stand_in::{TOKEN, json, raw};
use serde_json::json as value;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// The lines of the log, as this thread writes them.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// The lines of this level that this crate wrote.
    fn lines(&self, level: &str) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains(TOKEN), "{text}");
        text.lines()
            .filter(|line| line.contains(level) && line.contains("holdergraph"))
            .map(str::to_owned)
            .collect()
    }
}

/// Alone, because a thread without a subscriber can switch a line of the log off for all of them.
#[tokio::test]
async fn a_404_of_somebody_else_and_an_answer_about_something_else_are_told() {
    const NAME: &str =
        "ledger::tests::log::a_404_of_somebody_else_and_an_answer_about_something_else_are_told";
    if !alone(NAME, &[]) {
        return;
    }
    let (log, _guard) = Log::start();
    outcome(there(), raw(404, "text/html", format!("<html>{TOKEN}"))).await.unwrap_err();
    let warnings = log.lines("WARN");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("base URL is wrong") && warnings[0].contains(ACCOUNT), "{warnings:?}");
    assert!(warnings[0].contains("request-1"), "{warnings:?}");
    assert!(log.lines("ERROR").is_empty());

    outcome(json(200, &with(ledger_body(), &value!({"id": OTHER}))), account()).await.unwrap_err();
    let errors = log.lines("ERROR");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains(ANOTHER) && errors[0].contains(LEDGER), "{errors:?}");
    assert_eq!(log.lines("WARN").len(), 1);
}
