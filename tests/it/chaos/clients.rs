//! The clients: who they are, what they ask for again and again, and what they were answered.

use super::super::app::{self, App, CREATE_HOLDER, code, send, user_errors};
use super::super::bench::rounds;
use super::stage::{Phase, Stage, Upstream, has_recovered};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use holdergraph::sandbox::{ISSUER, OWNER, World};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

const READ: &str = "{ holders(first: 1) { nodes { id } } }";
const WRITE: &str = "mutation($input: CreateAliasAccountInput!) {
    createAliasAccount(input: $input) { aliasAccount { id } userErrors { code field } }
}";

/// What the clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Read,
    Write,
}

/// What Access Manager says of a client when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Granted,
    Ungranted,
    /// The claims of one who is granted, and a signature that is not Access Manager's.
    Forged,
}

/// What the ledger says of an account when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Good,
    Blocked,
    External,
    Missing,
}

/// One request and its answer.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) phase: Phase,
    pub(super) began: jiff::Timestamp,
    pub(super) ended: jiff::Timestamp,
    pub(super) took: Duration,
    /// `ok`, or the code of what was wrong.
    pub(super) outcome: String,
    /// Of a write: the account, and what the ledger knows of it.
    pub(super) account: Option<(String, Truth)>,
}

pub(super) struct Client {
    pub(super) work: Work,
    pub(super) standing: Standing,
    pub(super) subject: String,
    token: String,
    holder: String,
    /// Good accounts that this client may link, each once.
    accounts: Vec<String>,
    counts: [AtomicUsize; 3],
}

impl Client {
    pub(super) async fn new(stage: &Stage, work: Work, number: usize) -> Self {
        let standing = match number {
            0..8 => Standing::Granted,
            8..12 => Standing::Ungranted,
            _ => Standing::Forged,
        };
        let id = Uuid::now_v7();
        let subject = format!("{OWNER}/{id}");
        if standing != Standing::Ungranted {
            let (resource, action) = question(work);
            let grant = json!({"sub": subject, "resource": resource, "action": action, "authorized": true});
            stage.drive(Upstream::AccessManager, Method::PUT, "grants", Some(grant)).await;
        }
        let token = signed(&stage.upstreams, id);
        let token = if standing == Standing::Forged { forged(&token) } else { token };
        let (mut holder, mut accounts) = (String::new(), Vec::new());
        if work == Work::Write {
            holder = new_holder(stage).await;
            let many = if standing == Standing::Granted { under_fault() / 2 + 8 } else { 1 };
            for _ in 0..many {
                accounts.push(account(stage).await);
            }
        }
        Self { work, standing, subject, token, holder, accounts, counts: Default::default() }
    }

