//! Prints people who do not exist, to fill a holdergraph with: `cargo run --example people -- --help`.

mod generator;

use clap::Parser;
use generator::{People, Person};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// People who do not exist, of many countries and scripts, as input for createHolder, onboardHolder and
/// createAliasAccount. The same seed prints the same people, for ever and on every machine.
#[derive(Parser)]
#[command(name = "people", after_help = EXAMPLES)]
struct Options {
    /// Which people: any number up to 2^64-1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many people; no two of one seed have the same document
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    count: usize,
    /// Leave out so many of the seed's first people
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    skip: usize,
    /// Leave out the alias accounts: each line is {"holder": …}
    #[arg(long)]
    holders_only: bool,
    /// Print one JSON array instead of one object a line
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Each line is {\"holder\": …, \"aliasAccounts\": [ … ]}: a CreateHolderInput, and
OnboardAliasAccountInputs to which the ledger's ids are to be added.

Examples:
  cargo run --example people -- --seed 7 --count 3
  cargo run --example people -- --seed 7 --count 1000 --holders-only > holders.jsonl
  cargo run --example people -- --seed 7 --skip 1000 --count 1000 >> holders.jsonl
  cargo run --example people -- --count 2 --json | jq '.[].holder.name'";

fn main() -> ExitCode {
    match print(&Options::parse(), BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("people: could not print: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(options: &Options, mut out: impl Write) -> io::Result<()> {
    let people = People::new(options.seed).skip(options.skip).take(options.count);
    for (index, person) in people.enumerate() {
        if options.json {
            write!(out, "{}", if index == 0 { "[\n" } else { ",\n" })?;
        }
        write!(out, "{}", told(person, options.holders_only))?;
        if !options.json {
            writeln!(out)?;
        }
    }
    if options.json {
        writeln!(out, "{}", if options.count == 0 { "[]" } else { "\n]" })?;
    }
    out.flush()
}

fn told(person: Person, holder_only: bool) -> Value {
    let Person { holder, alias_accounts } = person;
    if holder_only {
        json!({ "holder": holder })
    } else {
        json!({ "holder": holder, "aliasAccounts": alias_accounts })
    }
}
