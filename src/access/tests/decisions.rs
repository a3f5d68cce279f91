//! What Access Manager's answers come to.

use super::super::{Client, ExpectedClaims, Settings, Verifier};
use super::{client, now, person_and, settings, token};
use crate::registry::ports::access::Decision::{Allowed, Denied, Unauthenticated};
use crate::registry::ports::access::{AccessManager, Action, Asked, Decision, NoDecision, Resource};
use crate::tls::UpstreamTls;
use crate::upstream::stand_in::{PATIENT, Reply, StandIn, TOKEN, call, json, limits, nobody, raw};
use serde_json::{Value, json as value};

/// The decision that this answer comes to, or the reason why it is none.
async fn decided(reply: Reply) -> Result<Decision, String> {
    let attempt_timeout = reply.attempt_timeout();
    let server = StandIn::always(reply).await;
    let settings = Settings { limits: limits(attempt_timeout), ..settings(&server.base) };
    let client = Client::new(settings, Verifier::none(ExpectedClaims::default())).unwrap();
    let call = call(Asked::Person("lerian/7f3c".to_owned()));
    let decision = client.decide(&call, Resource::Holders, Action::Post).await;
    assert!(server.seen().len() <= 1, "no redirect is followed and nothing asked again");
    decision.map_err(|NoDecision(reason)| reason)
}

fn padded(length: usize) -> Vec<u8> {
    let mut body = br#"{"authorized": true}"#.to_vec();
    body.resize(length, b' ');
    body
}

fn clear_answers() -> Vec<(&'static str, Reply, Decision)> {
    let error = value!({"code": "AUT-1004", "title": "Forbidden", "message": "no"});
    vec![
        ("authorized", json(200, &value!({"authorized": true})), Allowed),
        ("with a time as text", json(200, &value!({"authorized": true, "timestamp": "1763925185"})), Allowed),
        ("with any time", json(200, &value!({"timestamp": {"a": []}, "authorized": true})), Allowed),
        ("as problem+json", raw(200, "application/problem+json", r#"{"authorized":true}"#), Allowed),
        ("just short enough", raw(200, "application/json", padded(64 * 1024)), Allowed),
        ("not authorized", json(200, &value!({"authorized": false})), Denied),
        ("403", json(403, &error), Denied),
        ("403 that says true", json(403, &value!({"authorized": true})), Denied),
        ("403 without JSON", raw(403, "text/html", "<html>"), Denied),
        ("401", json(401, &error), Unauthenticated),
        ("401 that says true", json(401, &value!({"authorized": true})), Unauthenticated),
        (
            "401 without a body",
            Reply::Whole { status: 401, content_type: None, body: Vec::new() },
            Unauthenticated,
        ),
    ]
}

const NEITHER: &str = "`authorized` is neither true nor false";

fn unclear_answers() -> Vec<(String, Reply, String)> {
    let odd = |authorized: Value| (json(200, &value!({"authorized": authorized})), NEITHER);
    let yes = r#"{"authorized": true}"#;
    let mut answers = vec![
        odd(value!("true")),
        odd(value!(1)),
        odd(value!(null)),
        odd(value!([true])),
        odd(value!({"authorized": true})),
        (json(200, &value!({})), NEITHER),
        (json(200, &value!({"Authorized": true})), NEITHER),
        (json(200, &value!([true])), "not a JSON object"),
        (json(200, &value!([{"authorized": true}])), "not a JSON object"),
        (json(200, &value!(true)), "not a JSON object"),
        (raw(200, "application/json", r#"{"authorized": false, "authorized": true}"#), "not a JSON object"),
        (raw(200, "application/json", r#"{"authorized": true} {}"#), "not a JSON object"),
        (raw(200, "application/json", r#"{"authorized": true"#), "not a JSON object"),
        (raw(200, "application/json", ""), "not a JSON object"),
        (raw(200, "application/json", format!("garbage {TOKEN}")), "not a JSON object"),
        (raw(200, "text/plain", yes), "not JSON"),
        (raw(200, "text/html", format!("<html>{TOKEN}")), "not JSON"),
        (Reply::Whole { status: 200, content_type: None, body: yes.into() }, "not JSON"),
        (raw(200, "application/json", padded(64 * 1024 + 1)), "over 65536 bytes"),
        (Reply::BrokenOff, "the connection broke off"),
        (Reply::Stuck, "timed out"),
        (Reply::Never, "timed out"),
    ]
    .into_iter()
    .map(|(reply, reason)| (format!("{reply:.200?}"), reply, reason.to_owned()))
    .collect::<Vec<_>>();
    for status in [201, 202, 206, 400, 404, 408, 409, 429, 500, 502, 503, 504] {
        let reply = json(status, &value!({"authorized": true, "code": TOKEN}));
        answers.push((status.to_string(), reply, format!("status {status}")));
    }
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::Redirect(status, "/v1/authorize");
        answers.push((status.to_string(), reply, format!("status {status}")));
    }
    answers
}

#[tokio::test]
async fn a_clear_answer_is_a_decision() {
    for (situation, reply, decision) in clear_answers() {
        assert_eq!(decided(reply).await, Ok(decision), "{situation}");
    }
}

#[tokio::test]
async fn everything_else_is_neither_a_permission_nor_a_denial() {
    for (situation, reply, reason) in unclear_answers() {
        assert_eq!(decided(reply).await, Err(reason), "{situation}");
    }
}

#[tokio::test]
async fn an_access_manager_that_is_not_there_decides_nothing() {
    let (_socket, base) = nobody();
    let decision = client(&base).decide(&call(Asked::Application), Resource::Holders, Action::Get).await;
    assert_eq!(decision, Err(NoDecision("connection refused".to_owned())));
    assert_eq!(client(&base).health().await, Err("connection refused".to_owned()));
}

#[tokio::test]
async fn health_tells_of_access_manager_and_of_the_key_set_at_once() {
    let (_socket, base) = nobody();
    let keys = StandIn::always(json(503, &value!({}))).await;
    let tls = UpstreamTls::default();
    let expected = ExpectedClaims::default();
    let verifier = Verifier::by_url(keys.base.clone(), PATIENT, PATIENT, &tls, expected).unwrap();
    let client = Client::new(settings(&base), verifier).unwrap();
    // Waits for the key set's first load.
    let signed = token(&person_and(value!({"exp": now() + 600})));
    assert!(client.identify(Some(&format!("Bearer {signed}"))).await.is_err());
    assert_eq!(
        client.health().await,
        Err("connection refused; the key set of AUTH_JWKS_URL: status 503".to_owned())
    );
}

#[tokio::test]
async fn health_is_asked_without_a_token() {
    let server = StandIn::always(raw(200, "text/plain", "healthy")).await;
    assert_eq!(client(&server.base).health().await, Ok(()));
    assert_eq!(server.seen()[0].line, "GET /health");
}
