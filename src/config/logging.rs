//! How much is logged, and in which form.

use super::log_levels::LogLevels;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::choice;
use std::io::IsTerminal;

static LOG_LEVEL: Setting = Setting {
    name: "LOG_LEVEL",
    flag: "log-level",
    value: "LEVEL[,MODULE=LEVEL]...",
    unset: Unset::Default("info"),
    help: "How much this service logs: trace, debug, info, warn or error; for example info,holdergraph::store=debug.\n\
           PUT /log-levels at OPS_ADDRESS changes it while the service runs.\n\
           Libraries log warnings and errors at most: at lower levels some print headers, and with them tokens.",
};

static LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    flag: "log-format",
    value: "json|pretty",
    unset: Unset::Means("pretty on a terminal, else json"),
    help: "The form of log lines on standard error.",
};

pub(super) static GROUP: Group = Group { heading: "Logging", settings: &[&LOG_LEVEL, &LOG_FORMAT] };

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// What helps to find a fault.
    Debug,
    /// What an operator wants to know.
    Info,
    /// What may need attention.
    Warn,
    /// What failed.
    Error,
}

impl LogLevel {
    /// Reads a level's name in lower case; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        LEVELS.iter().find(|(name, _)| *name == text).map(|(_, level)| *level)
    }

    /// Its name in lower case.
    pub fn as_str(self) -> &'static str {
        LEVELS.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }
}

const LEVELS: [(&str, LogLevel); 5] = [
    ("trace", LogLevel::Trace),
    ("debug", LogLevel::Debug),
    ("info", LogLevel::Info),
    ("warn", LogLevel::Warn),
    ("error", LogLevel::Error),
];

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// How much is logged, and in which form.
#[derive(Clone, Debug)]
pub struct Logging {
    /// How much, and where more or less.
    pub levels: LogLevels,
    /// The form; `None`: what suits standard error.
    pub given_format: Option<LogFormat>,
}

impl Logging {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let levels = reader.value(&LOG_LEVEL, LogLevels::parse);
        let formats = [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];
        let given_format = reader.optional(&LOG_FORMAT, |text| choice(text, &formats));
        Ok(Self { levels: levels?, given_format: given_format? })
    }

    /// The form that was asked for, else pretty on a terminal and JSON elsewhere.
    pub fn format(&self) -> LogFormat {
        let fitting = || match std::io::stderr().is_terminal() {
            true => LogFormat::Pretty,
            false => LogFormat::Json,
        };
        self.given_format.unwrap_or_else(fitting)
    }
}
