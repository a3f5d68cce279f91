//! What records take: fills an embedded store with people who do not exist, and measures a store.
//! `cargo run --release --example sizing -- --help`
//!
//! Everything is real but Access Manager, which allows all, and the ledger, which knows every account: rules, sealing,
//! claims, tokens and the store.

mod fill;
#[path = "../people/generator/mod.rs"]
mod generator;
mod ledger;
mod measure;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// What records take.
#[derive(Parser)]
#[command(name = "sizing", after_help = EXAMPLES)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill a new embedded store with people who do not exist
    Fill(fill::Options),
    /// Print what each table, collection and index of a store takes, as a table in Markdown
    Measure {
        /// `sqlite://DIRECTORY`, or `mongodb://HOST:PORT/DATABASE`
        store: String,
    },
}

const EXAMPLES: &str = "\
Examples:
  cargo run --release --example sizing -- fill --data-dir /tmp/large
  cargo run --release --example sizing -- fill --data-dir /tmp/larger --holders 1000000
  cargo run --release --example sizing -- measure sqlite:///tmp/large
  holdergraph copy --from sqlite:///tmp/large --to mongodb://127.0.0.1/large --deployment-mode local
  cargo run --release --example sizing -- measure mongodb://127.0.0.1/large";

#[tokio::main]
async fn main() -> ExitCode {
    let end = match Options::parse().command {
        Command::Fill(options) => fill::fill(&options).await,
        Command::Measure { store } => measure::measure(&store).await,
    };
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("sizing: {why}");
            ExitCode::FAILURE
        }
    }
}
