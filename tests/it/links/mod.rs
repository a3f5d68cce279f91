//! All links asked about again: by `holdergraph links verify`, and by the servers themselves.

mod background;
mod command;
pub(crate) mod front;
mod secret;

use super::app::{App, PATIENCE, binary, new_holder};
use super::calls::text;
use super::folder;
use super::records::ids;
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// What the ledger can say of an account, and what the link is then.
fn sayings(other_holder: &str) -> [(Value, &'static str); 4] {
    [
        (json!({"blocked": true}), "BLOCKED"),
        (json!({"deletedAt": "2026-01-01T00:00:00Z"}), "NOT_FOUND"),
        (json!({"type": "external"}), "MISMATCH"),
        (json!({"holderId": other_holder}), "MISMATCH"),
    ]
}

/// An account of which nothing is wrong.
fn plain() -> Value {
    json!({"blocked": false, "type": "deposit", "deletedAt": null, "holderId": null})
}

/// The settings by which a service asks the sandbox's ledger with a token of its own.
pub(crate) fn own_token(app: &App) -> [(&'static str, String); 2] {
    let client = &app.info["client"];
    [
        ("MIDAZ_CLIENT_ID", text(client, "/id").to_owned()),
        ("MIDAZ_CLIENT_SECRET", text(client, "/secret").to_owned()),
    ]
}

/// `links verify` on the store of an app, with the upstreams of its sandbox.
pub(crate) fn verify(app: &App, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = binary();
    command
        .args(["links", "verify"])
        .args(arguments)
        .envs(folder::settings(app.dir()))
        .envs(own_token(app))
        .env("DEPLOYMENT_MODE", "local")
        .env("PLUGIN_AUTH_ADDRESS", text(&app.info, "/accessManager"))
        .env("MIDAZ_LEDGER_URL", text(&app.info, "/ledger"))
        .envs(settings.iter().copied());
    command
}

/// Exit code, and what was printed to both outputs.
pub(crate) fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Runs it with `--json`.
pub(crate) fn verify_json(app: &App, settings: &[(&str, &str)]) -> (Option<i32>, Value) {
    let output = verify(app, &["--json", "--rate", "0"], settings).output().unwrap();
    let (code, stdout, stderr) = said(&output);
    (code, serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}")))
}

/// A link as it is read, and whether the filter finds it by its status and by no other.
async fn link(app: &App, id: &str) -> Value {
    let read = "query($id: ID!) { aliasAccount(id: $id) { version link { status checkedAt detail } } }";
    let found = app.data(read, json!({"id": id})).await["aliasAccount"].clone();
    assert_eq!(found["version"], json!(1));
    let list = "query($status: LinkStatus!) { aliasAccounts(filter: {linkStatus: $status}, first: 100) { nodes { id } } }";
    for status in ["VERIFIED", "BLOCKED", "NOT_FOUND", "MISMATCH", "UNVERIFIED"] {
        let listed = app.data(list, json!({"status": status})).await;
        let is_listed = ids(&listed["aliasAccounts"]).contains(&id);
        assert_eq!(is_listed, found["link"]["status"] == json!(status), "{status}: {found}");
    }
    found["link"].clone()
}

/// Whether a link is read and found so, while it may change at any moment.
async fn is_link(app: &App, id: &str, status: &str) -> bool {
    let read = "query($id: ID!, $status: LinkStatus!) {
        aliasAccount(id: $id) { version link { status } }
        aliasAccounts(filter: {linkStatus: $status}) { nodes { id } } }";
    let found = app.data(read, json!({"id": id, "status": status})).await;
    assert_eq!(found["aliasAccount"]["version"], json!(1));
    found["aliasAccount"]["link"]["status"] == json!(status) && ids(&found["aliasAccounts"]) == [id]
}

/// A holder of so many accounts of the ledger, the first ones; the ids of its alias accounts beside the accounts.
pub(crate) async fn onboarded(app: &App, accounts: usize) -> Vec<(String, String)> {
    let accounts: Vec<String> = (0..accounts).map(|index| app.account(index)).collect();
    let mut linked = vec![];
    for some in accounts.chunks(50) {
        let inputs: Vec<Value> =
            some.iter().map(|account| json!({"ledgerId": app.ledger_id(), "accountId": account})).collect();
        let input = json!({"holder": new_holder(), "aliasAccounts": inputs});
        let payload = app.mutate("onboardHolder", "aliasAccounts { id accountId }", &input).await;
        let made = payload["aliasAccounts"].as_array().unwrap_or_else(|| panic!("{payload}"));
        linked.extend(
            made.iter().map(|made| (text(made, "/id").to_owned(), text(made, "/accountId").to_owned())),
        );
    }
    linked.sort();
    linked
}

/// The value of a metric, by its name and labels.
pub(crate) async fn metric(app: &App, name: &str) -> Option<f64> {
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap())
}

/// Waits until something is so.
pub(crate) async fn until<F: Future<Output = bool>>(otherwise: &str, is: impl Fn() -> F) {
    let began = Instant::now();
    while !is().await {
        assert!(began.elapsed() < PATIENCE, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
