//! `kill -9` at any moment: what was acknowledged is there, what was not is there as a whole or not at all, and the
//! store is what `holdergraph check` wants it to be. Each change has its entry in the audit trail.

pub(crate) mod audited;
mod kept;
mod op;
mod writer;

use super::app::App;
use super::bench::rounds;
use super::calls::{check_json, patient};
use super::folder::Folder;
use super::seeded::Seeded;
use futures::future::join_all;
use holdergraph::domain::time::Timestamp;
use serde_json::json;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use writer::Writer;

/// So many clients write at once, each to records of its own.
const WRITERS: usize = 12;
/// A writer's share of the accounts that the sandbox's ledger begins with.
const ACCOUNTS: usize = 120 / WRITERS;

/// Where writers send their calls, and for how long.
pub(crate) trait Traffic {
    /// The server of the next call.
    fn app(&self) -> impl Deref<Target = App>;

    /// Whether there is to be another call.
    fn goes_on(&self) -> bool;

    /// A call was answered.
    fn acknowledged(&self);
}

/// Kills the server with the answer of this number.
struct Trigger<'a> {
    app: &'a App,
    answers: AtomicUsize,
    at: usize,
}

impl Traffic for Trigger<'_> {
    fn app(&self) -> impl Deref<Target = App> {
        self.app
    }

    /// Until there is no answer any more.
    fn goes_on(&self) -> bool {
        true
    }

    fn acknowledged(&self) {
        if self.answers.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            self.app.signal("KILL");
        }
    }
}

#[tokio::test]
async fn at_whatever_moment_it_is_killed_nothing_acknowledged_is_lost_and_nothing_is_left_half_done() {
    let upstreams = App::upstreams();
    // Nobody is asked for permission: the more of the time goes into writes, the more of the kills hit one.
    let dir = Folder::new();
    let mut settings = patient(dir.path()).to_vec();
    settings.extend([("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")]);
    let mut seeded = Seeded::fresh();
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|number| {
            let accounts = (number * ACCOUNTS..(number + 1) * ACCOUNTS).map(|index| upstreams.account(index));
            Writer::new(number, seeded.split(), upstreams.ledger_id(), accounts.collect())
        })
        .collect();
    let mut app = App::serve_in(dir, &upstreams, &settings);
    for _ in 0..rounds(100) {
        let began = Timestamp::now();
        let at = 1 + seeded.below(WRITERS * 12);
        eprintln!("killed with answer {at}");
        let trigger = Trigger { app: &app, answers: AtomicUsize::new(0), at };
        join_all(writers.iter_mut().map(|writer| writer.write(&trigger))).await;
        app.wait();
        let dir = app.shared_dir();
        drop(app);
        app = App::serve_in(dir, &upstreams, &settings);
        join_all(writers.iter_mut().map(|writer| writer.settle(&app))).await;
        join_all(writers.iter_mut().map(|writer| writer.compare_changed(&app))).await;
        let (holders, alias_accounts) =
            writers.iter().map(Writer::count).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(app.stored(), (holders, alias_accounts), "nothing is there that nobody knows of");
        let checked = check_json(app.dir());
        let expected =
            json!({"holders": holders, "aliasAccounts": alias_accounts, "faults": 0, "findings": []});
        assert_eq!(checked, expected, "{checked:#}");
        audited::compare(&app, &mut writers, began).await;
    }
    join_all(writers.iter().map(|writer| writer.compare_all(&app))).await;
}
