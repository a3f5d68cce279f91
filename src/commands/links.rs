//! `holdergraph links verify`: asks the ledger about every link and records what it says.

mod told;

use super::failure::Failure;
use super::operator::Operator;
use super::runtime::to_the_end;
use super::stores::{self, Opened};
use super::upstreams::{self, OfCommand};
use crate::config::operator::{LinksConfig, LinksFlags};
use crate::config::process_environment;
use crate::domain::time::Timestamp;
use crate::http::shutdown::signals;
use crate::ledger;
use crate::registry::links::{Ending, Links, Pace, Patience, Taken, WalkError, Walking};
use crate::registry::ports::link_walk::{Tally, WalkKind};
use crate::registry::ports::store::StoreError;
use crate::reload::{LOOK_EVERY, keep_fresh};
use crate::store::Role;
use clap::{Args, Subcommand};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use told::{End, Told};
use uuid::Uuid;

/// What is to be done with links.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Ask the ledger about the account of every live alias account, and record what it says
    Verify(Arguments),
}

/// How all links are verified.
#[derive(Args)]
#[command(after_help = "\
Every live alias account of all organizations is looked at: its link becomes VERIFIED, BLOCKED, NOT_FOUND (also where \
the account is deleted) or MISMATCH (external, or another holder's), with the time of the check; its version stays. \
Where the ledger gives no answer the link stays as it was. What changed is printed by ids alone. A server may run \
meanwhile; the keys are not needed.

Ctrl+C and SIGTERM stop it after the links that it is at. A run that was interrupted, or killed, goes on where it \
stopped when the same command is given again; what was printed before is not printed again, the counts are those of \
the whole walk.

The ledger is asked with the service's own token, so MIDAZ_CLIENT_ID and its secret are needed.

Exit codes: 0 no link is broken; 3 some are (BLOCKED, NOT_FOUND or MISMATCH, since now or before); 2 settings; 1 the \
store or the ledger could not be asked to the end.

Examples:
  holdergraph links verify                                    with the settings of `serve`
  holdergraph links verify --rate 200 --as maria.souza        faster, and with a name for the audit trail
  holdergraph links verify --json | jq .broken                for scripts: one JSON object
  DATA_DIR=./data DEPLOYMENT_MODE=local PLUGIN_AUTH_ADDRESS=http://127.0.0.1:36679 \\
    MIDAZ_LEDGER_URL=http://127.0.0.1:35597 MIDAZ_CLIENT_ID=… MIDAZ_CLIENT_SECRET=… holdergraph links verify
                                                              beside a sandbox, which prints all four with --json")]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: LinksFlags,
    #[command(flatten)]
    operator: Operator,
    /// Most links that are asked about in a second; 0 for no limit
    #[arg(long, value_name = "LINKS", default_value_t = 50)]
    rate: u32,
    /// Forget how far an interrupted run has come, and begin anew
    #[arg(long)]
    from_start: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Runs it to its end.
pub(super) fn run(command: &Command) -> Result<(), Failure> {
    let Command::Verify(arguments) = command;
    to_the_end(verify(arguments))
}

async fn verify(arguments: &Arguments) -> Result<(), Failure> {
    let config = LinksConfig::load(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    let OfCommand { ledger, watched } = upstreams::of_command(&config)?;
    let opened = stores::open(&config.store, Role::Operator).await?;
    // A slow walk outlives certificates and secrets. SIGHUP ends a command all the same: its terminal has gone.
    let watched = config.tls.watched().into_iter().chain(watched).chain(opened.watched.clone()).collect();
    let fresh = tokio::spawn(keep_fresh(watched, LOOK_EVERY, futures::stream::pending()));
    let end = walk(&config, opened, ledger, arguments).await;
    fresh.abort();
    end
}

async fn walk(
    config: &LinksConfig,
    Opened { store, walks, .. }: Opened,
    ledger: ledger::Client,
    arguments: &Arguments,
) -> Result<(), Failure> {
    let holder_check = config.ledger.holder_check;
    let links =
        Links { store, walks, ledger: Arc::new(ledger), holder_check, clock: Arc::new(Timestamp::now) };
    let mut stop = stop_by_signals()?;
    let (_, all) = links.walks.totals().await.map_err(unreadable)?;
    let mut told = Told::new(arguments.json, all);
    let Some(walking) = take(&links, arguments.from_start, &mut told, &mut stop).await? else {
        return Err(Failure::Other("interrupted while it waited".to_owned()));
    };
    told.begins(walking.resumed(), &walking.tally());
    let pace = Pace::per_second(arguments.rate);
    let subject = arguments.operator.subject();
    let ended = links.go_on(walking, &subject, pace, &mut told, &mut stop).await;
    let (end, tally) = match ended {
        Ok(Ending::Whole(tally)) => (End::Whole, tally),
        Ok(Ending::Stopped(tally)) => (End::Stopped, tally),
        Ok(Ending::Silent(tally, reason)) => (End::Silent(reason), tally),
        Err(error) => {
            told.fails()?;
            return Err(Failure::Other(failed(&error)));
        }
    };
    told.ends(&end, &tally)?;
    judge(&end, &tally)
}

/// Takes the walk; none where it is interrupted while it waits for one that another process is at.
async fn take<'a>(
    links: &'a Links,
    anew: bool,
    told: &mut Told,
    stop: &mut watch::Receiver<bool>,
) -> Result<Option<Walking<'a>>, Failure> {
    const PAUSE: Duration = Duration::from_millis(250);
    let (me, mut patience) = (Uuid::new_v4(), Patience::default());
    loop {
        let taken = links.take(WalkKind::Command, me, &mut patience, |_| true, anew);
        if let Taken::Ours(walking) = taken.await.map_err(unreadable)? {
            return Ok(Some(*walking));
        }
        if patience.has_seen_life() {
            return Err(Failure::Other(
                "another `holdergraph links verify` is at work on this store: let it end, or stop it and run this again"
                    .to_owned(),
            ));
        }
        told.waits();
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(None),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// True from the first SIGTERM or SIGINT on; a second one ends the process.
fn stop_by_signals() -> Result<watch::Receiver<bool>, Failure> {
    let told = signals().map_err(|error| Failure::because("listening for signals", error))?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        told.await;
        stop.send_replace(true);
    });
    Ok(stopped)
}

fn unreadable(error: StoreError) -> Failure {
    Failure::because("reading the store", error)
}

fn failed(error: &WalkError) -> String {
    format!("{error}; {GO_ON}")
}

/// How a walk is gone on with.
const GO_ON: &str = "the same command goes on where this run stopped";

/// What the exit code tells of a walk.
fn judge(end: &End, tally: &Tally) -> Result<(), Failure> {
    let broken = tally.broken();
    match end {
        End::Stopped => Err(Failure::Other(format!("interrupted; {GO_ON}"))),
        End::Silent(reason) => Err(Failure::Other(format!(
            "the ledger gives no answer ({reason}), so its links stay as they were; {GO_ON}"
        ))),
        End::Whole if tally.unanswered > 0 => Err(Failure::Other(format!(
            "the ledger gave no answer about {} links, which stay as they were, and {broken} are broken: run it again",
            tally.unanswered
        ))),
        End::Whole if broken > 0 => Err(Failure::Found(format!(
            "{broken} links are broken: the list `aliasAccounts` finds them by `linkStatus`"
        ))),
        End::Whole => Ok(()),
        End::Failed => Err(Failure::Other(GO_ON.to_owned())),
    }
}
