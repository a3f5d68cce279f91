//! What who has missed too often is told, and what the operator is.

use super::{BY_DOCUMENT, guarded, known, miss, refused_at, spend};
use crate::app::{App, fresh_document, send};
use crate::tls::{counted, eventually};
use serde_json::{Value, json};

#[tokio::test]
async fn who_has_missed_too_often_is_told_at_the_field_when_to_come_back_and_all_else_is_served() {
    let app = guarded("3", &[]);
    let (holder, document) = known(&app).await;
    spend(&app, 3).await;
    let query = "query Both($id: ID!, $document: String!) {
        holder(id: $id) { id } sought: holderByDocument(document: $document) { id } holders(first: 1) { totalCount } }";
    // A hit is refused too: an answer would tell it from a miss.
    let answer = send(app.request(query, json!({"id": holder, "document": document}))).await;
    assert_eq!(answer.status, 200);
    let (data, errors) = (&answer.body["data"], answer.body["errors"].as_array().unwrap());
    assert_eq!(*data, json!({"holder": {"id": holder}, "sought": null, "holders": {"totalCount": 1}}));
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["path"], json!(["sought"]));
    assert_eq!(errors[0]["locations"], json!([{"line": 2, "column": 32}]));
    let extensions = errors[0]["extensions"].as_object().unwrap();
    let names: Vec<&str> = extensions.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "requestId", "retryAfter", "retryable"]);
    assert_eq!((&extensions["code"], &extensions["retryable"]), (&json!("RATE_LIMITED"), &json!(true)));
    let seconds = extensions["retryAfter"].as_u64().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
    let message = errors[0]["message"].as_str().unwrap();
    let said = format!(
        "over the limit of 3 look-ups a minute and organization that find nobody: try again in {seconds} s"
    );
    assert_eq!(message, said);
}

#[tokio::test]
async fn nobody_else_and_no_other_organization_is_touched() {
    let app = guarded("2", &[]);
    spend(&app, 2).await;
    assert_eq!(refused_at(&miss(&app).await), [json!(["holderByDocument"])]);
    let variables = json!({"document": fresh_document()});
    for other in ["viewer", "editor"] {
        let answer = app.ask_as(other, BY_DOCUMENT, variables.clone()).await;
        assert_eq!(answer, json!({"data": {"holderByDocument": null}}));
    }
    let mut elsewhere = app.request(BY_DOCUMENT, variables).build().unwrap();
    let other = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b".parse().unwrap();
    elsewhere.headers_mut().insert("X-Organization-Id", other);
    let answer: Value = app.client.execute(elsewhere).await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"data": {"holderByDocument": null}}));
}

#[tokio::test]
async fn who_may_not_read_misses_nothing_and_takes_nobodys_misses() {
    let app = guarded("1", &[]);
    for _ in 0..3 {
        let answer = app.ask_as("nobody", BY_DOCUMENT, json!({"document": fresh_document()})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], json!("FORBIDDEN"));
    }
    // A token that names the admin and was signed by nobody.
    let token = app.token("admin");
    let forged = format!("Bearer {}AAAA", &token[..token.len() - 4]);
    for _ in 0..3 {
        let mut request = app.request(BY_DOCUMENT, json!({"document": fresh_document()})).build().unwrap();
        request.headers_mut().insert("Authorization", forged.parse().unwrap());
        assert_eq!(app.client.execute(request).await.unwrap().status(), 401);
    }
    spend(&app, 1).await;
}

#[tokio::test]
async fn the_log_names_the_subject_once_and_never_a_value_and_the_metrics_count() {
    let app = guarded("2", &[("LOG_LEVEL", "trace")]);
    let (_, document) = known(&app).await;
    spend(&app, 2).await;
    let mut sought = vec![document];
    for _ in 0..4 {
        sought.push(fresh_document());
        let answer = app.ask(BY_DOCUMENT, json!({"document": sought.last()})).await;
        assert_eq!(refused_at(&answer).len(), 1);
        assert!(sought.iter().all(|document| !answer.to_string().contains(document)), "{answer}");
    }
    assert_eq!(counted(&app, r#"holdergraph_lookup_misses_total{outcome="counted"}"#).await, 2);
    assert_eq!(counted(&app, r#"holdergraph_lookup_misses_total{outcome="refused"}"#).await, 4);
    assert_eq!(counted(&app, "holdergraph_lookup_guarded_subjects").await, 1);
    let warned = |app: &App| {
        let log = app.log();
        log.lines().filter(|line| line.contains("LOOKUP_MISS_LIMIT")).map(str::to_owned).collect::<Vec<_>>()
    };
    eventually("the warning", async || !warned(&app).is_empty()).await;
    let lines = warned(&app);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(lines[0].contains(r#""WARN""#) && lines[0].contains(&app.organization()), "{line}");
    let subject = crate::process::find(&line, "subject").unwrap();
    assert!(subject.contains('/'), "owner and sub: {subject}");
    let log = app.log();
    assert!(sought.iter().all(|document| !log.contains(document)));
}

#[tokio::test]
async fn a_hundred_may_miss_unless_the_operator_says_otherwise_and_off_means_off() {
    let many = |count: usize| {
        let fields: String = (0..count)
            .map(|index| format!("a{index}: holderByDocument(document: \"{}\") {{ id }} ", fresh_document()))
            .collect();
        format!("query Many {{ {fields} }}")
    };
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[]);
    assert_eq!(refused_at(&app.ask(&many(100), json!({})).await), [""; 0]);
    assert_eq!(refused_at(&miss(&app).await).len(), 1);
    let off = App::serve(&upstreams, &[("LOOKUP_MISS_LIMIT", "off")]);
    for _ in 0..3 {
        assert_eq!(refused_at(&off.ask(&many(100), json!({})).await), [""; 0]);
    }
    assert!(off.log().contains("LOOKUP_MISS_LIMIT=off"));
}
