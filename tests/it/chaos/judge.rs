//! What the clients were answered, held against what the upstreams said meanwhile, by the upstreams' own log.

use super::clients::{Client, Made, Standing, Truth, question, under_fault};
use super::stage::{Phase, Played, Stage, Upstream};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Beyond its deadline a request may take so long, for the machine and not for the service: whatever waits without a
/// bound takes longer.
const SLACK: Duration = Duration::from_secs(20);

/// Faults whose answers are right, only slow.
const ONLY_SLOW: [&str; 2] = ["delay", "drip"];

/// The outcome in calm weather.
pub(super) fn is_right(client: &Client, made: &Made) -> bool {
    made.outcome == right(client.standing, made.account.as_ref().map(|(_, truth)| *truth))
}

fn right(standing: Standing, account: Option<Truth>) -> &'static str {
    match (standing, account) {
        (Standing::Forged, _) => "UNAUTHENTICATED",
        (Standing::Ungranted, _) => "FORBIDDEN",
        (Standing::Granted, None | Some(Truth::Good)) => "ok",
        (Standing::Granted, Some(Truth::Blocked)) => "LEDGER_ACCOUNT_BLOCKED",
        (Standing::Granted, Some(Truth::External)) => "LEDGER_ACCOUNT_EXTERNAL",
        (Standing::Granted, Some(Truth::Missing)) => "LEDGER_ACCOUNT_NOT_FOUND",
    }
}

/// A call as an upstream logged it, if its answer was right and went out.
struct Right {
    at: jiff::Timestamp,
    subject: Option<String>,
    question: Option<(String, String)>,
    path: String,
}

/// Fails where anything was done that should not have been; else tells how much was looked at.
pub(super) async fn judge(
    stage: &Stage,
    clients: &[Client],
    played: &Played,
    scene: (Upstream, &Value),
) -> String {
    let made = &played.made;
    let decisions = right_calls(stage, Upstream::AccessManager).await;
    let answers = right_calls(stage, Upstream::Ledger).await;
    let mut counts = BTreeMap::<String, usize>::new();
    for (client, made) in clients.iter().zip(made) {
        for one in made {
            let told = || format!("{scene:?} {:?} {} {one:?}", client.standing, client.subject);
            let outage = is_outage(one);
            // The right answer or an outage: nothing else, never.
            assert!(outage || is_right(client, one), "{}", told());
            assert!(one.took < Duration::from_secs(super::DEADLINE_SECONDS) + SLACK, "{}", told());
            if one.outcome == "ok" {
                assert!(decisions.iter().any(|call| allows(call, client, one)), "not allowed: {}", told());
            }
            if let ("ok", Some((account, _))) = (one.outcome.as_str(), &one.account) {
                assert!(answers.iter().any(|call| confirms(call, account, one)), "not confirmed: {}", told());
            }
            *counts.entry(format!("{:?} {}", one.phase, one.outcome)).or_default() += 1;
        }
        assert!(made.iter().filter(|one| one.phase == Phase::Fault).count() >= under_fault());
    }
    assert_struck(played, scene);
    assert_linked(stage, made, &answers).await;
    format!("{counts:?}")
}

/// Whoever needs the upstream is struck, and sees outages where the answers are no answers; others see nothing of it.
fn assert_struck(played: &Played, (upstream, fault): (Upstream, &Value)) {
    let made = played.made.iter().flatten();
    let needs = upstream == Upstream::AccessManager || made.clone().any(|one| one.account.is_some());
    let outages = made.filter(|one| one.phase == Phase::Fault && is_outage(one)).count();
    // Some of these are answered rightly after all: in time, or at a second try.
    let mild = fault["kind"] == "flap" || fault["delayMs"] == 30;
    assert_eq!(played.struck > 0, needs, "{upstream:?} {fault}");
    assert!(mild || (outages > 0) == needs, "{upstream:?} {fault}: {outages}");
}

fn is_outage(made: &Made) -> bool {
    matches!(made.outcome.as_str(), "AUTHORIZATION_UNAVAILABLE" | "LEDGER_UNAVAILABLE" | "TIMEOUT")
}

fn allows(call: &Right, client: &Client, made: &Made) -> bool {
    let (resource, action) = question(client.work);
    let asked = call.question.as_ref().is_some_and(|(r, a)| (r.as_str(), a.as_str()) == (resource, action));
    asked && call.subject.as_deref() == Some(&client.subject) && within(call, made)
}

fn confirms(call: &Right, account: &str, made: &Made) -> bool {
    call.path.ends_with(&format!("/accounts/{account}")) && within(call, made)
}

/// Whether it was made while the request was answered; the log's instants are milliseconds.
fn within(call: &Right, made: &Made) -> bool {
    let millisecond = jiff::SignedDuration::from_millis(1);
    made.began - millisecond <= call.at && call.at <= made.ended
}

/// Whatever is linked now, told to its client or not, is a good account that the ledger confirmed.
async fn assert_linked(stage: &Stage, made: &[Vec<Made>], answers: &[Right]) {
    let tried = || made.iter().flatten().filter_map(|one| Some((one, one.account.as_ref()?)));
    let accounts: BTreeSet<&str> = tried().map(|(_, (id, _))| id.as_str()).collect();
    let accounts: Vec<&str> = accounts.into_iter().collect();
    let query = "query($ledger: UUID!, $accounts: [UUID!]!) {
        aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: $accounts) { accountId link { status } }
    }";
    let mut linked = BTreeSet::new();
    for some in accounts.chunks(100) {
        let variables = json!({"ledger": stage.app.ledger_id(), "accounts": some});
        let answer = stage.app.ask(query, variables).await;
        for found in answer["data"]["aliasAccountsByLedgerAccounts"].as_array().unwrap() {
            if let Some(id) = found["accountId"].as_str() {
                assert_eq!(found["link"]["status"], "VERIFIED");
                linked.insert(id.to_owned());
            }
        }
    }
    for (_, (account, _)) in tried().filter(|(one, _)| one.outcome == "ok") {
        assert!(linked.contains(account), "acknowledged and lost: {account}");
    }
    for account in linked {
        let confirmed = tried().any(|(one, (tried, truth))| {
            *tried == account
                && *truth == Truth::Good
                && answers.iter().any(|call| confirms(call, &account, one))
        });
        assert!(confirmed, "linked without the ledger's word: {account}");
    }
}

async fn right_calls(stage: &Stage, upstream: Upstream) -> Vec<Right> {
    let told = stage.drive(upstream, Method::GET, "calls", None).await;
    let calls = told["calls"].as_array().unwrap();
    assert_eq!(told["total"].as_u64().unwrap() as usize, calls.len(), "the log is not whole");
    let text = |call: &Value, path: &str| call.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let right = |call: &&Value| {
        let struck = call["fault"].as_str();
        call["status"] == 200 && struck.is_none_or(|kind| ONLY_SLOW.contains(&kind))
    };
    let read = |call: &Value| Right {
        at: text(call, "/at").unwrap().parse().unwrap(),
        subject: text(call, "/subject"),
        question: text(call, "/question/resource").zip(text(call, "/question/action")),
        path: text(call, "/path").unwrap(),
    };
    calls.iter().filter(right).map(read).collect()
}
