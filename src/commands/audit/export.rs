//! `holdergraph audit export`: entries of a time as JSON lines.

use super::super::failure::Failure;
use super::super::stores;
use super::period::Period;
use super::{organization, unreadable};
use crate::audit::ecs;
use crate::audit::walk::{WalkError, each_link};
use crate::config::operator::{OperatorConfig, StoreFlags};
use crate::config::process_environment;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::TrailFilter;
use crate::store::Role;
use clap::Args;
use std::io::{BufWriter, Write};

/// Which entries are printed.
#[derive(Args)]
#[command(after_help = "\
One JSON object a line on standard output, in the Elastic Common Schema: one organization after the other, each by when \
it happened. Entries that wait for the trail still (a second, as a rule) are not among them. It is read in pages, so its \
memory stays the same however much there is. No key is needed; whether the trail is genuine is what `audit verify` says.

Exit codes: 0 all was printed; 2 settings; 1 the store could not be read, or nobody took the lines.

Examples:
  holdergraph audit export --from 2026-03-01 --to 2026-04-01 > march.ndjson
  holdergraph audit export --from 2026-03-01T08:00:00-03:00 --organization 0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b
  holdergraph audit export | jq -r 'select(.event.outcome == \"failure\") | .message'")]
pub(in crate::commands) struct Arguments {
    #[command(flatten)]
    flags: StoreFlags,
    #[command(flatten)]
    period: Period,
    /// Of this organization alone
    #[arg(long, value_name = "ID", value_parser = organization)]
    organization: Option<OrganizationId>,
}

/// Runs it to its end.
pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (from, to) = arguments.period.checked()?;
    let settings = OperatorConfig::store(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    let store = stores::open(&settings, Role::Operator).await?.audit;
    let filter = TrailFilter { from, to, ..TrailFilter::default() };
    let mut out = BufWriter::new(std::io::stdout());
    let mut print = |organization, link: &_| out.write_all(ecs::line(organization, link).as_bytes());
    let printed = each_link(&*store, arguments.organization, &filter, &mut print).await;
    let unwritten = |error| Failure::because("printing the entries", error);
    match printed {
        Ok(()) => out.flush().map_err(unwritten),
        Err(WalkError::Store(error)) => Err(unreadable(error)),
        Err(WalkError::Seen(error)) => Err(unwritten(error)),
    }
}
