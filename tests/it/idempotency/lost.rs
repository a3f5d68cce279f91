//! The answer is lost: the client goes away after the commit, or before it, and repeats its call.

use super::super::app::{App, PATIENCE};
use super::super::bench::mutation_document;
use super::super::calls::refusal;
use super::super::inside;
use super::super::mutations::{MUTATIONS, Ready, fields, ids, keyed, ready};
use serde_json::{Value, json};
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// Sends a mutation on a connection of its own, and reads nothing.
fn send(app: &App, ready: &Ready, key: &str) -> TcpStream {
    let query = mutation_document(ready.mutation, fields(ready.mutation));
    let body = json!({"query": query, "variables": {"input": keyed(&ready.input, key)}}).to_string();
    let host = app.base.trim_start_matches("http://");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nX-Organization-Id: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        app.token("admin"),
        app.organization(),
        body.len(),
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
    stream
}

/// How many keys the store remembers.
fn remembered(app: &App) -> i64 {
    inside::remembered(app.dir())
}

/// Waits until the store shows it.
async fn until(what: impl Fn() -> bool) {
    let began = Instant::now();
    while !what() {
        assert!(began.elapsed() < PATIENCE, "the store never showed it");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn versions(app: &App, ready: &Ready) -> Value {
    let query = "query($id: ID!) { holder(id: $id, state: ANY) { version } aliasAccount(id: $id, state: ANY) { version } }";
    match &ready.record {
        Some(id) => app.ask(query, json!({"id": id})).await["data"].clone(),
        None => Value::Null,
    }
}

#[tokio::test]
async fn a_client_that_loses_the_answer_after_the_commit_gets_it_by_repeating() {
    let app = App::patient();
    for mutation in MUTATIONS {
        let ready = ready(&app, mutation).await;
        let before = remembered(&app);
        let stream = send(&app, &ready, mutation);
        until(|| remembered(&app) == before + 1).await;
        drop(stream);
        let (stored, seen) = (app.stored(), versions(&app, &ready).await);
        let input = keyed(&ready.input, mutation);
        let payload = app.mutate(mutation, fields(mutation), &input).await;
        assert!(refusal(&payload).is_empty() && !ids(&payload).is_empty(), "{mutation} {payload}");
        assert_eq!((app.stored(), versions(&app, &ready).await), (stored, seen), "{mutation} wrote once");
        assert_eq!(remembered(&app), before + 1, "{mutation}");
    }
    app.check();
}

#[tokio::test]
async fn a_client_that_goes_away_at_once_and_repeats_has_written_once() {
    let app = App::patient();
    for (round, mutation) in MUTATIONS.into_iter().cycle().take(3 * MUTATIONS.len()).enumerate() {
        let ready = ready(&app, mutation).await;
        let (before, stored) = (remembered(&app), app.stored());
        let key = format!("key {round}");
        let stream = send(&app, &ready, &key);
        stream.shutdown(Shutdown::Both).unwrap();
        drop(stream);
        let input = keyed(&ready.input, &key);
        let payload = app.mutate(mutation, fields(mutation), &input).await;
        assert!(refusal(&payload).is_empty() && !ids(&payload).is_empty(), "{mutation} {payload}");
        assert_eq!(app.mutate(mutation, fields(mutation), &input).await, payload, "{mutation}");
        assert_eq!(remembered(&app), before + 1, "{mutation}");
        let grown = match mutation {
            "createHolder" => (1, 0),
            "onboardHolder" => (1, 2),
            "createAliasAccount" => (0, 1),
            _ => (0, 0),
        };
        assert_eq!(app.stored(), (stored.0 + grown.0, stored.1 + grown.1), "{mutation}");
    }
    app.check();
}
