//! `holdergraph copy`: moves an embedded store into MongoDB, and proves that it arrived.

use super::failure::Failure;
use super::runtime::to_the_end;
use crate::config::operator::{DatabaseFlags, OperatorConfig};
use crate::config::process_environment;
use crate::domain::time::Timestamp;
use crate::registry::copy::{CopyError, Digest, Progress, Proof, Stage, copy};
use crate::store::Role;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

/// What is to be moved, and where to.
#[derive(Args)]
#[command(after_help = "\
All records move as they are: ids, versions, times, sealed data, claims and search tokens; with them the idempotency \
keys that are remembered and the entries that wait for the audit trail. The keys of the store stay the same and are \
not needed here. Stop the server of the embedded store first. The database must be empty; nothing is served from it \
until the copy has ended well. A copy that broke off is begun again by the same command.

At the end the database is read again: counts and digests of both stores must be the same.

Exit codes: 0 all of it arrived; 3 it did not; 2 settings; 1 a store could not be read or written.

Examples:
  holdergraph copy --from sqlite:///var/lib/holdergraph --to mongodb://db.internal/?tls=true --mongo-name crm
  MONGO_URI_FILE=/run/secrets/mongo holdergraph copy --from sqlite://./data    a password stays off the command line
  holdergraph copy --from sqlite://./data --to mongodb://127.0.0.1 --deployment-mode local --json | jq .holders")]
pub(super) struct Arguments {
    /// The embedded store, by the directory of its files (DATA_DIR)
    #[arg(long, value_name = "sqlite://DIRECTORY")]
    from: String,
    /// The database's connection string; without it, MONGO_URI or MONGO_URI_FILE
    #[arg(long, value_name = "mongodb://…")]
    to: Option<String>,
    #[command(flatten)]
    flags: DatabaseFlags,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Runs it to its end.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    to_the_end(moved(arguments))
}

async fn moved(arguments: &Arguments) -> Result<(), Failure> {
    let Some(from) = arguments.from.strip_prefix("sqlite://").filter(|path| !path.is_empty()) else {
        return Err(Failure::Other(
            "--from names no embedded store: write sqlite:// and the directory of its files, for example \
             sqlite:///var/lib/holdergraph or sqlite://./data"
                .to_owned(),
        ));
    };
    if arguments.to.as_ref().is_some_and(|to| !to.starts_with("mongodb")) {
        return Err(Failure::Other(
            "--to names no MongoDB: write its connection string, for example mongodb://db.internal/?tls=true"
                .to_owned(),
        ));
    }
    let environment = |name: &str| match name {
        "MONGO_URI" => arguments.to.clone().map(OsString::from).or_else(|| process_environment(name)),
        _ => process_environment(name),
    };
    let settings = OperatorConfig::store(&arguments.flags, environment).map_err(Failure::Settings)?;
    let Some(mongo) = settings.mongo else {
        return Err(Failure::Other("no database is named: give --to, or set MONGO_URI".to_owned()));
    };
    let opening = |error| Failure::because("opening the embedded store", error);
    let from = PathBuf::from(from);
    if !from.join("holdergraph.db").exists() {
        return Err(Failure::Other(format!(
            "{} holds no embedded store: name the directory that its server had as DATA_DIR",
            from.display()
        )));
    }
    // As its server: so no other one can write to it meanwhile.
    let source = SqliteStore::open(&from, Role::Server).map_err(opening)?;
    let target = MongoStore::connect_to_fill(&mongo.connection()).await;
    let target = target.map_err(|error| Failure::because("opening the database", error))?;
    let mut told = Told { bar: ProgressBar::hidden() };
    let ended = copy(&source, &target, Timestamp::now(), &mut told).await;
    told.bar.finish_and_clear();
    match ended {
        Ok(proof) => say(&if arguments.json { as_json(&proof) } else { as_text(&proof) }),
        Err(CopyError::Store(error)) => Err(Failure::because("copying", error)),
        Err(CopyError::Different { copied, found }) => {
            say(&format!("copied:\n{}found:\n{}", as_text(&copied), as_text(&found)))?;
            let told = CopyError::Different { copied, found }.to_string();
            Err(Failure::Found(told))
        }
        Err(incomplete) => Err(Failure::Found(incomplete.to_string())),
    }
}

/// A progress bar on a terminal.
struct Told {
    bar: ProgressBar,
}

impl Progress for Told {
    fn begins(&mut self, stage: Stage, records: u64) {
        let name = match stage {
            Stage::Copying => "copying",
            Stage::Proving => "proving",
        };
        let template = format!("{name}  {{bar:40}} {{pos}}/{{len}} records  {{per_sec}}  {{eta}} left");
        self.bar.finish_and_clear();
        self.bar = ProgressBar::new(records);
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style);
        }
    }

    fn done(&mut self, records: u64) {
        self.bar.inc(records);
    }
}

fn parts(proof: &Proof) -> [(&'static str, &'static str, &Digest); 6] {
    [
        ("holders", "holders", &proof.holders),
        ("alias accounts", "aliasAccounts", &proof.alias_accounts),
        ("operations", "operations", &proof.operations),
        ("audit entries", "auditEntries", &proof.entries),
        ("audit links", "auditLinks", &proof.links),
        ("checkpoints", "checkpoints", &proof.checkpoints),
    ]
}

fn as_text(proof: &Proof) -> String {
    let line =
        |(name, _, digest): (&str, &str, &Digest)| format!("{:>12} {name:<15} {digest}\n", digest.count());
    parts(proof).into_iter().map(line).collect()
}

fn as_json(proof: &Proof) -> String {
    let part = |(_, name, digest): (&str, &'static str, &Digest)| {
        (name, json!({"count": digest.count(), "digest": digest.to_string()}))
    };
    let parts: serde_json::Map<_, _> =
        parts(proof).into_iter().map(part).map(|(name, value)| (name.to_owned(), value)).collect();
    serde_json::Value::Object(parts).to_string() + "\n"
}

fn say(text: &str) -> Result<(), Failure> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::because("printing the result", error))
}
