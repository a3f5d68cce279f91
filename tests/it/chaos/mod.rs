//! Every kind of fault, at each of the two upstreams, while 16 clients read or write: calm, fault, calm. Nothing that
//! Access Manager did not allow is done, nothing that the ledger did not confirm is linked, no request outlasts its
//! deadline, an outage reads neither as a denial nor as a permission, and all recovers by itself.

mod clients;
mod judge;
mod stage;

use clients::Work;
use serde_json::{Value, json};
use stage::{Stage, Upstream};

/// How long the service gives each request.
const DEADLINE_SECONDS: u64 = 3;

/// The faults, as the sandbox takes them; with those that only make answers slow, within an attempt's time and beyond.
fn faults() -> Vec<Value> {
    vec![
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 503, "retryAfter": 1}),
        json!({"kind": "status", "status": 429}),
        json!({"kind": "delay", "delayMs": 30}),
        json!({"kind": "delay", "delayMs": 2000}),
        json!({"kind": "hang"}),
        json!({"kind": "cut"}),
        json!({"kind": "garbage"}),
        json!({"kind": "content-type"}),
        json!({"kind": "big"}),
        json!({"kind": "drip", "delayMs": 100}),
        json!({"kind": "redirect"}),
        json!({"kind": "flap"}),
    ]
}

/// All faults of one upstream, one after the other, under 16 clients that do this work.
async fn run(upstream: Upstream, work: Work) {
    let deadline = format!("{DEADLINE_SECONDS}s");
    let stage = Stage::new(work, [&deadline, "400ms"]).await;
    for fault in faults() {
        scene(&stage, upstream, work, &fault).await;
    }
}

async fn scene(stage: &Stage, upstream: Upstream, work: Work, fault: &Value) {
    let clients = stage.clients(work).await;
    stage.forget_calls().await;
    let played = stage.play(upstream, fault, &clients).await;
    let counts = judge::judge(stage, &clients, &played, (upstream, fault)).await;
    println!("{upstream:?} {work:?} {fault}: {} calls struck, {counts}", played.struck);
}

/// Here nothing but the request's own time ends the wait: an attempt may take ten minutes, and the upstream hangs until
/// all have been answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upstream_that_hangs_while_nothing_but_the_deadline_ends_the_wait() {
    for (upstream, work) in [
        (Upstream::AccessManager, Work::Read),
        (Upstream::AccessManager, Work::Write),
        (Upstream::Ledger, Work::Write),
    ] {
        let stage = Stage::new(work, ["1s", "10m"]).await;
        scene(&stage, upstream, work, &json!({"kind": "hang"})).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_access_manager_while_16_clients_read() {
    run(Upstream::AccessManager, Work::Read).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_access_manager_while_16_clients_write() {
    run(Upstream::AccessManager, Work::Write).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_ledger_while_16_clients_read() {
    run(Upstream::Ledger, Work::Read).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_ledger_while_16_clients_write() {
    run(Upstream::Ledger, Work::Write).await;
}
