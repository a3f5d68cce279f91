//! `holdergraph check`: walks a store and proves its rules.

use super::failure::Failure;
use super::runtime::to_the_end;
use super::sandbox::sandbox_keys;
use super::service::{foreign_keys, judge_keys, keys};
use super::stores;
use crate::config::operator::{OperatorConfig, OperatorFlags};
use crate::config::process_environment;
use crate::registry::check::{Finding, Looked, Witness, check};
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::store::KeyCheck;
use crate::seal::Keys;
use crate::store::Role;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::ffi::OsString;
use std::io::Write;

/// Most findings that are printed; all are counted.
const PRINTED_MAX: usize = 1_000;

/// What is to be checked.
#[derive(Args)]
#[command(after_help = "\
Every record is opened and compared with its claims and search tokens; holders and alias accounts are compared with \
each other, and the store with its own indexes. Nothing is changed, a server may run meanwhile, and no value of a \
record is printed. The keys are those that `serve` takes; in a sandbox's folder the sandbox's own are found there.

Exit codes: 0 all is as it should be; 3 something was found; 2 settings; 1 the store could not be read.

Examples:
  holdergraph check                                    the store in ./data
  DATA_DIR=/var/lib/holdergraph holdergraph check      another one
  holdergraph check --json | jq .findings              for scripts: one JSON object")]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: OperatorFlags,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Runs it to its end.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    to_the_end(walk(arguments))
}

async fn walk(arguments: &Arguments) -> Result<(), Failure> {
    let own = OperatorConfig::data_dir(&arguments.flags, process_environment);
    let own = own.and_then(|dir| sandbox_keys(&dir));
    let environment = |name: &str| {
        process_environment(name).or_else(|| own.as_ref().and_then(|keys| keys.get(name)).map(OsString::from))
    };
    let config =
        OperatorConfig::load(&arguments.flags, environment, judge_keys).map_err(Failure::Settings)?;
    let keys = keys(&config.keys)?;
    let store = stores::open(&config.store, Role::Operator).await?.inspection;
    compare_keys(&keys, &*store).await?;
    let unreadable = |error| Failure::because("reading the store", error);
    let (holders, alias_accounts) = store.totals().await.map_err(unreadable)?;
    let mut told = Told::new(holders.saturating_add(alias_accounts));
    let looked = check(&*store, &keys, &mut told).await.map_err(unreadable)?;
    told.bar.finish_and_clear();
    say(&if arguments.json { told.json(looked) } else { told.text(looked) })?;
    match told.count {
        0 => Ok(()),
        count => Err(Failure::Found(format!(
            "the check found {count} faults: stop writing, keep a copy of the store, and look at the records named"
        ))),
    }
}

/// As a server does when it starts, but nothing is written: keys that a check was given by mistake must not become those
/// of a store that has none yet.
async fn compare_keys(keys: &Keys, store: &dyn Inspection) -> Result<(), Failure> {
    let known = store.key_checks().await;
    let known = known.map_err(|error| Failure::because("comparing the keys with the store", error))?;
    let foreign = |check: &KeyCheck| known.iter().any(|known| known.id == check.id && known != check);
    keys.checks().iter().find(|check| foreign(check)).map_or(Ok(()), |check| Err(foreign_keys(&check.id)))
}

/// What the walk tells, with a progress bar on a terminal.
struct Told {
    bar: ProgressBar,
    findings: Vec<Finding>,
    count: usize,
}

impl Told {
    fn new(records: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} records  {per_sec}  {eta} left");
        let bar = ProgressBar::new(records);
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self { bar, findings: Vec::new(), count: 0 }
    }

    fn json(&self, looked: Looked) -> String {
        let findings: Vec<_> = self
            .findings
            .iter()
            .map(|finding| {
                json!({
                    "collection": finding.collection,
                    "organizationId": finding.organization.map(|id| id.to_string()),
                    "id": finding.record.map(|id| id.to_string()),
                    "what": finding.what,
                })
            })
            .collect();
        let Looked { holders, alias_accounts } = looked;
        json!({"holders": holders, "aliasAccounts": alias_accounts, "faults": self.count, "findings": findings})
            .to_string()
            + "\n"
    }

    fn text(&self, looked: Looked) -> String {
        let line = |finding: &Finding| {
            let or_dash = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
            let organization = or_dash(finding.organization.map(|id| id.to_string()));
            let record = or_dash(finding.record.map(|id| id.to_string()));
            format!("{:<14}  {organization:<36}  {record:<36}  {}\n", finding.collection, finding.what)
        };
        let mut text: String = self.findings.iter().map(line).collect();
        if self.count > self.findings.len() {
            text += &format!("… and {} more\n", self.count - self.findings.len());
        }
        let Looked { holders, alias_accounts } = looked;
        text + &format!("{holders} holders, {alias_accounts} alias accounts, {} faults\n", self.count)
    }
}

impl Witness for Told {
    fn looked(&mut self, records: u64) {
        self.bar.inc(records);
    }

    fn found(&mut self, finding: Finding) {
        self.count += 1;
        if self.findings.len() < PRINTED_MAX {
            self.findings.push(finding);
        }
    }
}

fn say(text: &str) -> Result<(), Failure> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::because("printing the result", error))
}
