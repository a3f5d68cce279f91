//! Statuses and bodies, row by row of the table in the HTTP contract.

use super::app::{Answer, App, CREATE_HOLDER, code, new_holder, send};
use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;

const READ: &str = "{ holder(id: \"0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b\") { id } }";

/// A request whose header is what the test says, or missing.
async fn with_header(request: RequestBuilder, name: &'static str, values: &[&str]) -> Answer {
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.headers_mut().remove(name);
    for value in values {
        request.headers_mut().append(name, value.parse().unwrap());
    }
    send(RequestBuilder::from_parts(client, request)).await
}

fn only_errors(answer: &Answer) {
    let keys: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["errors"], "{}", answer.body);
    for error in answer.body["errors"].as_array().unwrap() {
        let extensions = error["extensions"].as_object().unwrap();
        assert!(extensions["code"].is_string() && extensions["retryable"].is_boolean(), "{error}");
        assert!(extensions["requestId"].is_string(), "{error}");
    }
}

#[tokio::test]
async fn a_token_that_is_missing_malformed_forged_or_expired_is_401_with_errors_alone() {
    let app = App::sandbox();
    let good = app.token("admin");
    let (head, signature) = good.rsplit_once('.').unwrap();
    let forged: String = signature.chars().rev().collect();
    let other = App::sandbox();
    let cases: Vec<Vec<String>> = vec![
        vec![],
        vec![String::new()],
        vec!["Bearer".to_owned()],
        vec!["Bearer x".to_owned()],
        vec![format!("Basic {good}")],
        vec![format!("Bearer {head}.{forged}")],
        vec![format!("Bearer {}", other.token("admin"))],
        vec![format!("Bearer {good}"), format!("Bearer {good}")],
        vec![format!("Bearer {}", "a".repeat(20_000))],
    ];
    for values in cases {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let answer = with_header(app.request(READ, json!({})), "authorization", &values).await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{values:?} {}", answer.body);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        only_errors(&answer);
        assert!(!answer.body.to_string().contains(head));
    }
}

#[tokio::test]
async fn the_organization_is_one_uuid_and_asked_for_after_the_token() {
    let app = App::sandbox();
    let id = app.organization();
    for values in [&[][..], &["x"], &[""], &[&id, &id], &[&format!("{{{id}}}")], &[&id.replace('-', "")]] {
        let answer = with_header(app.request(READ, json!({})), "x-organization-id", values).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{values:?}");
        assert_eq!(answer.body["errors"][0]["extensions"]["header"], json!("x-organization-id"));
        only_errors(&answer);
    }
    let request = app.request(READ, json!({})).build().unwrap();
    let mut request = request;
    request.headers_mut().remove("x-organization-id");
    request.headers_mut().remove(AUTHORIZATION);
    assert_eq!(app.client.execute(request).await.unwrap().status(), 401);
    let upper = with_header(app.request(READ, json!({})), "x-organization-id", &[&id.to_uppercase()]).await;
    assert_eq!(upper.body, json!({"data": {"holder": null}}));
}

#[tokio::test]
async fn introspection_needs_no_organization_and_in_the_sandbox_no_token() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[("INTROSPECTION_ENABLED", "true")]);
    for query in
        ["{ __typename }", "{ __schema { types { name } } a: __typename }", "mutation { __typename }"]
    {
        for (app, token, expected) in
            [(&app, false, 200), (&app, true, 200), (&serve, true, 200), (&serve, false, 401)]
        {
            let mut request = app.client.post(format!("{}/graphql", app.base)).json(&json!({"query": query}));
            if token {
                request = request.bearer_auth(app.token("nobody"));
            }
            let answer = send(request).await;
            assert_eq!(answer.status, expected, "{query} {token} {}", answer.body);
        }
    }
    let both = "{ __typename holder(id: \"0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b\") { id } }";
    let request = app.client.post(format!("{}/graphql", app.base)).json(&json!({"query": both}));
    assert_eq!(send(request).await.status, 401);
}

