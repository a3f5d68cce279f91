//! `holdergraph copy`: an embedded installation moves into MongoDB, and its clients see no difference.

use super::super::app::{App, binary};
use super::super::calls::{PATIENT, PATIENT_OVER_MONGO, check_json};
use super::super::folder::{Folder, database, settings, uri};
use super::super::inside;
use super::super::mutations::{MUTATIONS, fields, ready, with};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn copy(arguments: &[&str]) -> Command {
    let mut command = binary();
    command.arg("copy").args(arguments);
    command
}

/// The command that moves one folder's records into another's database.
fn moving(from: &Path, to: &Path) -> Command {
    let mut command = copy(&["--json", "--from", &format!("sqlite://{}", from.display())]);
    command.envs(settings(to));
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// All that readers see: every holder with its alias accounts, in whatever state.
const EVERYTHING: &str = "{
  live: holders(first: 40) { totalCount nodes { ...all } }
  deleted: holders(first: 40, filter: {state: DELETED}) { totalCount nodes { ...all } }
}
fragment all on Holder {
  id type name document externalId metadata version createdAt updatedAt deletedAt
  aliasAccounts(first: 10, filter: {state: ANY}) {
    nodes { id ledgerId accountId version createdAt updatedAt deletedAt bankingDetails { account } metadata }
  }
}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_see_no_difference_and_repeats_are_still_known() {
    let upstreams = App::upstreams();
    let old = Folder::embedded();
    let before = App::serve_in(old.clone(), &upstreams, &PATIENT);
    let mut calls = Vec::new();
    for mutation in MUTATIONS {
        let ready = ready(&before, mutation).await;
        let input = with(ready.input, "idempotencyKey", mutation);
        let payload = before.mutate(mutation, fields(mutation), &input).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload}");
        calls.push((mutation, input, payload));
    }
    let shown = before.ask(EVERYTHING, json!({})).await;
    assert_eq!(shown["errors"], Value::Null, "{shown}");
    for state in ["live", "deleted"] {
        let nodes = shown["data"][state]["nodes"].as_array().unwrap().len();
        assert_eq!(shown["data"][state]["totalCount"], json!(nodes), "{state}: all are shown");
    }

    let new = Folder::in_mongo();
    let busy = moving(old.path(), new.path()).output().unwrap();
    assert_eq!(busy.status.code(), Some(1), "{}", said(&busy));
    assert!(said(&busy).contains("stop that server"), "{}", said(&busy));
    assert!(inside::is_new(new.path()), "nothing is written while the old server runs");
    before.stop();

    let moved = moving(old.path(), new.path()).output().unwrap();
    assert!(moved.status.success(), "{}", said(&moved));
    let proof: Value = serde_json::from_slice(&moved.stdout).unwrap();
    let (holders, alias_accounts) = inside::count(old.path());
    assert_eq!(proof["holders"]["count"], json!(holders), "{proof}");
    assert_eq!(proof["aliasAccounts"]["count"], json!(alias_accounts), "{proof}");
    assert_eq!(proof["operations"]["count"], json!(inside::remembered(old.path())), "{proof}");
    assert_eq!(inside::count(new.path()), (holders, alias_accounts));
    assert_eq!(check_json(new.path())["faults"], json!(0));

    let after = App::serve_in(new.clone(), &upstreams, &PATIENT_OVER_MONGO);
    assert_eq!(after.ask(EVERYTHING, json!({})).await, shown);
    for (mutation, input, payload) in calls {
        assert_eq!(after.mutate(mutation, fields(mutation), &input).await, payload, "a repeat of {mutation}");
    }
    after.stop();

    let again = moving(old.path(), new.path()).output().unwrap();
    assert_eq!(again.status.code(), Some(3), "{}", said(&again));
    assert!(said(&again).contains("not empty"), "{}", said(&again));
}

/// Arguments and settings, the exit code that they lead to, and what is told.
type Wrong<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], i32, &'a str);

#[test]
fn wrong_inputs_are_named_and_nothing_is_written() {
    let empty = TempDir::new().unwrap();
    let nowhere = format!("sqlite://{}", empty.path().display());
    let old = Folder::embedded();
    let mut migrate = binary();
    migrate.arg("migrate").env("DATA_DIR", old.path());
    assert!(migrate.status().unwrap().success());
    let from = format!("sqlite://{}", old.path().display());
    let new = Folder::in_mongo();
    let (to, name) = (uri(new.path()), database(new.path()));
    let local = ("DEPLOYMENT_MODE", "local");
    let cases: [Wrong<'_>; 9] = [
        (&[], &[], 2, "--from"),
        (&["--from", "./data"], &[local], 1, "--from names no embedded store"),
        (&["--from", "sqlite://"], &[local], 1, "--from names no embedded store"),
        (&["--from", &nowhere, "--to", &to], &[local], 1, "holds no embedded store"),
        (&["--from", &from, "--to", "postgres://127.0.0.1/"], &[local], 1, "--to names no MongoDB"),
        (&["--from", &from], &[local], 1, "no database is named"),
        (&["--from", &from, "--to", &to], &[], 2, "MONGO_URI: a connection without TLS is refused"),
        (&["--from", &from, "--to", &to, "--mongo-name", "a b"], &[local], 2, "MONGO_NAME"),
        (&["--from", &from, "--to", "mongodb://127.0.0.1:1/"], &[local], 1, "opening the database"),
    ];
    for (arguments, settings, code, told) in cases {
        let mut command = copy(arguments);
        command.current_dir(empty.path()).envs(settings.iter().copied());
        if arguments.contains(&"--to") {
            command.env("MONGO_NAME", &name);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(told), "{arguments:?}: {}", said(&output));
    }
    assert!(inside::is_new(new.path()));
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none());
}
