//! `holdergraph links verify`.

use super::front::Front;
use super::{link, onboarded, own_token, plain, said, sayings, verify, verify_json};
use crate::app::App;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

#[tokio::test]
async fn what_became_of_an_account_is_recorded_and_told_and_a_mended_one_recovers() {
    let app = App::sandbox();
    let (other, organization) = (app.holder().await, app.organization());
    let (_, well) = app.linked("DOC-1", &app.account(1)).await;
    let (_, id) = app.linked("DOC-2", &app.account(0)).await;
    assert_eq!(verify_json(&app, &[]).0, Some(0));
    for (saying, status) in sayings(&other) {
        app.ledger_says(&app.account(0), saying.clone()).await;
        let output = verify(&app, &["--as", "maria.souza"], &[]).output().unwrap();
        let (code, stdout, stderr) = said(&output);
        let counts = format!("2 links, 1 VERIFIED, 1 {status}; 1 changed, 0 unanswered\n");
        assert_eq!(stdout, format!("{organization}  {id}  VERIFIED -> {status}\n{counts}"), "{stderr}");
        assert_eq!(code, Some(3), "{stderr}");
        assert_eq!(link(&app, &id).await["status"], json!(status), "{saying}");
        assert_eq!(link(&app, &well).await["status"], json!("VERIFIED"));

        // Broken before, and broken still: nothing has changed, and the exit code is the same.
        let (code, told) = verify_json(&app, &[]);
        let mut statuses =
            json!({"VERIFIED": 1, "NOT_FOUND": 0, "BLOCKED": 0, "MISMATCH": 0, "UNVERIFIED": 0});
        statuses[status] = json!(1);
        let expected = json!({
            "complete": true, "resumed": false, "links": 2, "broken": 1, "statuses": statuses,
            "unanswered": 0, "skipped": 0, "changed": 0, "changes": [],
        });
        assert_eq!((code, told), (Some(3), expected));

        app.ledger_says(&app.account(0), plain()).await;
        let (code, told) = verify_json(&app, &[]);
        let change = json!({"organizationId": organization, "aliasAccountId": id, "before": status, "now": "VERIFIED"});
        assert_eq!((code, &told["changes"], &told["broken"]), (Some(0), &json!([change]), &json!(0)));
        assert_eq!(link(&app, &id).await["status"], json!("VERIFIED"));
    }
    app.check();
}

#[tokio::test]
async fn where_the_ledger_is_down_links_stay_and_the_next_run_goes_on() {
    let app = App::sandbox();
    let front = Front::of(&app);
    let linked = onboarded(&app, 3).await;
    app.ledger_says(&linked[0].1, json!({"blocked": true})).await;
    let before = link(&app, &linked[0].0).await;
    front.shut(true);
    let (code, told) = verify_json(&app, &[("MIDAZ_LEDGER_URL", &front.url)]);
    assert_eq!((code, &told["complete"], &told["links"]), (Some(1), &json!(false), &json!(0)));
    assert_eq!(link(&app, &linked[0].0).await, before);
    front.shut(false);
    let (code, told) = verify_json(&app, &[("MIDAZ_LEDGER_URL", &front.url)]);
    assert_eq!((code, &told["resumed"], &told["links"]), (Some(3), &json!(true), &json!(3)), "{told}");
    assert_eq!(link(&app, &linked[0].0).await["status"], json!("BLOCKED"));
}

#[tokio::test]
async fn accounts_that_the_ledger_says_nothing_of_end_in_another_code_than_broken_links() {
    let app = App::sandbox();
    let front = Front::of(&app);
    onboarded(&app, 3).await;
    front.answer_only(1);
    let settings = [("MIDAZ_LEDGER_URL", front.url.as_str()), ("UPSTREAM_ATTEMPT_TIMEOUT", "200ms")];
    let (code, told) = verify_json(&app, &settings);
    assert_eq!((code, &told["complete"], &told["unanswered"]), (Some(1), &json!(true), &json!(2)), "{told}");
}