#[tokio::test]
async fn serve_tells_nothing_of_its_schema_unless_it_is_set_to() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[("INTROSPECTION_ENABLED", "false")]);
    for (query, told) in [
        ("{ __schema { types { name } } }", "schema.graphql"),
        ("{ __type(name: \"Holder\") { name } }", "INTROSPECTION_ENABLED=true"),
        ("{ holdr(id: 1) { id } }", "does not have a field"),
    ] {
        let answer = send(serve.request(query, json!({}))).await;
        let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{query} {}", answer.body);
        assert!(message.contains(told) && !message.contains("did you mean"), "{message}");
    }
    let answer = send(serve.request("{ __typename }", json!({}))).await;
    assert_eq!(answer.body, json!({"data": {"__typename": "Query"}}));
    let suggested = send(app.request("{ holdr(id: 1) { id } }", json!({}))).await;
    let message = suggested.body["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.ends_with("did you mean `holder`?"), "{message}");
}

#[tokio::test]
async fn an_operator_sets_what_a_document_may_ask_for() {
    let app = App::sandbox();
    let serve = App::serve(&app, &[("DOCUMENT_COST_MAX", "95"), ("DOCUMENT_ALIASES_MAX", "1")]);
    let page = "query($n: Int) { holders(first: $n) { nodes { id } } }";
    // A list and `nodes`, and for each holder the record and its id.
    for (query, variables, refused) in [
        (page, json!({"n": 14}), None),
        (page, json!({"n": 15}), Some("may cost 96, and at most 95")),
        ("{ a: __typename }", json!({}), None),
        ("{ a: __typename b: __typename }", json!({}), Some("has 2 aliases, and at most 1")),
    ] {
        let answer = send(serve.request(query, variables)).await;
        let message = answer.body["errors"][0]["message"].as_str();
        assert_eq!(message.is_some(), refused.is_some(), "{}", answer.body);
        assert!(message.unwrap_or_default().contains(refused.unwrap_or_default()), "{}", answer.body);
        assert_eq!(answer.body.get("data").is_some(), refused.is_none(), "{}", answer.body);
    }
}

#[tokio::test]
async fn request_errors_are_400_without_data_and_200_for_clients_of_plain_json() {
    let app = App::sandbox();
    let id = app.organization();
    for (query, variables, expected) in [
        ("{", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nobody }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", json!({}), "BAD_USER_INPUT"),
        ("query($id: ID!) { holder(id: $id) { id } }", json!({}), "BAD_USER_INPUT"),
        ("query($id: ID!) { holder(id: $id) { id } }", json!({"id": null}), "BAD_USER_INPUT"),
        (
            "query($l: UUID!) { aliasAccountByLedgerAccount(ledgerId: $l, accountId: $l) { id } }",
            json!({"l": "7"}),
            "BAD_USER_INPUT",
        ),
    ] {
        for (accept, status) in
            [("application/graphql-response+json", 400), ("application/json", 200), ("*/*", 200)]
        {
            let answer = with_header(app.request(query, variables.clone()), "accept", &[accept]).await;
            assert_eq!(
                (answer.status, answer.code()),
                (status, expected),
                "{query} {accept} {}",
                answer.body
            );
            let wanted = if status == 400 { accept } else { "application/json" };
            assert!(answer.headers[CONTENT_TYPE].to_str().unwrap().starts_with(wanted));
            only_errors(&answer);
        }
    }
    let unknown = app
        .request("query A { __typename }", json!({}))
        .json(&json!({"query": "query A { __typename }", "operationName": "B"}));
    assert_eq!((send(unknown).await.status, id.len()), (400, 36));
}

#[tokio::test]
async fn variables_are_judged_after_the_token_and_the_organization() {
    let app = App::sandbox();
    let request = || app.request("query($id: ID!) { holder(id: $id) { id } }", json!({}));
    for accept in ["application/json", "application/graphql-response+json"] {
        let bare = with_header(with_accept(request(), accept), "authorization", &[]).await;
        assert_eq!((bare.status, bare.code()), (401, "UNAUTHENTICATED"), "{}", bare.body);
        let bare = with_header(with_accept(request(), accept), "x-organization-id", &[]).await;
        assert_eq!(
            (bare.status, &bare.body["errors"][0]["extensions"]["header"]),
            (400, &json!("x-organization-id"))
        );
    }
}

fn with_accept(request: RequestBuilder, accept: &str) -> RequestBuilder {
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.headers_mut().insert(ACCEPT, accept.parse().unwrap());
    RequestBuilder::from_parts(client, request)
}

