//! Log lines on standard error. Only this crate logs at the level that is asked for; libraries never log below
//! warnings, because HTTP libraries print headers there, and with them tokens.

use super::json_lines::JsonLines;
use crate::config::logging::{LogFormat, LogLevel};
use std::io::IsTerminal;
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Registry, fmt, reload};

/// Changes how much is logged while the service runs.
#[derive(Clone, Debug)]
pub struct LogControl(reload::Handle<Targets, Registry>);

impl LogControl {
    /// From now on this crate logs at this level.
    ///
    /// # Errors
    /// Logging has ended.
    pub fn set_level(&self, level: LogLevel) -> Result<(), reload::Error> {
        self.0.reload(filter(level))
    }
}

/// Why logging could not be started.
#[derive(Debug, thiserror::Error)]
#[error("log lines already go elsewhere: {0}")]
pub struct StartError(#[from] TryInitError);

/// Starts logging to standard error, once a process.
///
/// # Errors
/// Something in this process has started logging before.
pub fn start(level: LogLevel, format: LogFormat) -> Result<LogControl, StartError> {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (subscriber, control) = subscriber(level, format, colours, std::io::stderr);
    subscriber.try_init()?;
    Ok(control)
}

fn subscriber<W>(
    level: LogLevel,
    format: LogFormat,
    colours: bool,
    writer: W,
) -> (impl Subscriber + Send + Sync, LogControl)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(filter(level));
    let lines = match format {
        LogFormat::Json => {
            fmt::layer().fmt_fields(JsonFields::new()).event_format(JsonLines).with_writer(writer).boxed()
        }
        LogFormat::Pretty => fmt::layer().with_ansi(colours).with_writer(writer).boxed(),
    };
    (tracing_subscriber::registry().with(filter).with(lines), LogControl(handle))
}

fn filter(level: LogLevel) -> Targets {
    let own = match level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    // Verbosity grows from ERROR to TRACE, so the smaller one says less.
    let libraries = own.min(LevelFilter::WARN);
    Targets::new().with_default(libraries).with_target(env!("CARGO_PKG_NAME"), own)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::Value;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    /// Keeps what is logged.
    #[derive(Clone, Default)]
    pub(in crate::telemetry) struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Lines {
        pub(in crate::telemetry) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }

        fn json(&self) -> Vec<Value> {
            self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Runs with logging to the returned lines.
    pub(in crate::telemetry) fn logged(
        level: LogLevel,
        format: LogFormat,
        run: impl FnOnce(&LogControl),
    ) -> Lines {
        let lines = Lines::default();
        let writer = lines.clone();
        let (subscriber, control) = subscriber(level, format, false, move || writer.clone());
        tracing::subscriber::with_default(subscriber, || run(&control));
        lines
    }

    #[test]
    fn a_json_line_holds_the_fields_of_the_spans_around_it() {
        let lines = logged(LogLevel::Info, LogFormat::Json, |_| {
            let request = tracing::info_span!("request", request_id = "r-1", outcome = tracing::field::Empty);
            let _entered = request.enter();
            let _inner = tracing::info_span!("inner", attempt = 1).entered();
            request.record("outcome", "ok");
            tracing::warn!(attempt = 2, level = "odd", retry = true, "line\nbreak \"{}\"", 7);
        });
        let [line] = lines.json().try_into().unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["target"], "holdergraph::telemetry::logs::tests");
        assert_eq!(line["message"], "line\nbreak \"7\"");
        assert_eq!(line["request_id"], "r-1");
        assert_eq!(line["outcome"], "ok");
        assert_eq!(line["attempt"], 2);
        assert_eq!(line["retry"], true);
        let time = line["timestamp"].as_str().unwrap();
        assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
        assert!(lines.text().starts_with(r#"{"timestamp":""#));
    }

    #[test]
    fn libraries_never_log_below_warnings() {
        for format in [LogFormat::Json, LogFormat::Pretty] {
            let lines = logged(LogLevel::Trace, format, |_| {
                tracing::trace!("own trace");
                tracing::info!(target: "hyper::proto", "header with a token");
                tracing::debug!(target: "holdergrap", "another crate");
                tracing::warn!(target: "reqwest", "library warning");
            });
            let text = lines.text();
            assert!(text.contains("own trace") && text.contains("library warning"), "{text}");
            assert!(!text.contains("token") && !text.contains("another crate"), "{text}");
        }
    }

    #[test]
    fn the_level_changes_while_running() {
        let lines = logged(LogLevel::Error, LogFormat::Json, |control| {
            tracing::info!("not yet");
            tracing::warn!(target: "reqwest", "quiet at first");
            control.set_level(LogLevel::Debug).unwrap();
            tracing::debug!("now");
            control.set_level(LogLevel::Warn).unwrap();
            tracing::info!("no more");
        });
        let messages: Vec<Value> = lines.json().iter().map(|line| line["message"].clone()).collect();
        assert_eq!(messages, ["now"]);
    }
}
