//! Each field asks for what it needs, and a query that is allowed in part is answered in part.

use super::app::{App, CREATE_ALIAS, CREATE_HOLDER, code, new_holder};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn the_sandboxs_tokens_may_do_what_they_are_said_to() {
    let app = App::sandbox();
    let holder = app.holder().await;
    for (index, (token, reads, writes)) in [
        ("admin", true, true),
        ("editor", true, true),
        ("contributor", true, true),
        ("viewer", true, false),
        ("nobody", false, false),
    ]
    .into_iter()
    .enumerate()
    {
        let read = app
            .ask_as(
                token,
                "query($id: ID!) { holder(id: $id) { id aliasAccounts { nodes { id } } } }",
                json!({"id": holder}),
            )
            .await;
        assert_eq!(read["errors"] == Value::Null, reads, "{token} {read}");
        let create = app.ask_as(token, CREATE_HOLDER, json!({"input": new_holder()})).await;
        let link = app
            .ask_as(token, CREATE_ALIAS, json!({"input": app.link_input(&holder, &app.account(index))}))
            .await;
        for answer in [create, link] {
            assert_eq!(answer["errors"] == Value::Null, writes, "{token} {answer}");
            assert!(writes || code(&answer) == "FORBIDDEN", "{answer}");
        }
    }
}

/// An Access Manager that allows what the test says and writes down what it was asked.
pub(crate) async fn access_manager(
    allowed: &'static [(&'static str, &'static str)],
) -> (String, Arc<Mutex<Vec<Value>>>) {
    let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
    let notes = asked.clone();
    let router = axum::Router::new().route(
        "/v1/authorize",
        axum::routing::post(move |axum::Json(question): axum::Json<Value>| {
            let is = |grant: &(&str, &str)| {
                question["resource"] == json!(grant.0) && question["action"] == json!(grant.1)
            };
            let answer = json!({"authorized": allowed.iter().any(is), "timestamp": "2026-11-23T00:00:00Z"});
            notes.lock().unwrap().push(question);
            async move { axum::Json(answer) }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, asked)
}

#[tokio::test]
async fn a_query_allowed_in_part_is_answered_in_part_and_each_permission_is_asked_once() {
    let upstreams = App::upstreams();
    let dir = super::folder::Folder::new();
    let app = App::serve_in(dir.clone(), &upstreams, &[]);
    let holder = app.holder().await;
    let alias = app.link(&holder, &app.account(0)).await;
    app.stop();

    let (url, asked) = access_manager(&[("holders", "get")]).await;
    let app = App::serve_in(dir, &upstreams, &[("PLUGIN_AUTH_ADDRESS", &url)]);
    let query = "query($id: ID!, $alias: ID!) {
        a: holder(id: $id) { name aliasAccounts { nodes { id } } } b: holder(id: $id) { type aliasAccounts { nodes { id } } }
        aliasAccount(id: $alias) { id } node(id: $alias) { id } }";
    let answer = app.ask(query, json!({"id": holder, "alias": alias})).await;
    assert_eq!(answer["data"]["a"], json!({"name": "Maria Souza", "aliasAccounts": null}));
    assert_eq!(answer["data"]["b"], json!({"type": "NATURAL_PERSON", "aliasAccounts": null}));
    assert_eq!((&answer["data"]["aliasAccount"], &answer["data"]["node"]), (&Value::Null, &Value::Null));
    let mut paths: Vec<String> =
        answer["errors"].as_array().unwrap().iter().map(|e| e["path"].to_string()).collect();
    paths.sort();
    assert_eq!(
        paths,
        [r#"["a","aliasAccounts"]"#, r#"["aliasAccount"]"#, r#"["b","aliasAccounts"]"#, r#"["node"]"#]
    );
    let questions = asked.lock().unwrap().clone();
    let count = |resource: &str| questions.iter().filter(|q| q["resource"] == json!(resource)).count();
    assert_eq!((count("holders"), count("aliases"), questions.len()), (1, 1, 2), "{questions:?}");
    assert!(questions.iter().all(|q| q["product"] == json!("plugin-crm") && q["sub"].as_str().unwrap().starts_with("lerian/")));
}

#[tokio::test]
async fn a_mutations_own_payload_needs_no_get_and_what_is_nested_under_it_does() {
    let upstreams = App::upstreams();
    let (url, asked) = access_manager(&[("holders", "post"), ("aliases", "post")]).await;
    let app = App::serve(&upstreams, &[("PLUGIN_AUTH_ADDRESS", &url)]);
    let create = "mutation($input: CreateHolderInput!) { createHolder(input: $input) {
        holder { id name documentMasked aliasAccounts { nodes { id } } } userErrors { code } } }";
    let answer = app.ask(create, json!({"input": new_holder()})).await;
    let holder = &answer["data"]["createHolder"]["holder"];
    assert!(holder["name"] == json!("Maria Souza") && holder["aliasAccounts"].is_null(), "{answer}");
    let link = "mutation($input: CreateAliasAccountInput!) { createAliasAccount(input: $input) {
        aliasAccount { id document holder { id } } userErrors { code } } }";
    let input = app.link_input(holder["id"].as_str().unwrap(), &app.account(0));
    let answer = app.ask(link, json!({"input": input})).await;
    let alias = &answer["data"]["createAliasAccount"]["aliasAccount"];
    assert!(alias["document"].is_string() && alias["holder"].is_null(), "{answer}");
    assert_eq!(code(&answer), "FORBIDDEN");
    let pairs: Vec<String> = asked
        .lock()
        .unwrap()
        .iter()
        .map(|q| format!("{}:{}", q["resource"].as_str().unwrap(), q["action"].as_str().unwrap()))
        .collect();
    assert_eq!(pairs, ["holders:post", "aliases:get", "aliases:post", "holders:get"]);
}

#[tokio::test]
async fn the_permission_comes_before_the_arguments_and_no_unverified_token_learns_what_exists() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let unknown = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    for field in ["holder", "aliasAccount"] {
        let answer = app.ask_as("nobody", &format!("{{ {field}(id: \"1\") {{ id }} }}"), json!({})).await;
        assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
    }
    let stranger = App::sandbox();
    for (field, id) in [
        ("holder", "1"),
        ("node", "1"),
        ("node", unknown),
        ("node", holder.as_str()),
        ("aliasAccount", unknown),
    ] {
        let query = format!("{{ {field}(id: \"{id}\") {{ id }} }}");
        let mut request = app.request(&query, json!({})).build().unwrap();
        let forged = format!("Bearer {}", stranger.token("admin")).parse().unwrap();
        request.headers_mut().insert("Authorization", forged);
        assert_eq!(app.client.execute(request).await.unwrap().status(), 401, "{field} {id}");
    }
    let answer = app.ask_as("nobody", &format!("{{ node(id: \"{unknown}\") {{ id }} }}"), json!({})).await;
    assert_eq!(answer, json!({"data": {"node": null}}));
}
