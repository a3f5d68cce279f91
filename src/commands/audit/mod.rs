//! `holdergraph audit …`: the trail proven and read, by an operator and without Access Manager.

mod export;
mod period;
mod report;
mod table;
mod told;
mod verify;

use super::failure::Failure;
use super::runtime::to_the_end;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::store::StoreError;
use clap::Subcommand;

/// What is to be done with the trail.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Walk every chain and prove that nothing in it was changed, removed or left out
    Verify(verify::Arguments),
    /// Print the entries of a time as JSON lines in the Elastic Common Schema
    Export(export::Arguments),
    /// Count who did what to which record in a time
    Report(report::Arguments),
}

/// Runs it to its end.
pub(super) fn run(command: &Command) -> Result<(), Failure> {
    to_the_end(async {
        match command {
            Command::Verify(arguments) => verify::run(arguments).await,
            Command::Export(arguments) => export::run(arguments).await,
            Command::Report(arguments) => report::run(arguments).await,
        }
    })
}

/// An organization's id on the command line.
fn organization(text: &str) -> Result<OrganizationId, String> {
    OrganizationId::parse(text)
        .ok_or_else(|| "is no organization's id: write its UUID of 36 characters".to_owned())
}

fn unreadable(error: StoreError) -> Failure {
    Failure::because("reading the audit trail", error)
}
