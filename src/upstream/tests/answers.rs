//! What is taken for an answer, and by when.

use super::super::stand_in::{IMPATIENT, PATIENT, Reply, StandIn, TRACEPARENT, json, raw};
use super::Failure;
use super::{ask, body_of, someone, upstream};
use serde_json::json as value;
use std::time::Instant;

#[tokio::test]
async fn bodies_are_json_objects_within_their_length() {
    let of_length = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    for (content_type, body, expected) in [
        ("application/json", "{}".to_owned(), None),
        ("application/json; charset=utf-8", "{}".to_owned(), None),
        ("Application/JSON", "{}".to_owned(), None),
        ("application/problem+json;x=y", "{}".to_owned(), None),
        ("application/json", of_length(1000), None),
        ("application/json", of_length(1001), Some(Failure::TooLong(1000))),
        ("application/json", of_length(5_000_000), Some(Failure::TooLong(1000))),
        ("text/html", "{}".to_owned(), Some(Failure::NotJson)),
        ("application/jsonp", "{}".to_owned(), Some(Failure::NotJson)),
        ("text/plain; a=application/json", "{}".to_owned(), Some(Failure::NotJson)),
        ("", "{}".to_owned(), Some(Failure::NotJson)),
        ("application/json", String::new(), Some(Failure::NoObject)),
        ("application/json", "<html>".to_owned(), Some(Failure::NoObject)),
        ("application/json", "[{}]".to_owned(), Some(Failure::NoObject)),
        ("application/json", r#"{"a":1,"a":2}"#.to_owned(), Some(Failure::NoObject)),
    ] {
        let got = body_of(raw(200, content_type, body.clone())).await.err();
        assert_eq!(got, expected, "{content_type} {:.40}", body);
    }
    let untyped = Reply::Whole { status: 200, content_type: None, body: b"{}".to_vec() };
    assert_eq!(body_of(untyped).await, Err(Failure::NotJson));
}

#[tokio::test]
async fn what_breaks_off_or_never_ends_is_no_answer() {
    assert_eq!(body_of(Reply::BrokenOff).await, Err(Failure::BrokenOff));
    assert_eq!(body_of(Reply::Stuck).await, Err(Failure::TimedOut));
    assert_eq!(body_of(Reply::Never).await, Err(Failure::TimedOut));
}

#[tokio::test]
async fn a_status_that_tells_all_needs_no_body() {
    for status in [201, 204, 401, 403, 404, 429, 503] {
        let html = raw(status, "text/html", if status == 204 { "" } else { "<html>" });
        assert_eq!(body_of(html).await, Err(Failure::Status(status)));
    }
}

#[tokio::test]
async fn the_deadline_of_the_request_bounds_the_attempt() {
    let server = StandIn::always(Reply::Never).await;
    let upstream = upstream(&server.base, PATIENT);
    let mut call = someone();
    call.deadline = Instant::now() + IMPATIENT;
    assert_eq!(ask(&upstream, &call).await.unwrap_err(), Failure::OutOfTime);
}

#[tokio::test]
async fn nothing_is_asked_after_the_deadline() {
    let server = StandIn::always(json(200, &value!({}))).await;
    let mut call = someone();
    call.deadline = Instant::now();
    assert_eq!(ask(&upstream(&server.base, PATIENT), &call).await.unwrap_err(), Failure::OutOfTime);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_trace_is_passed_on_and_one_that_does_not_fit_is_left_out() {
    let server = StandIn::always(json(200, &value!({}))).await;
    let upstream = upstream(&server.base, PATIENT);
    ask(&upstream, &someone()).await.unwrap();
    let mut call = someone();
    call.request_id = "a\r\nb".to_owned();
    call.traceparent = String::new();
    ask(&upstream, &call).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].headers["traceparent"], TRACEPARENT);
    assert_eq!(seen[0].headers["x-request-id"], "request-1");
    assert!(!seen[1].headers.contains_key("traceparent") && !seen[1].headers.contains_key("x-request-id"));
}
