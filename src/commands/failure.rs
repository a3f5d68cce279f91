//! Why a command ended badly, in words that say what to do next.

use crate::config::faults::Faults;
use std::fmt;
use std::process::ExitCode;

/// The end of a command that could not do what it was told.
#[derive(Debug)]
pub(super) enum Failure {
    /// Settings that cannot be used: exit code 2.
    Settings(Faults),
    /// A check that ran to its end and found something: exit code 3. What it found has been told.
    Found(String),
    /// Anything else: exit code 1.
    Other(String),
}

impl Failure {
    /// A failure: what was tried, and why it did not work.
    pub(super) fn because(tried: &str, why: impl fmt::Display) -> Self {
        Self::Other(format!("{tried}: {why}"))
    }

    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::Settings(_) => ExitCode::from(2),
            Self::Found(_) => ExitCode::from(3),
            Self::Other(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(faults) => {
                writeln!(f, "holdergraph does not start with these settings:\n")?;
                for fault in faults.iter() {
                    writeln!(f, "  {fault}")?;
                }
                let help = "each command lists its settings with --help; `holdergraph sandbox` needs none";
                write!(f, "\n{help}")
            }
            Self::Found(why) | Self::Other(why) => write!(f, "holdergraph: {why}"),
        }
    }
}
