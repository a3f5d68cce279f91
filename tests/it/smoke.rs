//! `holdergraph smoke`: the main job on a running service, as one of its clients, and nothing of it left behind.

use super::app::{App, binary};
use super::authority::Authority;
use super::links::said;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// What it did and said.
struct Smoke {
    code: Option<i32>,
    /// Each step, with how it ended and what it told.
    steps: Vec<[String; 3]>,
    summary: Value,
    stderr: String,
    /// Everything that was printed.
    all: String,
}

impl Smoke {
    /// The steps, by name and outcome.
    fn outcomes(&self) -> Vec<(&str, &str)> {
        self.steps.iter().map(|[step, outcome, _]| (step.as_str(), outcome.as_str())).collect()
    }

    fn detail(&self, step: &str) -> &str {
        let found = self.steps.iter().find(|[name, ..]| name == step);
        found.map(|[_, _, detail]| detail.as_str()).unwrap_or_else(|| panic!("no {step}: {}", self.all))
    }
}

/// Runs it against a service with the token of this person, if there is one, and more arguments.
fn smoke(app: &App, person: Option<&str>, more: &[&str]) -> Smoke {
    let dir = TempDir::new().unwrap();
    let token = person.map(|person| app.token(person));
    let mut command = binary();
    command.args(["smoke", "--json", "--organization", &app.organization()]).args(more);
    // The flag wins over it.
    command.env("SMOKE_URL", &app.base);
    if let Some(token) = &token {
        let file = dir.path().join("token");
        fs::write(&file, format!("{token}\n")).unwrap();
        command.env("SMOKE_TOKEN_FILE", file);
    }
    let (code, stdout, stderr) = said(&command.output().unwrap());
    let mut lines: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let summary = lines.pop().unwrap_or_else(|| panic!("nothing was printed: {stderr}"));
    let words = ["step", "outcome", "detail"];
    let steps = lines.iter().map(|line| words.map(|word| line[word].as_str().unwrap().to_owned())).collect();
    let all = stdout + &stderr;
    assert!(token.is_none_or(|token| !all.contains(&token)), "the token is told");
    assert!(!all.contains("holdergraph smoke\"") && !all.contains("SMOKE "), "the record is told: {all}");
    Smoke { code, steps, summary, stderr, all }
}

/// A service as it is where nobody says otherwise, and its upstreams.
fn service(settings: &[(&str, &str)]) -> (App, App) {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[&[("OPERATION_NAME_REQUIRED", "true")], settings].concat());
    (app, upstreams)
}

/// The arguments that name an account.
fn account(app: &App, id: &str) -> [String; 4] {
    ["--ledger".to_owned(), app.ledger_id(), "--account".to_owned(), id.to_owned()]
}

fn refs(arguments: &[String; 4]) -> [&str; 4] {
    [&arguments[0], &arguments[1], &arguments[2], &arguments[3]]
}

#[test]
fn the_whole_flow_goes_well_each_time_and_leaves_nothing_behind() {
    let (app, _upstreams) =
        service(&[("INTROSPECTION_ENABLED", "false"), ("AUTH_PII_RESOURCE", "holders-pii")]);
    let arguments = account(&app, &app.account(0));
    for _ in 0..2 {
        let smoke = smoke(&app, Some("admin"), &refs(&arguments));
        let expected = [
            "alive",
            "version",
            "create holder",
            "link account",
            "read",
            "erase alias account",
            "erase holder",
        ];
        assert_eq!(smoke.outcomes(), expected.map(|step| (step, "ok")), "{}", smoke.all);
        assert_eq!((smoke.code, smoke.stderr.as_str()), (Some(0), ""));
        assert_eq!(smoke.summary, json!({"outcome": "ok", "steps": 7, "failed": 0, "left": []}));
        assert!(smoke.detail("version").starts_with(env!("CARGO_PKG_VERSION")));
        assert_eq!(app.stored(), (0, 0));
    }
    let smoke = smoke(&app, Some("admin"), &[]);
    assert_eq!((smoke.code, smoke.steps.len()), (Some(0), 5), "without an account: {}", smoke.all);
    assert_eq!(app.stored(), (0, 0));
}

#[test]
fn without_purge_the_records_are_archived_and_that_is_said_and_no_failure() {
    let (app, _upstreams) = service(&[]);
    let arguments = account(&app, &app.account(0));
    let smoke = smoke(&app, Some("editor"), &refs(&arguments));
    assert_eq!(smoke.code, Some(0), "{}", smoke.all);
    for (step, resource) in [("erase alias account", "aliases"), ("erase holder", "holders")] {
        let detail = smoke.detail(step);
        let expected = format!("is archived, not erased: the token may not purge {resource}");
        assert!(detail.contains(&expected), "{detail}");
    }
    assert_eq!(smoke.outcomes()[5..], [("erase alias account", "noted"), ("erase holder", "noted")]);
    assert_eq!(smoke.summary["left"].as_array().unwrap().len(), 2);
    assert_eq!(app.stored(), (1, 1));
}