    /// Asks again and again: until the fault is over, and then until it has recovered.
    pub(super) async fn play(&self, stage: &Stage, phase: watch::Receiver<Phase>) -> Vec<Made> {
        let mut made: Vec<Made> = Vec::new();
        let mut next = 0;
        while !has_recovered(self, &made) {
            let now = *phase.borrow();
            let after = made.iter().filter(|made| made.phase == Phase::After).count();
            assert!(after < 300, "{} does not recover: {:?}", self.subject, made.last());
            if now == Phase::Fault
                && self.counts[Phase::Fault as usize].load(Ordering::SeqCst) >= under_fault()
            {
                // Enough: the others are waited for.
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
            let (request, account) = self.attempt(stage, made.len(), next);
            let one = ask(request, now, account).await;
            // What is stored, or may be, is not asked for a second time: it would be in use.
            let may_be_stored = matches!(one.outcome.as_str(), "ok" | "TIMEOUT");
            next += usize::from(may_be_stored && matches!(one.account, Some((_, Truth::Good))));
            made.push(one);
            self.counts[now as usize].fetch_add(1, Ordering::SeqCst);
            if now != Phase::Fault {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        made
    }

    fn attempt(
        &self,
        stage: &Stage,
        number: usize,
        next: usize,
    ) -> (reqwest::RequestBuilder, Option<(String, Truth)>) {
        match self.work {
            Work::Read => (self.request(stage, READ, json!({})), None),
            Work::Write => {
                let info = &stage.upstreams.info;
                let refused = |name: &str| info[name].as_str().unwrap().to_owned();
                let good = self.accounts.get(next.min(self.accounts.len() - 1)).cloned();
                let (id, truth) = match number % 6 {
                    1 => (refused("blockedAccountId"), Truth::Blocked),
                    3 => (refused("externalAccountId"), Truth::External),
                    5 => (Uuid::now_v7().to_string(), Truth::Missing),
                    _ => (good.unwrap(), Truth::Good),
                };
                let input = stage.app.link_input(&self.holder, &id);
                (self.request(stage, WRITE, json!({"input": input})), Some((id, truth)))
            }
        }
    }

    fn request(&self, stage: &Stage, query: &str, variables: Value) -> reqwest::RequestBuilder {
        let (client, request) = stage.app.request(query, variables).build_split();
        let mut request = request.unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse().unwrap());
        reqwest::RequestBuilder::from_parts(client, request)
    }

    /// Waits until it has asked so often in this phase.
    pub(super) async fn has_made(&self, phase: Phase, times: usize) {
        while self.counts[phase as usize].load(Ordering::SeqCst) < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// How often each client asks while the fault lasts.
pub(super) fn under_fault() -> usize {
    rounds(40)
}

/// Resource and action that the work needs.
pub(super) fn question(work: Work) -> (&'static str, &'static str) {
    match work {
        Work::Read => ("holders", "get"),
        Work::Write => ("aliases", "post"),
    }
}

async fn ask(request: reqwest::RequestBuilder, phase: Phase, account: Option<(String, Truth)>) -> Made {
    let (began, clock) = (jiff::Timestamp::now(), Instant::now());
    let answer = send(request).await;
    let (ended, took) = (jiff::Timestamp::now(), clock.elapsed());
    let payload = &answer.body["data"]["createAliasAccount"];
    let outcome = match code(&answer.body) {
        "" if payload.is_object() => user_errors(payload).first().map_or("ok", |error| &error.0).to_owned(),
        "" => "ok".to_owned(),
        code => code.to_owned(),
    };
    Made { phase, began, ended, took, outcome, account }
}

/// A token of this subject, as the sandbox's Access Manager signs them.
fn signed(upstreams: &App, sub: Uuid) -> String {
    let world = World::load_or_create(upstreams.dir()).unwrap();
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({
        "type": "normal-user", "owner": OWNER, "sub": sub.to_string(), "iss": ISSUER, "iat": now, "exp": now + 36_000,
    });
    world.sign(&claims).unwrap()
}

/// The same claims with one bit of the signature changed.
fn forged(token: &str) -> String {
    let (claims, signature) = token.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    signature[5] ^= 1;
    format!("{claims}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A new holder, to link accounts to.
async fn new_holder(stage: &Stage) -> String {
    // The service has little time for each request here, and a busy machine may need more.
    for _ in 0..20 {
        let input = json!({"input": app::new_holder()});
        let answer = stage.app.ask(CREATE_HOLDER, input).await;
        if let Some(id) = answer["data"]["createHolder"]["holder"]["id"].as_str() {
            return id.to_owned();
        }
    }
    panic!("no holder can be created");
}

/// A new account that may be linked.
async fn account(stage: &Stage) -> String {
    let id = Uuid::now_v7().to_string();
    let (organization, ledger) = (stage.app.organization(), stage.app.ledger_id());
    let door = format!("organizations/{organization}/ledgers/{ledger}/accounts/{id}");
    stage.drive(Upstream::Ledger, Method::PUT, &door, Some(json!({}))).await;
    id
}
