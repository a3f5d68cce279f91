//! The command line: which command, nothing else.

mod api;
mod audit;
mod check;
mod copy;
mod failure;
mod health;
mod keys;
mod links;
mod migrate;
mod operator;
mod runtime;
mod sandbox;
mod schema;
mod serve;
mod service;
mod smoke;
mod stores;
mod trail;
mod upstreams;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Internal GraphQL API over the people behind a ledger's accounts.
#[derive(Parser)]
#[command(name = "holdergraph", version, after_help = EXAMPLES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  holdergraph sandbox                   try everything on this machine, with nothing to set up
  holdergraph keys generate             make the keys that serve needs
  holdergraph serve --help              every setting, with its default and meaning
  holdergraph schema > schema.graphql   the API, for code generators
  holdergraph health --ready            whether the server of this machine should get requests
  holdergraph smoke --help              try a running service as one of its clients
  holdergraph check                     prove that every record of a store is what it should be
  holdergraph migrate --check           what has to be done to a store before this release can use it
  holdergraph links verify              ask the ledger whether every linked account is still what it was
  holdergraph audit verify              prove that nobody has changed the audit trail";

#[derive(Subcommand)]
enum Command {
    /// Serve the API: the production entry
    Serve(Box<crate::config::flags::Flags>),
    /// Try the service with an Access Manager and a ledger of its own, on loopback
    Sandbox(sandbox::Arguments),
    /// Print the GraphQL schema
    Schema(schema::Arguments),
    /// Ask the server of this machine whether it is alive, or ready
    Health(health::Arguments),
    /// Try the main job on a running service, as one of its clients, and erase it again
    Smoke(Box<smoke::Arguments>),
    /// Walk a store and prove that its records, claims and search tokens are what they should be
    Check(check::Arguments),
    /// Make indexes and bring a store of an earlier release up to date
    Migrate(migrate::Arguments),
    /// Move an embedded store into MongoDB, and prove that all of it arrived
    Copy(copy::Arguments),
    /// Look after the links from alias accounts to accounts of the ledger
    Links {
        #[command(subcommand)]
        command: Box<links::Command>,
    },
    /// Prove the audit trail, and read what it tells
    Audit {
        #[command(subcommand)]
        command: Box<audit::Command>,
    },
    /// Make master keys
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
}

/// Runs the command of this process's arguments.
pub fn main() -> ExitCode {
    crate::telemetry::panics::install();
    let ended = match CommandLine::parse().command {
        Command::Serve(flags) => serve::run(&flags),
        Command::Sandbox(arguments) => sandbox::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Health(arguments) => health::run(&arguments),
        Command::Smoke(arguments) => smoke::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Copy(arguments) => copy::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Links { command } => links::run(&command),
        Command::Audit { command } => audit::run(&command),
        Command::Keys { command } => keys::run(&command),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}