#[test]
fn a_token_that_may_not_delete_leaves_the_records_and_says_which() {
    let (app, _upstreams) = service(&[]);
    let smoke = smoke(&app, Some("contributor"), &[]);
    assert_eq!(smoke.code, Some(1), "{}", smoke.all);
    assert_eq!(smoke.outcomes()[3..], [("read", "ok"), ("erase holder", "failed")]);
    let id = smoke.detail("create holder");
    assert_eq!(smoke.summary["left"], json!([format!("holder {id}")]));
    assert!(smoke.stderr.contains("FORBIDDEN") && smoke.stderr.lines().count() == 1, "{}", smoke.stderr);
}

#[test]
fn without_a_token_or_a_right_the_first_step_that_needs_it_says_so_and_nothing_is_made() {
    let (app, _upstreams) = service(&[]);
    for (person, code, hint) in [
        (None, "UNAUTHENTICATED", "no token was sent: name its file with --token-file"),
        (Some("nobody"), "FORBIDDEN", "may not post holders"),
        (Some("viewer"), "FORBIDDEN", "may not post holders"),
    ] {
        let smoke = smoke(&app, person, &[]);
        let expected = [("alive", "ok"), ("version", "ok"), ("create holder", "failed")];
        assert_eq!((smoke.code, smoke.outcomes().as_slice()), (Some(1), &expected[..]), "{}", smoke.all);
        let detail = smoke.detail("create holder");
        assert!(detail.contains(code) && detail.contains(hint), "{person:?}: {detail}");
        assert_eq!(smoke.summary["left"], json!([]));
    }
    assert_eq!(app.stored(), (0, 0));
}

#[test]
fn where_the_ledger_says_no_the_holder_is_erased_all_the_same() {
    let (app, _upstreams) = service(&[]);
    for (id, code) in [
        (app.info["blockedAccountId"].as_str().unwrap().to_owned(), "LEDGER_ACCOUNT_BLOCKED"),
        (uuid::Uuid::now_v7().to_string(), "LEDGER_ACCOUNT_NOT_FOUND"),
    ] {
        let arguments = account(&app, &id);
        let smoke = smoke(&app, Some("admin"), &refs(&arguments));
        let expected = [("create holder", "ok"), ("link account", "failed"), ("erase holder", "ok")];
        assert_eq!((smoke.code, &smoke.outcomes()[2..]), (Some(1), &expected[..]), "{}", smoke.all);
        assert!(smoke.detail("link account").starts_with(code), "{}", smoke.all);
        assert!(smoke.stderr.contains(code), "{}", smoke.stderr);
        assert_eq!(smoke.summary, json!({"outcome": "failed", "steps": 5, "failed": 1, "left": []}));
    }
    assert_eq!(app.stored(), (0, 0));
}

