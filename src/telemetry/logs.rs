//! Log lines on standard error. Only this crate logs at the level that is asked for; libraries never log below
//! warnings, because HTTP libraries print headers there, and with them tokens.

use super::json_lines::JsonLines;
use crate::config::log_levels::LogLevels;
use crate::config::logging::{LogFormat, LogLevel};
use std::io::IsTerminal;
use std::sync::{Arc, PoisonError, RwLock};
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Registry, fmt, reload};

/// Changes how much is logged while the service runs.
#[derive(Clone, Debug)]
pub struct LogControl {
    filter: reload::Handle<Targets, Registry>,
    levels: Arc<RwLock<LogLevels>>,
}

impl LogControl {
    /// From now on so much is logged.
    ///
    /// # Errors
    /// Logging has ended.
    pub fn set(&self, levels: &LogLevels) -> Result<(), reload::Error> {
        // Held over both, so that what is told is what holds.
        let mut held = self.levels.write().unwrap_or_else(PoisonError::into_inner);
        self.filter.reload(filter(levels))?;
        *held = levels.clone();
        drop(held);
        let levels = serde_json::to_string(levels).unwrap_or_default();
        tracing::warn!(levels, "the log levels were changed");
        Ok(())
    }

    /// How much is logged now.
    pub fn levels(&self) -> LogLevels {
        self.levels.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One whose lines go nowhere; it holds for as long as the other part is kept.
    #[cfg(test)]
    pub(crate) fn detached(levels: LogLevels) -> (impl Subscriber + Send + Sync, Self) {
        subscriber(&levels, LogFormat::Json, false, std::io::sink)
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
pub fn start(levels: &LogLevels, format: LogFormat) -> Result<LogControl, StartError> {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (subscriber, control) = subscriber(levels, format, colours, std::io::stderr);
    subscriber.try_init()?;
    Ok(control)
}

fn subscriber<W>(
    levels: &LogLevels,
    format: LogFormat,
    colours: bool,
    writer: W,
) -> (impl Subscriber + Send + Sync + use<W>, LogControl)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(filter(levels));
    let lines = match format {
        LogFormat::Json => {
            fmt::layer().fmt_fields(JsonFields::new()).event_format(JsonLines).with_writer(writer).boxed()
        }
        LogFormat::Pretty => fmt::layer().with_ansi(colours).with_writer(writer).boxed(),
    };
    let control = LogControl { filter: handle, levels: Arc::new(RwLock::new(levels.clone())) };
    (tracing_subscriber::registry().with(filter).with(lines), control)
}

/// Where the heads of the audit trail are told. However little is logged they are: without one from the log nobody can
/// tell that a trail's newest links were cut off.
pub(crate) const HEADS: &str = "holdergraph::audit::sequencer::heads";

fn filter(levels: &LogLevels) -> Targets {
    let own = level_filter(levels.default);
    // Verbosity grows from ERROR to TRACE, so the smaller one says less.
    let libraries = own.min(LevelFilter::WARN);
    let own_name = env!("CARGO_PKG_NAME");
    let modules = levels.modules.iter().map(|(module, level)| {
        let level = level_filter(*level);
        // Refused where levels are read; held to here too, for a header with a token costs more than a comparison.
        let is_own = module.split("::").next() == Some(own_name);
        (module.clone(), if is_own { level } else { level.min(LevelFilter::WARN) })
    });
    Targets::new()
        .with_default(libraries)
        .with_target(own_name, own)
        .with_targets(modules)
        .with_target(HEADS, own.max(LevelFilter::INFO))
}

fn level_filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    }
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
        levels: impl Into<LogLevels>,
        format: LogFormat,
        run: impl FnOnce(&LogControl),
    ) -> Lines {
        let lines = Lines::default();
        let writer = lines.clone();
        let (subscriber, control) = subscriber(&levels.into(), format, false, move || writer.clone());
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
    fn heads_of_the_audit_trail_are_told_however_little_is_logged() {
        let quiet =
            LogLevels { modules: [(HEADS.to_owned(), LogLevel::Error)].into(), ..LogLevel::Error.into() };
        for levels in [LogLevel::Error.into(), quiet] {
            let lines = logged(LogLevel::Trace, LogFormat::Json, |control| {
                control.set(&levels).unwrap();
                tracing::info!(target: HEADS, "head of an audit trail");
                tracing::debug!(target: HEADS, "more than that");
                tracing::info!("something else");
            });
            let text = lines.text();
            assert!(text.contains("head of an audit trail"), "{text}");
            assert!(!text.contains("more than that") && !text.contains("something else"), "{text}");
        }
    }

    #[test]
    fn the_level_changes_while_running() {
        let lines = logged(LogLevel::Error, LogFormat::Json, |control| {
            tracing::info!("not yet");
            tracing::warn!(target: "reqwest", "quiet at first");
            control.set(&LogLevel::Debug.into()).unwrap();
            tracing::debug!("now");
            control.set(&LogLevel::Warn.into()).unwrap();
            tracing::info!("no more");
            assert_eq!(control.levels(), LogLevel::Warn.into());
        });
        let lines = lines.json();
        let messages = lines.iter().filter(|line| line["levels"].is_null()).map(|line| &line["message"]);
        assert!(messages.eq(["now"]), "{lines:?}");
        assert_eq!(lines.len(), 3, "each change is told");
    }

    #[test]
    fn a_module_logs_at_its_own_level() {
        let mut levels = LogLevels::from(LogLevel::Error);
        levels.modules.insert("holdergraph::telemetry".to_owned(), LogLevel::Debug);
        levels.modules.insert("hyper".to_owned(), LogLevel::Trace);
        let lines = logged(levels, LogFormat::Json, |_| {
            tracing::debug!("of the module");
            tracing::warn!(target: "holdergraph::store", "of another");
            tracing::info!(target: "hyper::proto", "header with a token");
        });
        let lines = lines.json();
        assert!(lines.iter().map(|line| &line["message"]).eq(["of the module"]), "{lines:?}");
    }

    #[test]
    fn a_span_of_the_gravest_level_gives_its_ids_to_every_line_whatever_the_level() {
        let lines = logged(LogLevel::Error, LogFormat::Json, |_| {
            let _request = tracing::error_span!("request", request_id = "r-1", trace_id = "t-1").entered();
            tracing::error!("odd");
        });
        assert_eq!(lines.json()[0]["trace_id"], "t-1");
    }
}
