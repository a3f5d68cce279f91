//! The rate limit: buckets that hold three requests and get one back in a minute.

use super::super::app::{Answer, App, send};
use super::super::tls::counted;
use super::{PAGE, assert_refused, post, serve};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

const SETTINGS: [(&str, &str); 2] = [("RATE_LIMIT_PER_MINUTE", "1"), ("RATE_LIMIT_BURST", "3")];

async fn ask(app: &App, token: &str, organization: &str, body: &Value) -> Answer {
    let mut request = post(app, body).build().unwrap();
    let headers = request.headers_mut();
    headers.insert("Authorization", format!("Bearer {}", app.token(token)).parse().unwrap());
    headers.insert("X-Organization-Id", HeaderValue::from_str(organization).unwrap());
    let answer = app.client.execute(request).await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap() }
}

#[tokio::test]
async fn who_sends_too_much_is_told_when_to_come_back_and_others_are_not_touched() {
    let app = serve(&SETTINGS);
    let (here, elsewhere) = (app.organization(), "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b".to_owned());
    let page = json!({"query": PAGE});
    for _ in 0..3 {
        assert_eq!(ask(&app, "viewer", &here, &page).await.status, 200);
    }
    for _ in 0..3 {
        let answer = ask(&app, "viewer", &here, &page).await;
        assert_refused(&answer, 429, "RATE_LIMITED", "1 requests a minute");
        assert_eq!(answer.body["errors"][0]["extensions"]["retryable"], true);
        let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    assert_eq!(ask(&app, "admin", &here, &page).await.status, 200, "another subject");
    assert_eq!(ask(&app, "viewer", &elsewhere, &page).await.status, 200, "another organization");
    assert_eq!(counted(&app, "holdergraph_rate_limited_total").await, 3);
    // Health is nobody's request.
    assert_eq!(app.get("/health").await.0, 200);
}

#[tokio::test]
async fn a_batch_counts_as_its_requests_and_one_over_the_burst_is_never_taken() {
    let app = serve(&SETTINGS);
    let here = app.organization();
    let batch = |requests: usize| json!(vec![json!({"query": PAGE}); requests]);
    let over = ask(&app, "admin", &here, &batch(4)).await;
    assert_refused(&over, 400, "BAD_USER_INPUT", "send at most 3 requests at once");
    assert!(!over.headers.contains_key("retry-after"));
    assert_eq!(ask(&app, "admin", &here, &batch(2)).await.status, 200);
    assert_eq!(ask(&app, "admin", &here, &batch(2)).await.status, 429);
    assert_eq!(ask(&app, "admin", &here, &batch(1)).await.status, 200, "the refused batch took nothing");
    assert_eq!(ask(&app, "admin", &here, &batch(1)).await.status, 429);
}

#[tokio::test]
async fn a_forged_token_takes_nothing_from_whom_it_names() {
    // Tokens are only decoded here, so anybody can write anybody's name into one.
    let app = serve(&SETTINGS);
    let (here, page) = (app.organization(), json!({"query": PAGE}));
    let token = app.token("viewer");
    let forged = format!("Bearer {}AAAA", &token[..token.len() - 4]);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let mut request = post(&app, &page).build().unwrap();
        request.headers_mut().insert("Authorization", forged.parse().unwrap());
        statuses.push(app.client.execute(request).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    assert_eq!(ask(&app, "viewer", &here, &page).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_too_and_nothing_is_read_of_who_has_nothing_left() {
    let app = serve(&SETTINGS);
    let here = app.organization();
    for body in [json!(7), json!([]), json!({"query": 7})] {
        assert_eq!(ask(&app, "viewer", &here, &body).await.status, 400);
    }
    for body in [json!(7), json!({"query": "{"}), json!({"query": PAGE})] {
        assert_refused(&ask(&app, "viewer", &here, &body).await, 429, "RATE_LIMITED", "try again in");
    }
}

#[tokio::test]
async fn without_a_setting_there_is_no_limit_and_without_a_good_token_nothing_is_counted() {
    let app = serve(&[]);
    for _ in 0..50 {
        assert_eq!(send(post(&app, &json!({"query": PAGE}))).await.status, 200);
    }
    let limited = serve(&SETTINGS);
    for _ in 0..10 {
        let bare = limited.client.post(format!("{}/graphql", limited.base)).json(&json!({"query": PAGE}));
        assert_eq!(send(bare).await.status, 401);
    }
    assert_eq!(send(post(&limited, &json!({"query": PAGE}))).await.status, 200);
}
