//! What `audit verify` prints: a progress bar on a terminal, what was found, and the heads that were proven.

use super::super::failure::Failure;
use crate::audit::verify::{Anchor, Finding, Looked, Witness};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::TrailHead;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::Write;

/// Most findings, heads and anchors that are printed; all findings are counted.
const PRINTED_MAX: usize = 1_000;

/// What was told of until now.
pub(super) struct Told {
    pub(super) bar: ProgressBar,
    pub(super) count: usize,
    findings: Vec<Finding>,
    heads: Vec<(OrganizationId, TrailHead)>,
    passed: Vec<Anchor>,
}

impl Told {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} links  {per_sec}  {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, count: 0, findings: Vec::new(), heads: Vec::new(), passed: Vec::new() }
    }

    /// Prints all of it.
    pub(super) fn say(&self, looked: Looked, as_json: bool) -> Result<(), Failure> {
        let text = if as_json { self.json(looked) } else { self.text(looked) };
        std::io::stdout()
            .write_all(text.as_bytes())
            .map_err(|error| Failure::because("printing the result", error))
    }

    fn json(&self, looked: Looked) -> String {
        let finding = |finding: &Finding| {
            json!({
                "organizationId": finding.organization.to_string(),
                "number": finding.number,
                "what": finding.what,
            })
        };
        let head = |(organization, head): &(OrganizationId, TrailHead)| {
            json!({
                "organizationId": organization.to_string(),
                "number": head.number,
                "hmac": hex::encode(head.mac.0),
                "sealedAt": head.sealed_at.to_string(),
            })
        };
        json!({
            "organizations": looked.organizations,
            "links": looked.links,
            "faults": self.count,
            "findings": self.findings.iter().map(finding).collect::<Vec<Value>>(),
            "heads": self.heads.iter().map(head).collect::<Vec<Value>>(),
            "anchorsPassedOver": self.passed.iter().map(Anchor::to_string).collect::<Vec<_>>(),
        })
        .to_string()
            + "\n"
    }

    fn text(&self, looked: Looked) -> String {
        let mut text = String::new();
        for (organization, head) in &self.heads {
            let anchor = Anchor::at(*organization, head);
            text += &format!("proven  {}  {anchor}\n", head.sealed_at);
        }
        for anchor in &self.passed {
            text += &format!("passed  the link of {anchor} was removed by retention\n");
        }
        for Finding { organization, number, what } in &self.findings {
            let place = number.map_or_else(|| "outbox".to_owned(), |number| format!("link {number}"));
            text += &format!("WRONG   {organization}  {place}: {what}\n");
        }
        if self.count > self.findings.len() {
            text += &format!("… and {} more\n", self.count - self.findings.len());
        }
        let Looked { organizations, links } = looked;
        text + &format!("{organizations} organizations, {links} links, {} faults\n", self.count)
    }
}

impl Witness for Told {
    fn looked(&mut self, links: u64) {
        self.bar.inc(links);
    }

    fn found(&mut self, finding: Finding) {
        self.count += 1;
        if self.findings.len() < PRINTED_MAX {
            self.findings.push(finding);
        }
    }

    fn passed(&mut self, anchor: &Anchor) {
        if self.passed.len() < PRINTED_MAX {
            self.passed.push(*anchor);
        }
    }

    fn proven(&mut self, organization: OrganizationId, head: &TrailHead) {
        if self.heads.len() < PRINTED_MAX {
            self.heads.push((organization, *head));
        }
    }
}
