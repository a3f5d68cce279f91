//! What `links verify` prints: a progress bar on a terminal, what changed, and the counts.

use super::super::failure::Failure;
use crate::domain::time::Timestamp;
use crate::registry::links::{Checked, Outcome, Witness};
use crate::registry::ports::ledger::LedgerError;
use crate::registry::ports::link_walk::Tally;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::Write;

/// Most changes that are kept for the JSON object; all are counted.
const CHANGES_MAX: usize = 1_000;

/// How the run ended.
pub(super) enum End {
    /// Every link was met.
    Whole,
    /// By a signal.
    Stopped,
    /// The ledger is not there; why.
    Silent(String),
    /// The store failed, or another process has taken it over.
    Failed,
}

/// What is told while the walk goes on, and at its end.
pub(super) struct Told {
    as_json: bool,
    bar: ProgressBar,
    waits: bool,
    /// Of the links that were told of, also where the walk's own counts cannot be asked for.
    tally: Tally,
    resumed: Option<Timestamp>,
    changes: Vec<Checked>,
    silence: Option<String>,
    unwritten: Option<std::io::Error>,
}

impl Told {
    /// For about so many links.
    pub(super) fn new(as_json: bool, links: u64) -> Self {
        let bar = ProgressBar::new(links);
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} links  {per_sec}  {eta} left");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        let (tally, resumed, changes, silence) = (Tally::default(), None, Vec::new(), None);
        Self { as_json, bar, waits: false, tally, resumed, changes, silence, unwritten: None }
    }

    /// Somebody else is at the walk, or was until just now. Said once.
    pub(super) fn waits(&mut self) {
        if !self.waits && !self.as_json {
            self.bar.suspend(|| {
                eprintln!("another run is at work, or was killed just now: waiting for a sign of it");
            });
        }
        self.waits = true;
    }

    /// The walk begins, or goes on where an earlier run stopped.
    pub(super) fn begins(&mut self, resumed: Option<Timestamp>, tally: &Tally) {
        (self.resumed, self.tally) = (resumed, *tally);
        self.bar.set_position(tally.total());
        if let Some(began_at) = resumed
            && !self.as_json
        {
            let done = tally.total();
            self.bar.suspend(|| {
                eprintln!("going on with the run of {began_at}, behind its first {done} links (--from-start begins anew)");
            });
        }
    }

    /// Prints how it failed.
    pub(super) fn fails(&mut self) -> Result<(), Failure> {
        let tally = self.tally;
        self.ends(&End::Failed, &tally)
    }

    /// Prints how it ended.
    pub(super) fn ends(&mut self, end: &End, tally: &Tally) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let text = if self.as_json { self.json(end, tally) } else { self.text(tally) };
        self.print(&text);
        match self.unwritten.take() {
            Some(error) => Err(Failure::because("printing the result", error)),
            None => Ok(()),
        }
    }

    fn json(&self, end: &End, tally: &Tally) -> String {
        let statuses: serde_json::Map<String, Value> = tally
            .by_status()
            .into_iter()
            .map(|(status, count)| (status.as_str().to_owned(), count.into()))
            .collect();
        let change = |link: &Checked| {
            json!({
                "organizationId": link.organization.to_string(),
                "aliasAccountId": link.id.to_string(),
                "before": link.before.as_str(),
                "now": link.now().map(|now| now.as_str()),
            })
        };
        let changes: Vec<Value> = self.changes.iter().map(change).collect();
        json!({
            "complete": matches!(end, End::Whole),
            "resumed": self.resumed.is_some(),
            "links": tally.total(),
            "broken": tally.broken(),
            "statuses": statuses,
            "unanswered": tally.unanswered,
            "skipped": tally.skipped,
            "changed": tally.changed,
            "changes": changes,
        })
        .to_string()
            + "\n"
    }

    fn text(&self, tally: &Tally) -> String {
        let statuses = tally.by_status().into_iter().filter(|(_, count)| *count > 0);
        let statuses: String =
            statuses.map(|(status, count)| format!(", {count} {}", status.as_str())).collect();
        let Tally { unanswered, skipped, changed, .. } = *tally;
        let silence = self.silence.as_deref();
        let silence = silence.map(|why| format!("no answer, for example: {why}\n")).unwrap_or_default();
        let skipped = match skipped {
            0 => String::new(),
            count => format!(", {count} could not be recorded"),
        };
        format!(
            "{silence}{} links{statuses}; {changed} changed, {unanswered} unanswered{skipped}\n",
            tally.total()
        )
    }

    fn print(&mut self, text: &str) {
        let mut out = std::io::stdout();
        let written = self.bar.suspend(|| out.write_all(text.as_bytes()).and_then(|()| out.flush()));
        // Whoever reads may go away; what is found is recorded all the same, and told at the end.
        if let Err(error) = written {
            self.unwritten.get_or_insert(error);
        }
    }

    fn change(&mut self, link: &Checked) {
        if self.as_json {
            if self.changes.len() < CHANGES_MAX {
                self.changes.push(link.clone());
            }
        } else if let Some(now) = link.now() {
            let Checked { organization, id, before, .. } = link;
            self.print(&format!("{organization}  {id}  {} -> {}\n", before.as_str(), now.as_str()));
        }
    }
}

impl Witness for Told {
    fn checked(&mut self, links: &[Checked]) {
        for link in links {
            link.count(&mut self.tally);
            if let Outcome::Unanswered(error) = &link.outcome {
                self.silence.get_or_insert_with(|| reason(error));
            }
            if link.is_changed() {
                self.change(link);
            }
        }
        self.bar.inc(links.len() as u64);
    }
}

fn reason(error: &LedgerError) -> String {
    match error {
        LedgerError::Forbidden => "it refuses the service's own token".to_owned(),
        other => other.to_string(),
    }
}
