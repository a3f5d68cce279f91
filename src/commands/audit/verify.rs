//! `holdergraph audit verify`: proves every chain.

use super::super::failure::Failure;
use super::super::sandbox::sandbox_keys;
use super::super::service::{foreign_audit_key, judge_audit_key, trail_key};
use super::super::stores;
use super::told::Told;
use super::{organization, unreadable};
use crate::audit::key::{CHECK_ID, TrailKey};
use crate::audit::verify::{Anchor, Verify};
use crate::config::operator::{OperatorConfig, TrailConfig, TrailFlags};
use crate::config::process_environment;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use crate::registry::ports::inspection::Inspection;
use crate::store::Role;
use clap::Args;
use std::ffi::OsString;
use std::time::Duration;

/// What is to be proven.
#[derive(Args)]
#[command(after_help = "\
Of every organization's chain: the proof of its checkpoint, numbers without gaps, every HMAC, times that never go back, \
and that links are found by what their entries say; that every anchor is met; and that no entry has waited for the \
trail for longer than --lag. The first bad link of a chain is named. Nothing is changed, a server may run meanwhile, and \
AUDIT_SECRET_KEY is the only key that is needed; in a sandbox's folder the sandbox's own is found there.

Without an anchor from outside of the store nobody can tell that the newest links were cut off. Servers log the head of \
each chain that moves, once a minute; the field `anchor` of that line is what --anchor takes. Whoever has the audit key \
can forge all of it.

Exit codes: 0 all is proven; 3 something was found; 2 settings; 1 the store could not be read.

Examples:
  holdergraph audit verify                                       the store in ./data
  MONGO_URI_FILE=/run/secrets/mongo AUDIT_SECRET_KEY_FILE=/run/secrets/audit holdergraph audit verify
  holdergraph audit verify --anchor \"$(jq -r 'select(.anchor) | .anchor' server.log | tail -n 1)\"
  holdergraph audit verify --json | jq .findings                 for scripts: one JSON object")]
pub(in crate::commands) struct Arguments {
    #[command(flatten)]
    flags: TrailFlags,
    /// A link as it was noted outside of the store, as the log has it; may be given several times
    #[arg(long, value_name = "ORGANIZATION:NUMBER:HMAC")]
    anchor: Vec<Anchor>,
    /// Prove this organization's chain alone
    #[arg(long, value_name = "ID", value_parser = organization)]
    organization: Option<OrganizationId>,
    /// No entry may have waited for longer
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = lag)]
    lag: Duration,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn lag(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "is no duration: write a number with its unit, for example 60s or 5m".to_owned())
}

/// Runs it to its end.
pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let foreign = |anchor: &&Anchor| arguments.organization.is_some_and(|only| only != anchor.organization);
    if let Some(anchor) = arguments.anchor.iter().find(foreign) {
        return Err(Failure::Other(format!(
            "--anchor {anchor} is of another organization than --organization: leave one of them out"
        )));
    }
    let own = OperatorConfig::data_dir(&arguments.flags, process_environment);
    let own = own.and_then(|dir| sandbox_keys(&dir));
    let environment = |name: &str| {
        process_environment(name).or_else(|| own.as_ref().and_then(|keys| keys.get(name)).map(OsString::from))
    };
    let config =
        TrailConfig::load(&arguments.flags, environment, judge_audit_key).map_err(Failure::Settings)?;
    let key = trail_key(&config.key)?;
    let opened = stores::open(&config.store, Role::Operator).await?;
    compare(&key, &*opened.inspection).await?;
    let verify = Verify {
        store: &*opened.audit,
        key: &key,
        anchors: &arguments.anchor,
        only: arguments.organization,
        lag: arguments.lag,
        now: Timestamp::now(),
    };
    let mut told = Told::new();
    let looked = verify.run(&mut told).await;
    told.bar.finish_and_clear();
    let looked = looked.map_err(unreadable)?;
    told.say(looked, arguments.json)?;
    match told.count {
        0 => Ok(()),
        count => Err(Failure::Found(format!(
            "the audit trail is not proven, {count} faults: keep a copy of the store and of the servers' logs as they are now"
        ))),
    }
}

/// As a server does when it starts, but nothing is written.
async fn compare(key: &TrailKey, store: &dyn Inspection) -> Result<(), Failure> {
    let known = store.key_checks().await;
    let known = known.map_err(|error| Failure::because("comparing the audit key with the store", error))?;
    let check = key.check();
    match known.iter().find(|known| known.id.0 == CHECK_ID) {
        Some(known) if *known != check => Err(foreign_audit_key()),
        _ => Ok(()),
    }
}
