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
    let stage = Stage::new(work).await;
    for fault in faults() {
        let clients = stage.clients(work).await;
        stage.forget_calls().await;
        let made = stage.play(upstream, &fault, &clients).await;
        let counts = judge::judge(&stage, &clients, &made, (upstream, &fault)).await;
        println!("{upstream:?} {work:?} {fault}: {counts}");
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
