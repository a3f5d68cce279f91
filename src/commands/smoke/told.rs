//! What is printed: a line for each step, and one that sums up. Never a token, and of records nothing but their ids.

use super::super::failure::Failure;
use serde_json::{Value, json};
use std::io::Write;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ok,
    /// Well, but not as it was meant.
    Noted,
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Noted => "noted",
            Self::Failed => "failed",
        }
    }
}

/// What was told until now.
pub(super) struct Told {
    as_json: bool,
    steps: usize,
    failed: Vec<String>,
    /// What is there that was not there before.
    left: Vec<String>,
    unwritten: Option<std::io::Error>,
}

impl Told {
    /// Nothing yet.
    pub(super) fn new(as_json: bool) -> Self {
        Self { as_json, steps: 0, failed: Vec::new(), left: Vec::new(), unwritten: None }
    }

    /// A step went well.
    pub(super) fn ok(&mut self, step: &str, detail: &str) {
        self.step(step, Outcome::Ok, detail);
    }

    /// A step went well, but not as it was meant.
    pub(super) fn noted(&mut self, step: &str, detail: &str) {
        self.step(step, Outcome::Noted, detail);
    }

    /// A step did not go well.
    pub(super) fn failed(&mut self, step: &str, detail: &str) {
        self.failed.push(format!("{step}: {detail}"));
        self.step(step, Outcome::Failed, detail);
    }

    /// This is there now.
    pub(super) fn left(&mut self, what: String) {
        self.left.push(what);
    }

    /// All of it has gone.
    pub(super) fn nothing_is_left(&mut self) {
        self.left.clear();
    }

    fn step(&mut self, step: &str, outcome: Outcome, detail: &str) {
        self.steps += 1;
        let outcome = outcome.as_str();
        let line = match self.as_json {
            true => json!({"step": step, "outcome": outcome, "detail": detail}).to_string(),
            false => format!("{outcome:<7} {step:<20} {detail}").trim_end().to_owned(),
        };
        self.print(&line);
    }

    /// Sums up.
    pub(super) fn ends(mut self) -> Result<(), Failure> {
        let (steps, failed) = (self.steps, self.failed.len());
        let line = if self.as_json {
            let outcome = if failed == 0 { Outcome::Ok } else { Outcome::Failed };
            let left: Vec<Value> = self.left.iter().map(|what| what.as_str().into()).collect();
            json!({"outcome": outcome.as_str(), "steps": steps, "failed": failed, "left": left}).to_string()
        } else {
            let left = match self.left.as_slice() {
                [] => "nothing is left behind".to_owned(),
                left => format!("left behind: {}", left.join(", ")),
            };
            format!("{steps} steps, {failed} failed; {left}")
        };
        self.print(&line);
        if let Some(first) = self.failed.first() {
            return Err(Failure::Other(format!("the smoke test failed; {first}")));
        }
        self.unwritten.map_or(Ok(()), |error| Err(Failure::because("printing the result", error)))
    }

    fn print(&mut self, line: &str) {
        let mut out = std::io::stdout();
        let written = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
        // Whoever reads may go away: what was made is erased all the same, and this is told at the end.
        if let Err(error) = written {
            self.unwritten.get_or_insert(error);
        }
    }
}
