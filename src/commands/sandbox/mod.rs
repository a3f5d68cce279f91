//! `holdergraph sandbox`: the service with an Access Manager and a ledger of its own, on loopback.

mod environment;
mod files;
mod tabs;
mod welcome;

pub(super) use files::sandbox_keys;

use super::api::api;
use super::failure::Failure;
use super::runtime::until_told;
use super::service::{Extras, Service, Told, judge_keys, parts};
use crate::config::Config;
use crate::config::faults::Faults;
use crate::config::flags::Flags;
use crate::sandbox::{Running, World, start_access_manager, start_ledger};
use crate::telemetry::{logs, metrics};
use clap::Args;
use environment::Environment;
use std::io::{IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// What the sandbox may be told.
#[derive(Args)]
#[command(after_help = "\
Data, keys and tokens are kept in DATA_DIR and survive a restart. Requests are served on loopback only. From the \
environment the limits, logging and metadata settings of `serve` hold here too (LOG_LEVEL, METADATA_GUARD, …); keys, \
upstreams, DEPLOYMENT_MODE and GRAPHIQL_ENABLED are the sandbox's own.

Examples:
  holdergraph sandbox                                  on port 4003
  SERVER_ADDRESS=127.0.0.1:0 holdergraph sandbox       on a free port
  holdergraph sandbox --fresh                          forget everything and start over
  holdergraph sandbox --json > sandbox.json &          for scripts: the first line tells all")]
pub(super) struct Arguments {
    /// Where data, keys and tokens are kept
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    data_dir: PathBuf,
    /// Where requests are served; port 0 takes a free one
    #[arg(long, env = "SERVER_ADDRESS", default_value = "127.0.0.1:4003")]
    server_address: String,
    /// Where metrics are served; port 0 takes a free one
    #[arg(long, env = "OPS_ADDRESS", default_value = "127.0.0.1:9103")]
    ops_address: String,
    /// Erase what an earlier sandbox left in DATA_DIR, and start over
    #[arg(long)]
    fresh: bool,
    /// Print one line of JSON first, for scripts, instead of the welcome
    #[arg(long)]
    json: bool,
}

/// Runs until the process is told to leave.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    until_told(sandbox(arguments))
}

async fn sandbox(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.fresh {
        files::erase(&arguments.data_dir).await?;
    }
    let keys = files::keys(&arguments.data_dir)?;
    let world = World::load_or_create(&arguments.data_dir)
        .map_err(|error| Failure::because("preparing the sandbox's organizations", error))?;
    let world = Arc::new(world);
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let started = |error| Failure::because("starting the sandbox's own servers", error);
    let access_manager = start_access_manager(world.clone(), loopback).await.map_err(started)?;
    let ledger = start_ledger(world.clone(), loopback).await.map_err(started)?;

    let application = world.application();
    let environment =
        Environment { arguments, keys: &keys, application, access_manager: &access_manager, ledger: &ledger };
    let config = Config::load(&Flags::default(), |name| environment.get(name), judge_keys)
        .map_err(Failure::Settings)?;
    if !config.server.address.candidates().iter().all(|address| address.ip().is_loopback()) {
        let mut faults = Faults::default();
        let wrong = "the sandbox's page carries tokens, so it listens on loopback only";
        faults.push("SERVER_ADDRESS", wrong, "set an address such as 127.0.0.1:4003");
        return Err(Failure::Settings(faults));
    }
    let logs = logs::start(&config.logging.levels, config.logging.format())
        .map_err(|error| Failure::because("starting the log", error))?;
    let metrics = metrics::install().map_err(|error| Failure::because("starting the metrics", error))?;
    let api = api(&config)?;
    let parts = parts(&config).await?;
    let registry = parts.registry.clone();
    let tabs = Some(tabs::tabs(world.clone(), registry.clone()));
    let service =
        Service::bind(&config, api, parts, Told { metrics, logs }, Extras { open_introspection: true, tabs })
            .await?;
    let running =
        welcome::Facts { world: &world, service: &service, access_manager: &access_manager, ledger: &ledger };
    say(&if arguments.json { running.json()? } else { running.text(&registry).await? })?;
    let ended = service.run().await;
    stop(access_manager, ledger).await;
    ended
}

async fn stop(access_manager: Running, ledger: Running) {
    access_manager.stop().await;
    ledger.stop().await;
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::because("printing the welcome", error))
}

/// Whether colours may be used.
fn is_terminal() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
