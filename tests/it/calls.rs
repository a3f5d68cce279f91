//! Calls that several themes make of a running service: a mutation by its name, an account of the ledger's, a check of
//! the store.

use super::app::{App, KEYS, binary, send};
use super::bench::mutation_document;
use super::docs::assert_listed;
use super::folder::{self, Folder, is_in_mongo};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// Limits that no busy machine reaches: what is done here is judged, not how quickly, nor how many ask for what is not
/// there.
pub(crate) const PATIENT: [(&str, &str); 4] = [
    ("REQUEST_TIMEOUT", "10m"),
    ("UPSTREAM_CONNECT_TIMEOUT", "5m"),
    ("UPSTREAM_ATTEMPT_TIMEOUT", "5m"),
    ("LOOKUP_MISS_LIMIT", "off"),
];

/// The same over MongoDB.
pub(crate) const PATIENT_OVER_MONGO: [(&str, &str); 7] = [
    PATIENT[0],
    PATIENT[1],
    PATIENT[2],
    PATIENT[3],
    ("MONGO_TIMEOUT", "5m"),
    ("MONGO_CONNECT_TIMEOUT", "5m"),
    ("MONGO_SERVER_SELECTION_TIMEOUT", "5m"),
];

/// The first accounts of the ledger, which tests take by their places.
const TAKEN_BY_PLACE: usize = 20;

impl App {
    /// A fresh sandbox that waits for as long as it takes.
    pub(crate) fn patient() -> Self {
        let dir = Folder::new();
        let patient = patient(dir.path());
        Self::sandbox_in(dir, patient)
    }

    /// Three servers of one database that wait for as long as it takes, each call to the next of them.
    pub(crate) fn spread(dir: &Arc<Folder>) -> Self {
        let upstreams = Self::sandbox_in(Folder::embedded(), &PATIENT);
        let start = || Self::serve_in(dir.clone(), &upstreams, &PATIENT_OVER_MONGO);
        let mut first = start();
        first.peers = vec![start(), start()];
        first.upstreams = Some(Box::new(upstreams));
        first
    }

    /// One mutation's payload; `fields` is what is selected beside `userErrors`.
    pub(crate) async fn mutate(&self, mutation: &str, fields: &str, input: &Value) -> Value {
        let answer = self.ask(&mutation_document(mutation, fields), json!({"input": input})).await;
        assert_eq!(answer["errors"], Value::Null, "{mutation}: {answer}");
        assert_listed(mutation, &answer["data"][mutation]);
        answer["data"][mutation].clone()
    }

    /// An account of the sandbox's ledger that may be linked, another one each time: from the end those that the ledger
    /// begins with (a test takes some of the first ones by their places), then new ones, which cost a write to the disk.
    pub(crate) async fn open_account(&self) -> String {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if let Ok(left) = left
            && left > TAKEN_BY_PLACE
        {
            return self.account(left - 1);
        }
        let id = Uuid::now_v7().to_string();
        let url = format!(
            "{}/_sandbox/organizations/{}/ledgers/{}/accounts/{id}",
            self.info["ledger"].as_str().unwrap(),
            self.organization(),
            self.ledger_id(),
        );
        let answer = send(self.client.put(url).json(&json!({}))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        id
    }

    /// `holdergraph check` finds nothing in the store, beside the server that works on it.
    pub(crate) fn check(&self) {
        let checked = check_json(self.dir());
        assert_eq!(checked["faults"], json!(0), "{checked:#}");
        let (holders, alias_accounts) = self.stored();
        assert_eq!(
            (&checked["holders"], &checked["aliasAccounts"]),
            (&json!(holders), &json!(alias_accounts))
        );
    }
}

/// Time limits that no busy machine reaches, of a service whose records are there.
pub(crate) fn patient(dir: &Path) -> &'static [(&'static str, &'static str)] {
    if is_in_mongo(dir) { &PATIENT_OVER_MONGO } else { &PATIENT }
}

/// Runs `holdergraph check` on a folder: with the sandbox's keys if it is one's, else with the tests' own.
pub(crate) fn check(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = binary();
    command.arg("check").args(arguments).envs(folder::settings(dir));
    if !dir.join("sandbox-keys.env").exists() {
        command.envs(KEYS);
    }
    command.output().unwrap()
}

/// What it prints for scripts, whatever it found.
pub(crate) fn check_json(dir: &Path) -> Value {
    let output = check(dir, &["--json"]);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// The code of a payload's first userError; empty where the call succeeded.
pub(crate) fn refusal(payload: &Value) -> &str {
    assert!(payload["userErrors"].is_array(), "{payload}");
    payload["userErrors"][0]["code"].as_str().unwrap_or("")
}

/// A text of a payload, by its path.
pub(crate) fn text<'a>(payload: &'a Value, path: &str) -> &'a str {
    payload.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path} of {payload}"))
}
