//! `holdergraph audit report`: who did what to which record in a time.

use super::super::failure::Failure;
use super::super::stores;
use super::period::Period;
use super::table::{as_json, as_text};
use super::{organization, unreadable};
use crate::audit::report::{By, Report};
use crate::audit::walk::{WalkError, each_link};
use crate::config::operator::{OperatorConfig, StoreFlags};
use crate::config::process_environment;
use crate::domain::ids::{OrganizationId, parse_uuid};
use crate::registry::ports::audit::TrailFilter;
use crate::store::Role;
use clap::{Args, ValueEnum};
use std::io::Write;
use uuid::Uuid;

/// What is counted.
#[derive(Args)]
#[command(after_help = "\
One row for each pair of a subject and a record: how often the subject was answered personal data of it in clear, how \
often they changed it, how often they were refused, which fields, and when first and last. A row without a record stands \
for what told of no record, and for records that one answer held beyond the 100 that an entry names: they are counted as \
unnamed. No key is needed; whether the trail is genuine is what `audit verify` says.

Exit codes: 0 all was counted; 2 settings; 1 the store could not be read, or there are too many pairs.

Examples:
  holdergraph audit report --by record --from 2026-03-01 --to 2026-04-01      who read whom in March
  holdergraph audit report --by subject --subject acme/maria --from 2026-03-01 --to 2026-04-01
  holdergraph audit report --by record --record 0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b
  holdergraph audit report --by subject --json | jq '.rows[] | select(.reads > 1000)'")]
pub(in crate::commands) struct Arguments {
    #[command(flatten)]
    flags: StoreFlags,
    /// What the rows are put together by
    #[arg(long)]
    by: Order,
    #[command(flatten)]
    period: Period,
    /// Of this subject alone: a person's owner/sub, an application's id, operator/…, system/…
    #[arg(long, value_name = "SUBJECT")]
    subject: Option<String>,
    /// Of this holder or alias account alone
    #[arg(long, value_name = "ID", value_parser = record)]
    record: Option<Uuid>,
    /// Of this organization alone
    #[arg(long, value_name = "ID", value_parser = organization)]
    organization: Option<OrganizationId>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// By what the rows are put together.
#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// One subject after the other, each with their records
    Subject,
    /// One record after the other, each with its subjects
    Record,
}

fn record(text: &str) -> Result<Uuid, String> {
    parse_uuid(text).ok_or_else(|| "is no record's id: write its UUID of 36 characters".to_owned())
}

/// Runs it to its end.
pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (from, to) = arguments.period.checked()?;
    let settings = OperatorConfig::store(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    let store = stores::open(&settings, Role::Operator).await?.audit;
    let filter = TrailFilter {
        subject: arguments.subject.clone(),
        record: arguments.record,
        from,
        to,
        ..TrailFilter::default()
    };
    let (mut report, mut entries) = (Report::of(arguments.record), 0);
    let mut count = |organization, link: &_| {
        entries += 1;
        report.count(organization, link)
    };
    each_link(&*store, arguments.organization, &filter, &mut count).await.map_err(|error| match error {
        WalkError::Store(error) => unreadable(error),
        WalkError::Seen(error) => Failure::Other(error.to_string()),
    })?;
    let by = match arguments.by {
        Order::Subject => By::Subject,
        Order::Record => By::Record,
    };
    let rows = report.rows(by);
    let text = if arguments.json { as_json(&rows, entries) } else { as_text(&rows, by, entries) };
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::because("printing the report", error))
}
