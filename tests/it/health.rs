//! `holdergraph health`: what a probe in the image asks, and what it is told.

use super::app::{App, binary};
use super::inside;
use super::tls::eventually;
use serde_json::{Value, json};
use std::net::TcpListener;

/// Exit code and both outputs of `health`, asked of this ops port.
pub(crate) fn said(ops: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let address = ops.trim_start_matches("http://");
    let output = binary().arg("health").args(arguments).env("OPS_ADDRESS", address).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_server_that_is_well_is_alive_and_ready() {
    let app = App::sandbox();
    let port = app.ops.rsplit(':').next().unwrap();
    for address in [app.ops.clone(), format!("0.0.0.0:{port}"), format!(":{port}"), format!("[::]:{port}")] {
        assert_eq!(said(&address, &[]), (Some(0), "alive\n".to_owned(), String::new()), "{address}");
        assert_eq!(said(&address, &["--ready"]), (Some(0), "ready\n".to_owned(), String::new()), "{address}");
    }
    let (code, stdout, stderr) = said(&app.ops, &["--ready", "--json"]);
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(
        (&told["ok"], &told["httpStatus"], &told["problem"]),
        (&json!(true), &json!(200), &Value::Null)
    );
    assert_eq!((&told["answer"]["status"], told["answer"]["checks"].is_object()), (&json!("ready"), true));
    // The flag wins.
    let mut command = binary();
    command.args(["health", "--ops-address", app.ops.trim_start_matches("http://")]);
    assert!(command.env("OPS_ADDRESS", "127.0.0.1:1").output().unwrap().status.success());
}

#[test]
fn a_server_without_its_store_is_alive_and_not_ready() {
    let app = App::sandbox();
    inside::rename_table(app.dir(), "key_checks", "elsewhere");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(eventually("not ready", async || said(&app.ops, &["--ready"]).0 == Some(1)));
    let (_, stdout, stderr) = said(&app.ops, &["--ready"]);
    assert!(
        stdout.is_empty() && stderr.contains("/readyz answered 503: what it needs is down (store"),
        "{stderr}"
    );
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert_eq!(said(&app.ops, &[]).0, Some(0));
}

#[test]
fn one_that_leaves_says_so() {
    let upstreams = App::upstreams();
    let mut app = App::serve(&upstreams, &[("DRAIN_SECONDS", "3600"), ("SHUTDOWN_TIMEOUT", "1s")]);
    app.signal("TERM");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(eventually("not ready", async || said(&app.ops, &["--ready"]).0 == Some(1)));
    let (_, stdout, stderr) = said(&app.ops, &["--ready", "--json"]);
    assert!(stderr.contains("answered 503: it is about to leave, and wants no new requests"), "{stderr}");
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&told["ok"], &told["answer"]["status"]), (&json!(false), &json!("draining")));
    assert!(stderr.contains(told["problem"].as_str().unwrap()));
    assert_eq!(said(&app.ops, &[]).0, Some(0), "nobody is to restart it");
    app.signal("KILL");
    app.wait();
}

#[test]
fn where_nobody_or_somebody_else_listens_it_says_so_and_what_to_do() {
    let (code, stdout, stderr) = said("127.0.0.1:1", &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    let expected = "nobody listens at http://127.0.0.1:1/health: start the server, or set OPS_ADDRESS";
    assert!(stderr.contains(expected) && stderr.lines().count() == 1, "{stderr}");
    // The ledger of a sandbox is alive in words of its own.
    let sandbox = App::sandbox();
    let (code, _, stderr) = said(sandbox.info["ledger"].as_str().unwrap(), &[]);
    assert!(code == Some(1) && stderr.contains("that is no answer of holdergraph"), "{stderr}");
    let (code, _, stderr) = said("127.0.0.1:0", &[]);
    assert!(code == Some(2) && stderr.contains("OPS_ADDRESS: takes any free port"), "{stderr}");
}

#[test]
fn who_takes_the_connection_and_says_nothing_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let (code, _, stderr) = said(&address, &[]);
    let expected = format!("http://{address}/health gave no answer within 3 s");
    assert!(code == Some(1) && stderr.contains(&expected), "{stderr}");
}
