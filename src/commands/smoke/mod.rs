//! `holdergraph smoke`: the main job against a running service, as one of its clients does it, and everything erased
//! again.

mod erase;
mod flow;
mod operations;
mod service;
mod told;

use super::failure::Failure;
use super::runtime::to_the_end;
use crate::config::command::SmokeFlags;
use crate::config::process_environment;
use crate::config::smoke::SmokeConfig;
use crate::http::shutdown::signals;
use clap::Args;
use flow::Flow;
use service::Service;
use std::io::Write;
use told::Told;

/// Which service is tried, and as whom.
#[derive(Args)]
#[command(after_help = "\
Asks whether the service is alive and which version it is, creates a holder of an invented name and document, links the \
account (with --ledger and --account; the link must be VERIFIED), reads both by one query, and erases both again: also \
where a step has failed, and on Ctrl+C. Where the token has no `purge` they are archived instead, which is said and is \
no failure. Names of operations begin with Smoke, and each holder's external id with `holdergraph-smoke-`.

The token is never printed, and neither is anything of a record but its id. Under TRUSTED_DOCUMENTS=enforce the \
service must know the operations: --manifest prints them.

Exit codes: 0 all went well; 1 something did not, or something is left behind that could not be deleted; 2 settings.

Examples:
  holdergraph smoke --url https://holdergraph:4003 --ca-file ca.pem --token-file token \\
    --organization 01a20a34-95ae-74da-bded-eb65d1d4a5f0
  … --ledger 01a20a34-95ae-74da-bded-eb65d1d4a5f1 --account 01a20a34-95ae-74da-bded-eb66473fbd1c
                                                      the whole flow, with an account that is kept free for it
  SMOKE_TOKEN_FILE=/run/secrets/token holdergraph smoke --json …
                                                      for scripts: one JSON object a line, the last one sums up
  holdergraph smoke --manifest > trusted/smoke.json   what TRUSTED_DOCUMENTS_FILE needs for it")]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: SmokeFlags,
    /// Print one line of JSON for each step, and one that sums up
    #[arg(long)]
    json: bool,
    /// Only print the manifest of the operations
    #[arg(long)]
    manifest: bool,
}

/// Runs it to its end.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.manifest {
        let printed = std::io::stdout().write_all(operations::manifest().as_bytes());
        return printed.map_err(|error| Failure::because("printing the manifest", error));
    }
    to_the_end(smoke(arguments))
}

async fn smoke(arguments: &Arguments) -> Result<(), Failure> {
    let config = SmokeConfig::load(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    let account = config.account;
    let service = Service::new(config)
        .map_err(|error| Failure::because("preparing the client of the service", error))?;
    let stop = signals().map_err(|error| Failure::because("listening for signals", error))?;
    let mut flow = Flow::new(&service, account, Told::new(arguments.json));
    tokio::select! {
        () = flow.make_and_read() => {}
        () = stop => flow.interrupted(),
    }
    flow.erase().await.ends()
}
