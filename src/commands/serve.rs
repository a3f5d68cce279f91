//! `holdergraph serve`: the production entry.

use super::api::api;
use super::failure::Failure;
use super::runtime::until_told;
use super::service::{Extras, Service, Told, judge_keys, parts};
use crate::config::flags::Flags;
use crate::config::{Config, process_environment};
use crate::telemetry::logs::LogControl;
use crate::telemetry::{logs, metrics};

/// Checks every setting before anything is opened, then serves until the process is told to leave.
pub(super) fn run(flags: &Flags) -> Result<(), Failure> {
    let config = Config::load(flags, process_environment, judge_keys).map_err(Failure::Settings)?;
    let logs = logs::start(&config.logging.levels, config.logging.format())
        .map_err(|error| Failure::because("starting the log", error))?;
    until_told(serve(&config, logs))
}

async fn serve(config: &Config, logs: LogControl) -> Result<(), Failure> {
    let metrics = metrics::install().map_err(|error| Failure::because("starting the metrics", error))?;
    let api = api(config)?;
    let parts = parts(config).await?;
    Service::bind(config, api, parts, Told { metrics, logs }, Extras::default()).await?.run().await
}