#[tokio::test]
async fn only_json_within_bounds_is_a_body() {
    let app = App::sandbox_with(&[("MAX_BODY_BYTES", "2000")]);
    let post = |content_type: Option<&str>, body: String| {
        let request = app.request("", json!({})).build().unwrap();
        let mut request = request;
        request.headers_mut().remove(CONTENT_TYPE);
        if let Some(content_type) = content_type {
            request.headers_mut().insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        *request.body_mut() = Some(body.into());
        request.headers_mut().remove("content-length");
        send(RequestBuilder::from_parts(app.client.clone(), request))
    };
    let good = json!({"query": READ}).to_string();
    for (content_type, body, status) in [
        (Some("application/json"), good.clone(), 200),
        (Some("Application/JSON; charset=UTF-8"), good.clone(), 200),
        (Some("application/json; charset=latin-1"), good.clone(), 415),
        (Some("text/plain"), good.clone(), 415),
        (Some("application/x-www-form-urlencoded"), format!("query={READ}"), 415),
        (Some("application/graphql"), READ.to_owned(), 415),
        (None, good.clone(), 415),
        (Some("application/json"), "{".to_owned(), 400),
        (Some("application/json"), String::new(), 400),
        (Some("application/json"), "[]".to_owned(), 400),
        (Some("application/json"), json!({"query": 7}).to_string(), 400),
        (Some("application/json"), json!({}).to_string(), 400),
        (Some("application/json"), json!({"query": READ, "variables": []}).to_string(), 400),
        (Some("application/json"), json!({"query": READ, "operationName": 7}).to_string(), 400),
        (Some("application/json"), json!({"query": READ, "extensions": "x"}).to_string(), 400),
        (
            Some("application/json"),
            json!({"query": READ, "variables": null, "operationName": null}).to_string(),
            200,
        ),
        (Some("application/json"), json!({"query": format!("{READ}{}", " ".repeat(2_000))}).to_string(), 413),
        (Some("application/json"), "[".repeat(1_900), 400),
    ] {
        let answer = post(content_type, body.clone()).await;
        assert_eq!(answer.status, status, "{content_type:?} {body} {}", answer.body);
        if status != 200 {
            assert_eq!(answer.code(), "BAD_USER_INPUT");
            only_errors(&answer);
        }
    }
}

#[tokio::test]
async fn what_no_client_accepts_is_406_and_other_methods_are_405() {
    let app = App::sandbox();
    let answer = with_header(app.request(READ, json!({})), "accept", &["text/html"]).await;
    assert_eq!((answer.status, answer.code()), (406, "BAD_USER_INPUT"));
    only_errors(&answer);
    let mutation = format!("{}/graphql?query={}", app.base, "mutation{__typename}");
    for request in [app.client.get(mutation), app.client.put(format!("{}/graphql", app.base))] {
        let answer = send(request.header(ACCEPT, "*/*")).await;
        assert_eq!(answer.status, 405);
    }
}

#[tokio::test]
async fn what_fails_while_executing_is_200_with_null_at_the_path() {
    let app = App::sandbox();
    let answer = app.ask_as("nobody", READ, json!({})).await;
    assert_eq!((code(&answer), &answer["data"]), ("FORBIDDEN", &json!({"holder": null})));
    assert_eq!(answer["errors"][0]["path"], json!(["holder"]));
    assert!(answer["errors"][0]["locations"][0]["line"].is_number());
    let answer = app.ask_as("viewer", CREATE_HOLDER, json!({"input": new_holder()})).await;
    assert_eq!((code(&answer), &answer["data"]), ("FORBIDDEN", &json!({"createHolder": null})));
    assert_eq!(app.stored(), (0, 0));
}

#[tokio::test]
async fn an_upstream_that_hangs_is_unavailable_and_a_request_over_its_time_is_a_timeout() {
    // A listener that takes connections and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let upstreams = App::upstreams();
    let settings = [("PLUGIN_AUTH_ADDRESS", address.as_str()), ("UPSTREAM_ATTEMPT_TIMEOUT", "200ms")];
    let app = App::serve(&upstreams, &settings);
    assert_eq!(code(&app.ask(READ, json!({})).await), "AUTHORIZATION_UNAVAILABLE");
    let app = App::serve(
        &upstreams,
        &[settings[0], ("UPSTREAM_ATTEMPT_TIMEOUT", "1m"), ("REQUEST_TIMEOUT", "300ms")],
    );
    let answer = app.ask(READ, json!({})).await;
    assert_eq!(code(&answer), "TIMEOUT", "{answer}");
    assert_eq!(answer["data"], json!({"holder": null}));
    assert_eq!(answer["errors"][0]["extensions"]["retryable"], json!(true));
}
