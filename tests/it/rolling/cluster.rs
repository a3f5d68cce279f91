//! Two servers of one database behind a load balancer, and the clients that ask there all the time.

use super::super::app::App;
use super::super::calls::{PATIENT_OVER_MONGO, check_json};
use super::super::crashes::{Traffic, Writer, audited};
use super::super::folder::Folder;
use super::super::mongo::rest::{at_rest, until};
use super::super::process::Build;
use super::super::seeded::Seeded;
use super::super::tls::eventually;
use super::proxy::{Asked, Backend, Proxy};
use futures::future::join_all;
use holdergraph::domain::time::Timestamp;
use serde_json::{Value, json};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// So many servers at a time.
const SERVERS: usize = 2;
/// So many clients write at once, each to records of its own.
const WRITERS: usize = 8;
/// So many accounts each of them may link.
const ACCOUNTS: usize = 5;
/// So many clients only read.
const READERS: usize = 4;
/// So many answers come between two changes.
const BETWEEN: usize = 60;

const LIST: &str =
    "{ holders(first: 5) { totalCount nodes { id version aliasAccounts(first: 2) { nodes { id } } } } }";

/// One server, as the load balancer knows it.
struct Serving {
    app: App,
    backend: Arc<Backend>,
}

pub(super) struct Cluster {
    /// Asks the load balancer.
    front: Arc<App>,
    pub(super) proxy: Proxy,
    dir: Arc<Folder>,
    /// The sandbox's own, which goes with its process.
    _of_upstreams: Arc<Folder>,
    serving: Vec<Serving>,
    answers: AtomicUsize,
    enough: AtomicBool,
}

impl Traffic for Cluster {
    fn app(&self) -> impl Deref<Target = App> {
        &*self.front
    }

    fn goes_on(&self) -> bool {
        !self.enough.load(Ordering::SeqCst)
    }

    fn acknowledged(&self) {
        self.answers.fetch_add(1, Ordering::SeqCst);
    }
}

impl Cluster {
    /// Of this build, ready.
    pub(super) async fn start(build: Build) -> Self {
        let (proxy, dir, upstreams) = (Proxy::new(), Folder::in_mongo(), App::upstreams());
        let of_upstreams = upstreams.shared_dir();
        let mut cluster = Self {
            front: Arc::new(upstreams.in_front_of(proxy.url(), dir.clone())),
            proxy,
            dir,
            _of_upstreams: of_upstreams,
            serving: Vec::new(),
            answers: AtomicUsize::new(0),
            enough: AtomicBool::new(false),
        };
        for _ in 0..SERVERS {
            let serving = cluster.another(build).await;
            cluster.serving.push(serving);
        }
        cluster
    }

    /// One more server, which is ready.
    async fn another(&self, build: Build) -> Serving {
        let mut settings = PATIENT_OVER_MONGO.to_vec();
        // As it is where nobody says anything else.
        settings.push(("DRAIN_SECONDS", "5"));
        let (front, dir) = (self.front.clone(), self.dir.clone());
        let start = move || App::serve_build(build, dir, &front, &settings);
        let app = tokio::task::spawn_blocking(start).await.unwrap();
        let backend = self.proxy.add(&app.base);
        eventually("a new server gets ready", async || backend.asked() == Asked::Ready).await;
        Serving { app, backend }
    }

    /// Waits for so many more answers.
    async fn answered(&self, more: usize) {
        let wanted = self.answers.load(Ordering::SeqCst) + more;
        until("the traffic stands still", || self.answers.load(Ordering::SeqCst) >= wanted).await;
    }

    /// Replaces each server by one of this build, one after the other, as a rolling upgrade does: a new one, and only
    /// when it is ready an old one leaves. What served then is handed back, ended.
    async fn replace_all(&self, build: Build) -> Vec<Serving> {
        let mut new = Vec::new();
        for Serving { app, backend } in &self.serving {
            self.answered(BETWEEN).await;
            let one = self.another(build).await;
            self.answered(BETWEEN).await;
            assert!(one.backend.answers() > 0, "the new server gets requests");
            app.signal("TERM");
            eventually("readyz tells of the end", async || backend.asked() == Asked::NotReady).await;
            eventually("the process ends", async || app.has_ended().await).await;
            new.push(one);
        }
        self.answered(BETWEEN).await;
        self.enough.store(true, Ordering::SeqCst);
        new
    }

    /// One turn: all servers are replaced while clients write and read; then everything is looked at.
    pub(super) async fn turn(&mut self, writers: &mut [Writer], build: Build) {
        let began = Timestamp::now();
        self.enough.store(false, Ordering::SeqCst);
        let writing = join_all(writers.iter_mut().map(|writer| async {
            writer.write(self).await;
            assert!(!self.goes_on(), "a call had no answer: {:?}", self.proxy.failed());
        }));
        let reading = join_all((0..READERS).map(|_| self.read()));
        let (_, _, new) = tokio::join!(writing, reading, self.replace_all(build));
        for Serving { mut app, backend } in std::mem::replace(&mut self.serving, new) {
            self.proxy.remove(&backend);
            assert_eq!(app.wait().code(), Some(0), "{}", app.log());
        }
        assert_eq!(self.proxy.failed(), Vec::<String>::new());
        // Not even what a load balancer may mend by itself: whoever leaves still answers while others hear of it.
        assert_eq!(self.proxy.sent_again(), 0);
        self.judge(writers, began).await;
    }

    async fn read(&self) {
        while self.goes_on() {
            let answer = self.front.ask(LIST, json!({})).await;
            assert_eq!(answer["errors"], Value::Null, "{answer}");
            self.acknowledged();
        }
    }

    /// What was acknowledged is there, once, with its entry in the trail, and nothing else is.
    async fn judge(&self, writers: &mut [Writer], began: Timestamp) {
        // The last keyed call of each is repeated, whichever server made it.
        join_all(writers.iter_mut().map(|writer| writer.settle(&self.front))).await;
        join_all(writers.iter_mut().map(|writer| writer.compare_changed(&self.front))).await;
        at_rest(self.dir.path()).await;
        let (holders, alias_accounts) =
            writers.iter().map(Writer::count).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(self.front.stored(), (holders, alias_accounts), "nothing is there that nobody knows of");
        let expected =
            json!({"holders": holders, "aliasAccounts": alias_accounts, "faults": 0, "findings": []});
        assert_eq!(check_json(self.dir.path()), expected);
        audited::compare(&self.front, writers, began).await;
    }

    /// Clients that have written nothing yet.
    pub(super) async fn writers(&self) -> Vec<Writer> {
        Writer::several(&self.front, &mut Seeded::fresh(), WRITERS, ACCOUNTS).await
    }

    /// All that the clients were ever told is there.
    pub(super) async fn compare_all(&self, writers: &[Writer]) {
        join_all(writers.iter().map(|writer| writer.compare_all(&self.front))).await;
    }

    /// Where the records are.
    pub(super) fn dir(&self) -> &Arc<Folder> {
        &self.dir
    }
}

/// How many turns there are: all with `TEST_SCALE=1`, never fewer than two.
pub(super) fn turns(all: usize) -> usize {
    super::super::bench::scaled(all).clamp(2, all)
}
