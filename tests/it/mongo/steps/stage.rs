//! The servers of one database: a witness that is never stopped, and others that stop at a step.

use super::super::super::app::App;
use super::super::super::calls::{PATIENT_OVER_MONGO, check_json};
use super::super::super::folder::Folder;
use super::super::attempt::{Attempt, Told, version};
use super::super::rest::{at_rest, until};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

pub(super) struct Stage {
    upstreams: Arc<App>,
    dir: Arc<Folder>,
    /// The server that goes on.
    pub(super) witness: App,
}

impl Stage {
    pub(super) async fn set() -> Self {
        let upstreams = Arc::new(App::upstreams());
        let dir = Folder::in_mongo();
        let witness = App::serve_in(dir.clone(), &upstreams, &PATIENT_OVER_MONGO);
        Self { upstreams, dir, witness }
    }

    /// What readers see of an attempt is all of it or nothing.
    pub(super) async fn look(&self, attempt: &Attempt) {
        self.is_done(attempt).await;
    }

    /// It is there for readers.
    pub(super) async fn has_happened(&self, attempt: &Attempt) {
        assert!(self.is_done(attempt).await, "{} {}", attempt.name(), attempt.input);
    }

    /// Whether readers see what an attempt does; never a part of it.
    pub(super) async fn is_done(&self, attempt: &Attempt) -> bool {
        if let Some((id, before)) = &attempt.record {
            let now = version(&self.witness, id).await;
            let after = (!attempt.removes).then_some(before + 1);
            assert!(now == Some(*before) || now == after, "{}: {now:?}", attempt.name());
            return now == after;
        }
        let mut found = Vec::new();
        let input = &attempt.input;
        if let Some(document) =
            [&input["document"], &input["holder"]["document"]].into_iter().find_map(Value::as_str)
        {
            found.push(self.owner_of_document(document).await.is_some());
        }
        let accounts = input["aliasAccounts"].as_array().cloned().unwrap_or_default();
        let link = input["accountId"].is_string().then(|| input.clone());
        for account in accounts.iter().chain(&link) {
            found.push(self.owner_of_account(account).await.is_some());
        }
        // One question after the other: what is seen first may have been there later.
        let is_done = found.contains(&true);
        if is_done {
            assert!(self.owner_of_all(attempt).await, "{}: a part of it is there", attempt.name());
        }
        is_done
    }

    /// Whether all that an attempt creates is there.
    async fn owner_of_all(&self, attempt: &Attempt) -> bool {
        let accounts = attempt.input["aliasAccounts"].as_array().cloned().unwrap_or_default();
        let mut all = true;
        if let Some(document) = attempt.input["holder"]["document"].as_str() {
            all &= self.owner_of_document(document).await.is_some();
        }
        for account in &accounts {
            all &= self.owner_of_account(account).await.is_some();
        }
        all
    }

    /// The live holder with a document.
    pub(super) async fn owner_of_document(&self, document: &str) -> Option<String> {
        let query = "query($document: String!) { found: holderByDocument(document: $document) { id } }";
        self.found(query, json!({"document": document})).await
    }

    /// The live alias account of a ledger account.
    pub(super) async fn owner_of_account(&self, account: &Value) -> Option<String> {
        let query = "query($ledger: UUID!, $account: UUID!) {
            found: aliasAccountByLedgerAccount(ledgerId: $ledger, accountId: $account) { id } }";
        self.found(query, json!({"ledger": account["ledgerId"], "account": account["accountId"]})).await
    }

    async fn found(&self, query: &str, variables: Value) -> Option<String> {
        let answer = self.witness.ask(query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["found"]["id"].as_str().map(str::to_owned)
    }

    /// In the end nothing is unfinished, and a check finds nothing.
    pub(super) async fn judge(&self) {
        at_rest(self.dir.path()).await;
        let checked = check_json(self.dir.path());
        assert_eq!(checked["faults"], json!(0), "{checked:#}");
        let told = (checked["holders"].as_i64().unwrap(), checked["aliasAccounts"].as_i64().unwrap());
        assert_eq!(told, self.witness.stored());
    }
}

/// A server whose call has come to a step, and goes no further.
pub(super) struct Stopped {
    app: Arc<App>,
    file: PathBuf,
    call: JoinHandle<Option<Told>>,
}

impl Stopped {
    /// One more server makes the call, until it is there.
    pub(super) async fn at(stage: &Stage, step: &'static str, attempt: &Attempt) -> Self {
        let file = stage.dir.path().join(format!("stopped-{}", Uuid::now_v7()));
        let (dir, upstreams, place) = (stage.dir.clone(), stage.upstreams.clone(), file.clone());
        let start = move || {
            let mut settings = PATIENT_OVER_MONGO.to_vec();
            // It must not give up while it stands there: what it does late is what this is about.
            settings.push(("HOLDERGRAPH_TEST_STOP_AT", step));
            settings.push(("HOLDERGRAPH_TEST_STOP_FILE", place.to_str().unwrap()));
            App::serve_in(dir, &upstreams, &settings)
        };
        let app = Arc::new(spawn_blocking(start).await.unwrap());
        let (caller, attempt) = (app.clone(), attempt.clone());
        let call = tokio::spawn(async move { attempt.call_one_that_may_end(&caller).await });
        until("the call does not come to its step", || file.exists() || call.is_finished()).await;
        assert!(file.exists(), "{step}: {:?}", call.await);
        Self { app, file, call }
    }

    /// It sleeps, with all its threads.
    pub(super) fn sleep(&self) {
        self.app.signal("STOP");
    }

    /// It goes on; what its caller is told.
    pub(super) async fn wake(self) -> Told {
        std::fs::remove_file(&self.file).unwrap();
        self.app.signal("CONT");
        self.call.await.unwrap().expect("it did not end")
    }

    /// It is killed, and nobody was told anything.
    pub(super) async fn kill(self) {
        self.app.signal("KILL");
        assert_eq!(self.call.await.unwrap(), None);
    }
}
