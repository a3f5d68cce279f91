//! What is wrong with a file of TLS, in words for the operator. Never holds what stands in the file.

use std::fmt;

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting that names the file.
    pub setting: &'static str,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub remedy: &'static str,
}

impl Problem {
    pub(super) fn new(setting: &'static str, wrong: impl Into<String>, remedy: &'static str) -> Self {
        Self { setting, wrong: wrong.into(), remedy }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.setting, self.wrong, self.remedy)
    }
}
