//! `holdergraph migrate`: once, by one of many, and never on what a later release has written.

use super::super::app::{App, KEYS, binary};
use mongodb::bson::{Document, doc};
use mongodb::{Client, Database};
use serde_json::{Value, json};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn uri() -> String {
    std::env::var("TEST_MONGO_URI").unwrap_or_else(|_| {
        panic!(
            "this test needs a server of MongoDB's protocol: set TEST_MONGO_URI, for example to what \
             `scripts/mongo start` prints"
        )
    })
}

/// A database of a test's own, and the name of it.
async fn fresh() -> (Database, String) {
    let name = format!("hg_it_{}", uuid::Uuid::new_v4().simple());
    (Client::with_uri_str(uri()).await.unwrap().database(&name), name)
}

fn migrate(database: &str, arguments: &[&str]) -> Command {
    let mut command = binary();
    command.arg("migrate").args(arguments).env("DEPLOYMENT_MODE", "local");
    command.envs([("MONGO_URI", uri().as_str()), ("MONGO_NAME", database)]);
    command
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn ten_at_once_do_it_once_and_all_end_well() {
    let (database, name) = fresh().await;
    let ten: Vec<_> = (0..10)
        .map(|_| migrate(&name, &["--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut done = Vec::new();
    for process in ten {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        done.push(json(&output)["done"].as_array().unwrap().len());
    }
    done.sort_unstable();
    assert_eq!(done[..9], [0; 9]);
    let indexes = async |collection: &str| {
        database.collection::<Document>(collection).list_index_names().await.unwrap().len()
    };
    let mut made = 1;
    for collection in ["holders", "alias_accounts", "operations", "audit_entries", "audit_trail"] {
        // Each has the index of its ids without our doing.
        made += indexes(collection).await - 1;
    }
    // The layout is noted at the end.
    assert_eq!(done[9], made);
    let layout = database.collection::<Document>("layout");
    assert_eq!(layout.count_documents(doc! {}).await.unwrap(), 1, "the lock is given back");
    database.drop().await.unwrap();
}

#[tokio::test]
async fn check_says_what_would_be_done_and_does_nothing() {
    let (database, name) = fresh().await;
    let output = migrate(&name, &["--check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text.contains("make the index holders.claims\n") && text.contains("note layout 2\n"), "{text}");
    assert!(said(&output).contains("`holdergraph migrate` does them"));
    assert!(database.list_collection_names().await.unwrap().is_empty());

    assert!(migrate(&name, &[]).status().unwrap().success());
    let output = migrate(&name, &["--check", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(json(&output), json!({"store": "mongodb", "steps": [], "wrong": []}));

    // The driver does not take this server's answer, though the index is gone.
    let drop = doc! { "dropIndexes": "alias_accounts", "index": "updated" };
    let _ = database.run_command(drop).await;
    let output = migrate(&name, &["--check", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(json(&output)["steps"], json!(["make the index alias_accounts.updated"]));
    let output = migrate(&name, &["--json"]).output().unwrap();
    assert_eq!(json(&output)["done"], json!(["make the index alias_accounts.updated"]));

    let drop = doc! { "dropIndexes": "holders", "index": "claims" };
    let _ = database.run_command(drop).await;
    let other = doc! { "key": { "organizationId": 1, "claims": 1 }, "name": "claims" };
    database.run_command(doc! { "createIndexes": "holders", "indexes": [other] }).await.unwrap();
    let output = migrate(&name, &["--check", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(json(&output)["wrong"][0].as_str().unwrap().starts_with("the index holders.claims is not as"));
    let output = migrate(&name, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("holders.claims") && said(&output).contains("drop"), "{}", said(&output));
    database.drop().await.unwrap();
}

#[tokio::test]
async fn a_server_prepares_its_database_and_refuses_one_of_a_later_release() {
    let (database, name) = fresh().await;
    let upstreams = App::sandbox();
    let uri = uri();
    let settings = [("MONGO_URI", uri.as_str()), ("MONGO_NAME", name.as_str())];
    let app = App::serve(&upstreams, &settings);
    app.holder().await;
    app.stop();
    assert_eq!(migrate(&name, &["--check"]).status().unwrap().code(), Some(0));

    let layout = database.collection::<Document>("layout");
    layout.update_one(doc! { "_id": "layout" }, doc! { "$set": { "version": 99 } }).await.unwrap();
    for arguments in [&["serve"][..], &["check"], &["migrate"], &["migrate", "--check"]] {
        let dir = TempDir::new().unwrap();
        let output = binary()
            .args(arguments)
            .current_dir(dir.path())
            .envs(settings)
            .envs([KEYS[0], KEYS[1], KEYS[2], ("DEPLOYMENT_MODE", "local")])
            .envs([("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:1"), ("MIDAZ_LEDGER_URL", "http://127.0.0.1:1")])
            .envs([("SERVER_ADDRESS", "127.0.0.1:0"), ("OPS_ADDRESS", "127.0.0.1:0")])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", said(&output));
        let told = said(&output);
        assert!(told.contains("has layout 99") && told.contains("none after 2"), "{arguments:?}: {told}");
    }
    database.drop().await.unwrap();
}

#[test]
fn the_embedded_store_is_migrated_too() {
    let dir = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = binary().arg("migrate").args(arguments).env("DATA_DIR", dir.path()).output().unwrap();
        (output.status.code(), json(&output))
    };
    let steps = json!(["make layout 1", "make layout 2", "make layout 3", "make layout 4"]);
    let todo = json!({"store": "sqlite", "steps": steps, "wrong": []});
    assert_eq!(run(&["--check", "--json"]), (Some(3), todo));
    assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none(), "--check writes nothing");
    assert_eq!(run(&["--json"]), (Some(0), json!({"store": "sqlite", "done": steps})));
    assert_eq!(run(&["--check", "--json"]).0, Some(0));
    assert_eq!(run(&["--json"]), (Some(0), json!({"store": "sqlite", "done": []})));
}