#[test]
fn a_service_that_is_down_or_another_one_is_told_from_one_that_works() {
    let (app, upstreams) = service(&[]);
    let run = |url: &str| {
        let arguments = ["smoke", "--url", url, "--organization", &app.organization()];
        said(&binary().args(arguments).output().unwrap())
    };
    let (code, stdout, stderr) = run("http://127.0.0.1:1");
    assert_eq!(code, Some(1));
    assert!(
        stdout.contains("connection refused")
            && stdout.ends_with("1 steps, 1 failed; nothing is left behind\n"),
        "{stdout}"
    );
    assert!(stderr.starts_with("holdergraph: the smoke test failed; alive: "), "{stderr}");
    let (code, stdout, _) = run(upstreams.info["ledger"].as_str().unwrap());
    assert!(code == Some(1) && stdout.contains("is --url its base URL?"), "{stdout}");
    let (code, stdout, _) = run(&format!("{}/elsewhere", app.base));
    assert!(
        code == Some(1) && stdout.contains("status 404") && stdout.contains("is --url its base URL?"),
        "{stdout}"
    );
    let (code, _, stderr) = run("ftp://x");
    assert!(code == Some(2) && stderr.contains("SMOKE_URL: is no http or https URL"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_ledger_hangs_what_was_made_is_erased_all_the_same() {
    let (app, upstreams) = service(&[("REQUEST_TIMEOUT", "2s"), ("UPSTREAM_ATTEMPT_TIMEOUT", "2s")]);
    let url = format!("{}/_sandbox/faults", upstreams.info["ledger"].as_str().unwrap());
    let rules = json!({"rules": [{"kind": "hang", "path": "/v1/*"}]});
    let put = app.client.request(Method::PUT, &url).json(&rules).send().await.unwrap();
    assert!(put.status().is_success());
    let arguments = account(&app, &app.account(0));
    let smoke = tokio::task::block_in_place(|| smoke(&app, Some("admin"), &refs(&arguments)));
    assert_eq!((smoke.code, smoke.outcomes()[3]), (Some(1), ("link account", "failed")), "{}", smoke.all);
    assert_eq!(smoke.detail("erase holder"), smoke.detail("create holder"));
    assert_eq!((&smoke.summary["left"], app.stored()), (&json!([]), (0, 0)));
}

/// A way to a service on which so many answers to creations of holders are lost: they are carried out. Whoever repeats
/// them then is given this answer instead, where there is one.
async fn losing(app: &App, many: usize, then: Option<&'static str>) -> String {
    let (client, base, left) = (app.client.clone(), app.base.clone(), Arc::new(AtomicUsize::new(many)));
    let carry = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let is_creation = body.windows(17).any(|part| part == b"SmokeCreateHolder");
        let request = client.request(method, format!("{base}{uri}")).headers(headers).body(body);
        let answer = request.send().await.unwrap().text().await.unwrap();
        let lost = is_creation
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        let status = if lost { StatusCode::BAD_GATEWAY } else { StatusCode::OK };
        let answer = match then {
            Some(other) if is_creation && !lost => other.to_owned(),
            _ => answer,
        };
        (status, [("content-type", "application/json")], answer)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(carry)).await.unwrap() });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_creation_whose_answer_is_lost_is_repeated_and_at_last_found_and_erased() {
    let (app, _upstreams) = service(&[]);
    for (lost, code) in [(1, 0), (3, 1)] {
        let way = losing(&app, lost, None).await;
        let smoke = tokio::task::block_in_place(|| smoke(&app, Some("admin"), &["--url", &way]));
        assert_eq!(smoke.code, Some(code), "{}", smoke.all);
        assert_eq!(smoke.outcomes().last(), Some(&("erase holder", "ok")), "{}", smoke.all);
        assert_eq!((&smoke.summary["left"], app.stored()), (&json!([]), (0, 0)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_an_answer_is_lost_and_the_repetition_is_turned_away_it_says_what_is_perhaps_left() {
    let (app, _upstreams) = service(&[]);
    let busy = r#"{"data":null,"errors":[{"message":"slow down","extensions":{"code":"RATE_LIMITED"}}]}"#;
    let way = losing(&app, 1, Some(busy)).await;
    let smoke = tokio::task::block_in_place(|| smoke(&app, Some("admin"), &["--url", &way]));
    assert_eq!(smoke.code, Some(1), "{}", smoke.all);
    assert_eq!(smoke.outcomes().last(), Some(&("erase holder", "failed")), "{}", smoke.all);
    assert!(smoke.summary["left"].to_string().contains("perhaps the holder"), "{}", smoke.all);
    assert_eq!(app.stored(), (1, 0));
}

#[test]
fn over_tls_it_trusts_whom_it_is_told_to_and_nobody_else() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    ours.sign("server", "subjectAltName=IP:127.0.0.1");
    let (certificate, key) = (ours.file("server.pem"), ours.file("server.key"));
    let (app, _upstreams) = service(&[("TLS_CERT_FILE", &certificate), ("TLS_KEY_FILE", &key)]);
    assert_eq!(smoke(&app, Some("admin"), &["--ca-file", &ours.file("ca.pem")]).code, Some(0));
    let smoke = smoke(&app, Some("admin"), &["--ca-file", &theirs.file("ca.pem")]);
    assert_eq!((smoke.code, smoke.outcomes().as_slice()), (Some(1), &[("alive", "failed")][..]));
    assert!(smoke.detail("alive").contains("for https --ca-file?"), "{}", smoke.all);
}

#[test]
fn with_its_manifest_it_works_where_trusted_documents_alone_are_run() {
    let dir = TempDir::new().unwrap();
    let manifest = dir.path().join("smoke.json");
    let output = binary().args(["smoke", "--manifest"]).output().unwrap();
    fs::write(&manifest, &output.stdout).unwrap();
    let file = manifest.to_str().unwrap();
    let (app, _upstreams) = service(&[("TRUSTED_DOCUMENTS", "enforce"), ("TRUSTED_DOCUMENTS_FILE", file)]);
    let arguments = account(&app, &app.account(0));
    let smoke = smoke(&app, Some("admin"), &refs(&arguments));
    assert_eq!(smoke.code, Some(0), "{}", smoke.all);
}
