//! `holdergraph audit …` on what a real server has left: proven, tampered with, exported, counted.

mod commands;
mod tampered;

use super::app::{App, KEYS, binary};
use super::folder::{self, Folder};
use super::process::PATIENCE;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Instant;

/// Exit code, and what was printed to both outputs.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// `holdergraph audit` on the records of a folder: with the sandbox's key if it is one's, else with the tests' own.
fn audit(dir: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = binary();
    command.arg("audit").args(arguments).envs(folder::settings(dir));
    if arguments[0] == "verify" && !dir.join("sandbox-keys.env").exists() {
        command.envs([KEYS[2]]);
    }
    said(&command.output().unwrap())
}

/// What `audit verify --json` tells, with its exit code.
pub(crate) fn verified(dir: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let (code, stdout, stderr) = audit(dir, &[&["verify", "--json"], arguments].concat());
    (code, serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}")))
}

/// The lines of `audit export`.
pub(crate) fn exported(dir: &Path, arguments: &[&str]) -> Vec<Value> {
    let (code, stdout, stderr) = audit(dir, &[&["export"], arguments].concat());
    assert_eq!(code, Some(0), "{stderr}");
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Lines of an action.
fn of<'a>(lines: &'a [Value], action: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["event"]["action"] == action).collect()
}

/// What a server has left that has made so many holders, and the last head of its organization in its log.
struct Left {
    dir: Arc<Folder>,
    organization: String,
    holders: Vec<String>,
    head: Value,
}

/// A server makes holders and leaves; on the way it moves what waits to the trail.
async fn left(dir: Arc<Folder>, count: usize) -> Left {
    let app = App::sandbox_in(dir, &[("LOG_FORMAT", "json")]);
    let mut holders = Vec::new();
    for _ in 0..count {
        holders.push(app.holder().await);
    }
    let organization = app.organization();
    app.signal("TERM");
    let mut app = app;
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
    let heads =
        app.log().lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect::<Vec<_>>();
    let head = heads.iter().rfind(|line| line["anchor"].is_string()).expect("a head in the log").clone();
    assert_eq!(head["organization"], json!(organization));
    Left { dir: app.shared_dir(), organization, holders, head }
}

/// Waits until something is so.
fn until(otherwise: &str, is: impl Fn() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < PATIENCE, "{otherwise}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