#[test]
fn without_a_client_of_its_own_it_is_refused() {
    let app = App::upstreams();
    let mut command = verify(&app, &[], &[]);
    own_token(&app).iter().for_each(|(name, _)| {
        command.env_remove(name);
    });
    let (code, _, stderr) = said(&command.output().unwrap());
    assert!(code == Some(2) && stderr.contains("MIDAZ_CLIENT_ID"), "{stderr}");
    let (code, _, stderr) = said(&verify(&app, &["--as", "a/b"], &[]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("is no name"), "{stderr}");
}

/// A slow run, and its output line by line.
fn slowly(app: &App, front: &Front) -> Child {
    let mut command = verify(app, &["--json", "--rate", "2"], &[("MIDAZ_LEDGER_URL", &front.url)]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    let kill =
        std::process::Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_interrupted_goes_on_where_it_stopped() {
    let app = App::sandbox();
    let front = Front::of(&app);
    let linked = onboarded(&app, 8).await;
    app.ledger_says(&linked[0].1, json!({"blocked": true})).await;
    let accounts = |range: std::ops::Range<usize>| {
        let mut accounts: Vec<String> = linked[range].iter().map(|(_, account)| account.clone()).collect();
        accounts.sort();
        accounts
    };

    // By SIGTERM, in the middle of its second page: the links that it is at are ended.
    front.answer_only(3);
    let run = slowly(&app, &front);
    front.wait_for_a_question();
    signal(&run, "TERM");
    front.answer_only(usize::MAX);
    let (code, stdout, stderr) = said(&run.wait_with_output().unwrap());
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert!(code == Some(1) && stderr.contains("goes on where this run stopped"), "{stderr}");
    assert_eq!((&told["complete"], &told["resumed"]), (&json!(false), &json!(false)));
    let done = usize::try_from(told["links"].as_u64().unwrap()).unwrap();
    assert!((4..8).contains(&done), "{told}");
    assert_eq!(front.asked(), accounts(0..done));

    // By SIGKILL, at its second page: the place behind the first one is noted by then.
    front.answer_only(2);
    let mut run = slowly(&app, &front);
    front.wait_for_a_question();
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(front.asked(), accounts(done..done + 2));

    // The next one waits for signs of life of the killed one, and then goes on.
    front.answer_only(usize::MAX);
    let mut command = verify(&app, &["--rate", "0"], &[("MIDAZ_LEDGER_URL", &front.url)]);
    let (code, stdout, stderr) = said(&command.output().unwrap());
    assert!(stderr.contains(&format!("behind its first {} links", done + 2)), "{stderr}");
    assert_eq!(
        stdout, "8 links, 7 VERIFIED, 1 BLOCKED; 1 changed, 0 unanswered\n",
        "the counts are of the whole"
    );
    assert_eq!((code, front.asked()), (Some(3), accounts(done + 2..8)), "{stderr}");

    // It has ended, so the next one asks about all of them; and so does one that shall.
    let (code, told) = verify_json(&app, &[("MIDAZ_LEDGER_URL", &front.url)]);
    assert_eq!((code, &told["resumed"], front.asked()), (Some(3), &json!(false), accounts(0..8)));
    front.answer_only(1);
    let run = slowly(&app, &front);
    front.wait_for_a_question();
    signal(&run, "INT");
    front.answer_only(usize::MAX);
    assert_eq!(said(&run.wait_with_output().unwrap()).0, Some(1));
    front.asked();
    let arguments = ["--rate", "0", "--from-start"];
    verify(&app, &arguments, &[("MIDAZ_LEDGER_URL", &front.url)]).output().unwrap();
    assert_eq!(front.asked(), accounts(0..8));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_runs_at_once_the_second_one_is_refused() {
    let app = App::sandbox();
    let front = Front::of(&app);
    onboarded(&app, 2).await;
    front.answer_only(0);
    // Its question hangs; it gives signs of life all the same.
    let settings = [("MIDAZ_LEDGER_URL", front.url.as_str()), ("UPSTREAM_ATTEMPT_TIMEOUT", "5m")];
    let mut first = verify(&app, &[], &settings).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    front.wait_for_a_question();
    let mut second = verify(&app, &[], &settings).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(second.stderr.take().unwrap()).lines();
    let told: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(second.wait().unwrap().code(), Some(1), "{told:?}");
    assert!(told.last().unwrap().contains("another `holdergraph links verify` is at work"), "{told:?}");
    first.kill().unwrap();
    first.wait().unwrap();
}
