//! Three servers of one database that come and go while clients write: calmly one after the other, or killed. What was
//! acknowledged is there, with its entry in the audit trail, and no rule is broken.

use super::super::app::{App, PATIENCE};
use super::super::bench::rounds;
use super::super::calls::{PATIENT_OVER_MONGO, check_json};
use super::super::crashes::{Traffic, Writer, audited};
use super::super::folder::Folder;
use super::super::seeded::Seeded;
use super::rest::{at_rest, until};
use futures::future::join_all;
use holdergraph::domain::time::Timestamp;
use serde_json::json;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// So many servers.
const REPLICAS: usize = 3;
/// So many clients write at once, each to records of its own.
const WRITERS: usize = 64;
/// So many accounts each of them may link.
const ACCOUNTS: usize = 3;

/// The servers of one database.
struct Replicas {
    upstreams: Arc<App>,
    dir: Arc<Folder>,
    settings: Vec<(&'static str, &'static str)>,
    serving: Mutex<Vec<Arc<App>>>,
    turn: AtomicUsize,
    answers: AtomicUsize,
    /// Whether one is ending now, or another one not there yet.
    changing: AtomicBool,
    enough: AtomicBool,
}

impl Traffic for Replicas {
    /// The next in turn, though it may be about to end.
    fn app(&self) -> impl Deref<Target = App> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        self.serving.lock().unwrap()[turn % REPLICAS].clone()
    }

    fn goes_on(&self) -> bool {
        !self.enough.load(Ordering::SeqCst)
    }

    fn acknowledged(&self) {
        self.answers.fetch_add(1, Ordering::SeqCst);
    }
}

impl Replicas {
    async fn start() -> Arc<Self> {
        // Nobody is asked for permission: the more of the time goes into writes, the more of the ends hit one.
        let mut settings = PATIENT_OVER_MONGO.to_vec();
        settings.extend([("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")]);
        let replicas = Arc::new(Self {
            upstreams: Arc::new(App::upstreams()),
            dir: Folder::in_mongo(),
            settings,
            serving: Mutex::default(),
            turn: AtomicUsize::new(0),
            answers: AtomicUsize::new(0),
            changing: AtomicBool::new(false),
            enough: AtomicBool::new(false),
        });
        let started = join_all((0..REPLICAS).map(|_| replicas.clone().another())).await;
        replicas.serving.lock().unwrap().extend(started);
        replicas
    }

    /// One more server; others go on meanwhile.
    async fn another(self: Arc<Self>) -> Arc<App> {
        let start = move || App::serve_in(self.dir.clone(), &self.upstreams, &self.settings);
        Arc::new(tokio::task::spawn_blocking(start).await.unwrap())
    }

    /// Waits for so many more answers.
    async fn answered(&self, more: usize) {
        let wanted = self.answers.load(Ordering::SeqCst) + more;
        until("the traffic stands still", || self.answers.load(Ordering::SeqCst) >= wanted).await;
    }

    /// Ends one and starts another in its place.
    async fn replace(self: &Arc<Self>, place: usize, signal: &str) {
        self.changing.store(true, Ordering::SeqCst);
        let old = self.serving.lock().unwrap()[place].clone();
        old.signal(signal);
        let new = self.clone().another().await;
        drop(std::mem::replace(&mut self.serving.lock().unwrap()[place], new));
        let mut old = alone(old).await;
        let ended = tokio::task::spawn_blocking(move || old.wait()).await.unwrap();
        assert!(signal == "KILL" || ended.code() == Some(0), "{ended}");
        self.changing.store(false, Ordering::SeqCst);
    }

    /// One round of ends, each somewhere among the writes.
    async fn change(self: &Arc<Self>, seeded: &mut Seeded) {
        let mut places: Vec<usize> = (0..REPLICAS).collect();
        seeded.shuffle(&mut places);
        for (place, signal) in places.into_iter().zip(["KILL", "TERM"]) {
            let after = 1 + seeded.below(2 * WRITERS);
            eprintln!("{signal} to {place} after {after} answers");
            self.answered(after).await;
            self.replace(place, signal).await;
        }
        self.answered(WRITERS).await;
        self.enough.store(true, Ordering::SeqCst);
    }

    /// Writes until it is enough. What became of a call without an answer is asked when the server that got it is gone
    /// and another one is there: until then the database may be at work for it.
    async fn traffic(&self, writer: &mut Writer, witness: &App) {
        while self.goes_on() {
            writer.write(self).await;
            until("a server does not end", || !self.changing.load(Ordering::SeqCst)).await;
            writer.settle(witness).await;
        }
    }
}

/// Waits until no client has it any more.
async fn alone(mut app: Arc<App>) -> App {
    let began = Instant::now();
    loop {
        match Arc::try_unwrap(app) {
            Ok(app) => return app,
            Err(shared) => app = shared,
        }
        assert!(began.elapsed() < PATIENCE, "a call to a server that ended does not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What all writers have.
fn total(writers: &[Writer]) -> (i64, i64) {
    writers.iter().map(Writer::count).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_server_ends_while_64_clients_write_nothing_acknowledged_is_lost() {
    let replicas = Replicas::start().await;
    // It takes no part in the traffic, and never ends.
    let witness = replicas.clone().another().await;
    let mut seeded = Seeded::fresh();
    let mut writers = Writer::several(&replicas.upstreams, &mut seeded, WRITERS, ACCOUNTS).await;
    for _ in 0..rounds(50) {
        let began = Timestamp::now();
        replicas.enough.store(false, Ordering::SeqCst);
        let traffic = join_all(writers.iter_mut().map(|writer| replicas.traffic(writer, &witness)));
        futures::join!(traffic, replicas.change(&mut seeded));
        judge(&mut writers, &witness).await;
        audited::compare(&witness, &mut writers, began).await;
    }
    join_all(writers.iter().map(|writer| writer.compare_all(&witness))).await;
}

/// After a round: also while something is unfinished no rule is broken, and then nothing is unfinished.
async fn judge(writers: &mut [Writer], witness: &App) {
    assert_eq!(check_json(witness.dir())["faults"], json!(0), "{:#}", check_json(witness.dir()));
    join_all(writers.iter_mut().map(|writer| writer.compare_changed(witness))).await;
    at_rest(witness.dir()).await;
    let (holders, alias_accounts) = total(writers);
    assert_eq!(witness.stored(), (holders, alias_accounts), "nothing is there that nobody knows of");
    let expected = json!({"holders": holders, "aliasAccounts": alias_accounts, "faults": 0, "findings": []});
    assert_eq!(check_json(witness.dir()), expected);
}
