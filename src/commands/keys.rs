//! `holdergraph keys …`.

use super::failure::Failure;
use crate::seal;
use clap::Subcommand;
use std::io::Write;

/// What to do with keys.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a fresh set of keys and print it
    #[command(after_help = "\
Keep them where secrets are kept: without them no record can ever be read again, and whoever has them and the store \
reads everything. Whoever has AUDIT_SECRET_KEY can forge the audit trail. They are printed once and stored nowhere.

Examples:
  holdergraph keys generate                  three lines for an environment file
  holdergraph keys generate --json           the same for scripts
  holdergraph keys generate | kubectl create secret generic holdergraph-keys --from-env-file=/dev/stdin")]
    Generate {
        /// One line of JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs it.
pub(super) fn run(command: &Command) -> Result<(), Failure> {
    let Command::Generate { json } = command;
    let keys = seal::generate().map_err(|error| Failure::because("making keys", error))?;
    let text = if *json {
        let object: serde_json::Map<_, _> =
            keys.expose().into_iter().map(|(name, key)| (name.to_owned(), key.into())).collect();
        serde_json::Value::Object(object).to_string() + "\n"
    } else {
        keys.expose().into_iter().map(|(name, key)| format!("{name}={key}\n")).collect()
    };
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::because("writing the keys", error))
}
