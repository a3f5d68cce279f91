//! `holdergraph migrate`: brings a store up to date before servers of this release start on it.

use super::failure::Failure;
use super::runtime::to_the_end;
use crate::config::operator::{OperatorConfig, StoreFlags};
use crate::config::process_environment;
use crate::config::store::Store;
use crate::store::Outstanding;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::Write;
use std::time::Duration;

/// What is to be migrated.
#[derive(Args)]
#[command(after_help = "\
Indexes are made and an older layout is brought up to date. `serve` does the same when it starts; before a rolling \
update of many servers it is done once, by this command. Several at once do it once: the others wait. Of MongoDB, \
servers may run meanwhile; of the embedded store, none. The keys are not needed.

Exit codes: 0 all is up to date; 3 --check found something to do; 2 settings; 1 it could not be done.

Examples:
  MONGO_URI_FILE=/run/secrets/mongo holdergraph migrate    before an update
  holdergraph migrate --check                              what would be done; nothing is written
  holdergraph migrate --check --json | jq .steps           for scripts: one JSON object")]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: StoreFlags,
    /// Only say what would be done
    #[arg(long)]
    check: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Runs it to its end.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let store = OperatorConfig::store(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    to_the_end(async {
        if arguments.check {
            check(&store, arguments.json).await
        } else {
            migrate(&store, arguments.json).await
        }
    })
}

async fn check(store: &Store, as_json: bool) -> Result<(), Failure> {
    let outstanding = match &store.mongo {
        Some(mongo) => MongoStore::outstanding(&mongo.connection()).await.map_err(failed)?,
        None => SqliteStore::outstanding(&store.data_dir).map_err(failed)?,
    };
    let Outstanding { steps, wrong } = &outstanding;
    say(&if as_json {
        json!({"store": name(store), "steps": steps, "wrong": wrong}).to_string() + "\n"
    } else if outstanding.is_nothing() {
        "nothing to do\n".to_owned()
    } else {
        steps.iter().chain(wrong).map(|line| format!("{line}\n")).collect()
    })?;
    if outstanding.is_nothing() {
        return Ok(());
    }
    let remedy =
        if wrong.is_empty() { "`holdergraph migrate` does them" } else { "look at the indexes named first" };
    Err(Failure::Found(format!("{} steps are to be done: {remedy}", steps.len() + wrong.len())))
}

async fn migrate(store: &Store, as_json: bool) -> Result<(), Failure> {
    let done = match &store.mongo {
        Some(mongo) => {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar.set_message("looking, or waiting for another process that migrates");
            let done = MongoStore::migrate(&mongo.connection(), &|step| bar.set_message(step)).await;
            bar.finish_and_clear();
            done.map_err(failed)?
        }
        None => SqliteStore::migrate(&store.data_dir).map_err(failed)?,
    };
    say(&if as_json {
        json!({"store": name(store), "done": done}).to_string() + "\n"
    } else if done.is_empty() {
        "nothing to do\n".to_owned()
    } else {
        done.iter().map(|step| format!("done: {step}\n")).collect()
    })
}

fn name(store: &Store) -> &'static str {
    if store.mongo.is_some() { "mongodb" } else { "sqlite" }
}

fn failed(why: impl std::fmt::Display) -> Failure {
    Failure::because("migrating the store", why)
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::because("printing the result", error))
}
