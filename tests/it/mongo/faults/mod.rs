//! What goes wrong between the service and the database: each call ends in time, either done or as STORE_UNAVAILABLE;
//! nothing is written twice, and afterwards it works again without a restart.

mod killed;
mod switched;
mod writes;

use super::super::app::App;
use super::super::calls::{PATIENT, check_json};
use super::super::folder::{Folder, database, uri};
use super::attempt::{Attempt, Told, assert_unavailable, ended};
use super::proxy::Proxy;
use super::rest::at_rest;
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Times that let a test see the end of them, each far below the request's.
const HASTY: [(&str, &str); 5] = [
    ("MONGO_TIMEOUT", "2s"),
    ("MONGO_CONNECT_TIMEOUT", "1s"),
    ("MONGO_SERVER_SELECTION_TIMEOUT", "1s"),
    PATIENT[1],
    PATIENT[2],
];

/// A service behind a proxy.
struct Behind {
    proxy: Proxy,
    app: App,
    _upstreams: App,
}

impl Behind {
    fn new(settings: &[(&str, &str)]) -> Self {
        Self::over(Folder::in_mongo(), settings)
    }

    /// Before another server.
    fn on_server(uri: &str) -> Self {
        Self::over(Folder::on_server(uri), &HASTY)
    }

    fn over(dir: Arc<Folder>, settings: &[(&str, &str)]) -> Self {
        let upstreams = App::upstreams();
        let proxy = Proxy::before(&uri(dir.path()));
        let (uri, name) = (proxy.uri(), database(dir.path()));
        let mut all = vec![("MONGO_URI", uri.as_str()), ("MONGO_NAME", name.as_str())];
        all.extend(settings);
        let app = App::serve_in(dir, &upstreams, &all);
        Self { proxy, app, _upstreams: upstreams }
    }

    /// One of each kind of mutation, with a key and without.
    async fn attempts(&self) -> Vec<Attempt> {
        let mut all = Attempt::all(&self.app, true).await;
        all.extend(Attempt::all(&self.app, false).await);
        all
    }

    /// Makes all calls at once while something is wrong, and all again when it is mended. What the first ones were told.
    async fn through(&self, fault: impl Future<Output = ()>, mend: impl FnOnce()) -> Vec<Told> {
        let attempts = self.attempts().await;
        let (holders, alias_accounts) = self.app.stored();
        let firsts = join_all(attempts.iter().map(|attempt| attempt.call(&self.app)));
        // What goes wrong at once does so before the first call.
        let ((), firsts, ()) = futures::join!(fault, firsts, self.reads());
        mend();
        self.ready(200).await;
        let finished = attempts.iter().zip(&firsts).map(|(attempt, first)| attempt.finish(&self.app, first));
        join_all(finished).await;
        at_rest(self.app.dir()).await;
        join_all(attempts.iter().map(|attempt| attempt.judge(&self.app))).await;
        let grown = attempts.iter().fold((holders, alias_accounts), |sum, attempt| {
            (sum.0 + attempt.grown.0, sum.1 + attempt.grown.1)
        });
        assert_eq!(self.app.stored(), grown, "each is written once");
        self.check();
        firsts
    }

    /// A query by id, a list, and nested lists with their totals: each is answered as a whole or says why not.
    async fn reads(&self) {
        let queries = [
            "{ holders(first: 5) { nodes { id name } totalCount } }",
            "{ holders { nodes { id aliasAccounts { nodes { id holder { id } } totalCount } } } }",
            "{ holderByDocument(document: \"nobody's\") { id } }",
            "{ node(id: \"0198c0de-0000-7000-8000-000000000000\") { id } }",
        ];
        let answers = join_all(queries.map(|query| ended(self.app.request(query, json!({}))))).await;
        for answer in answers {
            if answer.body["errors"] != Value::Null {
                assert_unavailable(&answer);
            }
        }
    }

    /// Waits until the service says of itself that it is ready (200) or not (503).
    async fn ready(&self, status: u16) {
        let began = Instant::now();
        while self.app.get("/readyz").await.0 != status {
            assert!(began.elapsed() < super::super::app::PATIENCE, "/readyz does not become {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `holdergraph check` finds nothing.
    fn check(&self) {
        let checked = check_json(self.app.dir());
        assert_eq!(checked["faults"], json!(0), "{checked:#}");
    }
}

/// How many of them were done.
fn done(told: &[Told]) -> usize {
    told.iter().filter(|told| matches!(told, Told::Done(_))).count()
}
