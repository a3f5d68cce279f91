//! What is wrong with the settings: a list, so that an operator is told all of it at once.

use std::fmt;

/// One setting that cannot be used. It never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting's name in the environment.
    pub setting: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What to set instead.
    pub remedy: String,
}

/// One line: `LOG_LEVEL: "loud" is none of its values; set one of trace, debug, …`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.setting, self.wrong, self.remedy)
    }
}

/// Every fault that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one: the setting, what is wrong with it, and what to set instead.
    pub fn push(&mut self, setting: &str, wrong: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Fault { setting: setting.to_owned(), wrong: wrong.into(), remedy: remedy.into() });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

/// One line a fault.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
