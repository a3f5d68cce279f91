//! `holdergraph check` beside a server that works: what changes under its eyes is no fault.

use super::super::app::App;
use super::super::bench::rounds;
use super::super::calls::{refusal, text};
use super::super::mutations::{MUTATIONS, fields, ready};
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// Every mutation again and again, and a document and an account that wander from record to record.
async fn work(app: &App, number: usize, done: &AtomicBool) {
    let account = json!({"ledgerId": app.ledger_id(), "accountId": app.account(number)});
    let mut turn = number;
    while !done.load(Ordering::SeqCst) {
        let ready = ready(app, MUTATIONS[turn % MUTATIONS.len()]).await;
        app.mutate(ready.mutation, fields(ready.mutation), &ready.input).await;
        let holder = json!({"type": "NATURAL_PERSON", "name": "A", "document": format!("wanders{number}x")});
        let input = json!({"holder": holder, "aliasAccounts": [account]});
        let made = app.mutate("onboardHolder", fields("onboardHolder"), &input).await;
        assert_eq!(refusal(&made), "", "{made}");
        let mode = if turn.is_multiple_of(2) { "SOFT" } else { "HARD" };
        for (mutation, path) in
            [("deleteAliasAccount", "/aliasAccounts/0/id"), ("deleteHolder", "/holder/id")]
        {
            let input = json!({"id": text(&made, path), "mode": mode});
            let deleted = app.mutate(mutation, "deletedId", &input).await;
            assert_eq!(deleted["userErrors"], Value::from(Vec::<Value>::new()), "{deleted}");
        }
        turn += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_beside_a_working_server_finds_nothing_and_hinders_nobody() {
    let app = App::patient();
    let done = AtomicBool::new(false);
    let checks = async {
        for _ in 0..rounds(100) {
            let dir = app.dir().to_owned();
            let checked = tokio::task::spawn_blocking(move || super::super::calls::check_json(&dir));
            let checked = checked.await.unwrap();
            assert_eq!(checked["faults"], json!(0), "{checked:#}");
        }
        done.store(true, Ordering::SeqCst);
    };
    futures::join!(join_all((0..8).map(|number| work(&app, number, &done))), checks);
    app.check();
}
