//! What is wrong with a manifest, in words for the operator. Never holds the text of a document.

use std::fmt;

/// Most problems of one manifest that are told.
pub(super) const TOLD_MAX: usize = 20;

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub remedy: &'static str,
}

impl Problem {
    pub(super) fn new(wrong: impl Into<String>, remedy: &'static str) -> Self {
        Self { wrong: wrong.into(), remedy }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.wrong, self.remedy)
    }
}
