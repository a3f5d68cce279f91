//! Who shares an answer: identical questions of the same token while they are under way, and nobody else.

use super::super::app::App;
use super::super::process::PATIENCE;
use super::manager::{Gate, Manager, Reply, json as of_json, yes};
use super::{answer_to, forged, metric, patient, request_by};
use futures::future::join_all;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

const READ: &str = "{ holders { totalCount } }";
const IN_FLIGHT: &str = "holdergraph_requests_in_flight";

/// Allows the token that this header ends with, once the gate is open; refuses every other one at once.
fn only(token: &str, gate: &Arc<Gate>) -> Manager {
    let (token, gate) = (token.to_owned(), gate.clone());
    Manager::start(move |asked| {
        if asked.authorization.ends_with(&token) {
            Reply::Held(gate.clone(), yes().into())
        } else {
            of_json("401 Unauthorized", r#"{"code":"AUT-0001","title":"Unauthorized","message":"no"}"#)
        }
    })
}

async fn in_flight(app: &App, expected: u64) {
    let began = Instant::now();
    while metric(app, IN_FLIGHT).await != expected {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// No keys are configured: tokens are only decoded here, and what proves one is Access Manager's answer to it.
#[tokio::test]
async fn a_forged_token_with_a_genuine_subject_reaches_access_manager_itself_and_is_refused() {
    let upstreams = App::upstreams();
    let genuine = upstreams.token("admin");
    let forged = forged(&genuine);
    for (prefix, cache_ttl) in [("true", "5m"), ("true", "off"), ("false", "5m")] {
        let gate = Arc::new(Gate::default());
        let manager = only(&genuine, &gate);
        let mut settings = patient(&manager.url, cache_ttl).to_vec();
        settings.push(("AUTH_BEARER_PREFIX", prefix));
        let app = App::serve(&upstreams, &settings);

        let waiting = tokio::spawn(request_by(&app, &genuine, READ, json!({})).send());
        manager.was_asked(1).await;
        let refused = answer_to(&app, &forged, READ, json!({})).await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"), "{}", refused.body);
        assert!(!waiting.is_finished(), "the genuine token's question still hangs");
        let asked = manager.asked();
        let sent = |token: &str| if prefix == "true" { format!("Bearer {token}") } else { token.to_owned() };
        let headers: Vec<&str> = asked.iter().map(|asked| asked.authorization.as_str()).collect();
        assert_eq!(headers, [sent(&genuine), sent(&forged)], "each token was asked about by itself");
        assert_eq!(asked[0].body, asked[1].body, "and both name the same subject");

        gate.open();
        let allowed = waiting.await.unwrap().unwrap();
        assert_eq!(allowed.status(), 200);
        assert_eq!(allowed.text().await.unwrap(), r#"{"data":{"holders":{"totalCount":0}}}"#);
        // What the genuine one is allowed now is known, and still nothing to the forged one.
        assert_eq!(answer_to(&app, &genuine, READ, json!({})).await.status, 200);
        assert_eq!(answer_to(&app, &forged, READ, json!({})).await.status, 401);
    }
}

#[tokio::test]
async fn identical_questions_of_many_requests_are_one_call() {
    const REQUESTS: usize = 20;
    let upstreams = App::upstreams();
    let (token, gate) = (upstreams.token("admin"), Arc::new(Gate::default()));
    let manager = only(&token, &gate);
    let app = App::serve(&upstreams, &patient(&manager.url, "5m"));
    let waiting: Vec<_> =
        (0..REQUESTS).map(|_| tokio::spawn(request_by(&app, &token, READ, json!({})).send())).collect();
    manager.was_asked(1).await;
    in_flight(&app, REQUESTS as u64).await;
    gate.open();
    for answer in join_all(waiting).await {
        assert_eq!(
            answer.unwrap().unwrap().text().await.unwrap(),
            r#"{"data":{"holders":{"totalCount":0}}}"#
        );
    }
    assert_eq!(manager.asked().len(), 1);
    let count = async |source: &str| {
        let line = format!("holdergraph_decisions_total{{outcome=\"allowed\",source=\"{source}\"}}");
        metric(&app, &line).await
    };
    assert_eq!(count("asked").await, 1);
    assert_eq!(count("shared").await + count("cached").await, REQUESTS as u64 - 1);
}

#[tokio::test]
async fn where_the_client_whose_request_asked_goes_away_the_others_are_answered() {
    let upstreams = App::upstreams();
    let (token, gate) = (upstreams.token("admin"), Arc::new(Gate::default()));
    let manager = only(&token, &gate);
    let app = App::serve(&upstreams, &patient(&manager.url, "off"));
    let first = tokio::spawn(request_by(&app, &token, READ, json!({})).send());
    manager.was_asked(1).await;
    let second = tokio::spawn(request_by(&app, &token, READ, json!({})).send());
    in_flight(&app, 2).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    in_flight(&app, 1).await;
    gate.open();
    assert_eq!(
        second.await.unwrap().unwrap().text().await.unwrap(),
        r#"{"data":{"holders":{"totalCount":0}}}"#
    );
}
