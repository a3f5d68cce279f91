//! Where the gateway's fields are there at all, and what they need before anything is looked up.

use super::{ENTITIES, FEDERATED, UNKNOWN, holder, representations};
use crate::app::{App, binary, send};
use crate::folder::Folder;
use serde_json::{Value, json};

const SERVICE: &str = "query Composition { _service { sdl } }";

fn printed() -> String {
    let output = binary().args(["schema", "--federation"]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// A request by this token, where there is one, and for no organization.
fn without_organization(
    app: &App,
    token: Option<&str>,
    query: &str,
    variables: &Value,
) -> reqwest::RequestBuilder {
    let request = app.client.post(format!("{}/graphql", app.base));
    let request = request.json(&json!({"query": query, "variables": variables}));
    match token {
        Some(token) => request.bearer_auth(app.token(token)),
        None => request,
    }
}

#[tokio::test]
async fn a_service_that_is_no_subgraph_knows_none_of_the_gateways_fields() {
    let upstreams = App::upstreams();
    for app in [App::sandbox(), App::serve(&upstreams, &[("FEDERATION_ENABLED", "false")])] {
        for (query, variables) in
            [(SERVICE, json!({})), (ENTITIES, representations(json!([holder(super::UNKNOWN)])))]
        {
            let answer = send(app.request(query, variables)).await;
            assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{}", answer.body);
        }
        let types = "{ a: __type(name: \"_Any\") { name } b: __type(name: \"_Entity\") { name }
            c: __type(name: \"_Service\") { name } query: __type(name: \"Query\") { fields { name } } }";
        let answer = app.ask(types, json!({})).await;
        for name in ["a", "b", "c"] {
            assert_eq!(answer["data"][name], Value::Null, "{answer}");
        }
        let fields = answer["data"]["query"]["fields"].as_array().unwrap();
        assert!(!fields.is_empty());
        assert!(fields.iter().all(|field| !field["name"].as_str().unwrap().starts_with('_')), "{answer}");
    }
}

#[tokio::test]
async fn the_subgraph_is_told_to_whoever_has_a_token() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &FEDERATED);
    for token in ["admin", "nobody"] {
        let answer = send(without_organization(&app, Some(token), SERVICE, &json!({}))).await;
        assert_eq!((answer.status, &answer.body["data"]["_service"]["sdl"]), (200, &json!(printed())));
    }
    let answer = send(without_organization(&app, None, SERVICE, &json!({}))).await;
    assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{}", answer.body);
    // It is introspection, which a sandbox answers to everybody.
    let sandbox = App::sandbox_in(Folder::embedded(), &FEDERATED);
    let answer = send(without_organization(&sandbox, None, SERVICE, &json!({}))).await;
    assert_eq!((answer.status, &answer.body["data"]["_service"]["sdl"]), (200, &json!(printed())));
}

#[tokio::test]
async fn entities_need_a_token_and_an_organization_also_in_a_sandbox() {
    let upstreams = App::upstreams();
    for app in [App::serve(&upstreams, &FEDERATED), App::sandbox_in(Folder::embedded(), &FEDERATED)] {
        let asked = representations(json!([holder(super::UNKNOWN)]));
        for query in [ENTITIES, &ENTITIES.replacen('{', "{ _service { sdl } ", 1)] {
            let answer = send(without_organization(&app, None, query, &asked)).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{}", answer.body);
            let answer = send(without_organization(&app, Some("admin"), query, &asked)).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.body);
            assert_eq!(answer.body["errors"][0]["extensions"]["header"], json!("x-organization-id"));
        }
    }
}

#[tokio::test]
async fn the_api_of_a_subgraph_is_what_it_was() {
    let app = App::sandbox_with(&FEDERATED);
    let id = app.holder().await;
    let query = "query($id: ID!) { __typename holder(id: $id) { name } node(id: $id) { id } }";
    let answer = app.ask(query, json!({"id": id})).await;
    assert_eq!(
        answer,
        json!({"data": {"__typename": "Query", "holder": {"name": "Maria Souza"}, "node": {"id": id}}})
    );
}

#[test]
fn the_printed_api_has_nothing_of_federation() {
    let output = binary().arg("schema").output().unwrap();
    let api = String::from_utf8(output.stdout).unwrap();
    for word in ["@key", "@shareable", "@inaccessible", "@link", "_entities", "_service"] {
        assert!(!api.contains(word), "{word}");
    }
    assert!(api.contains("type AliasAccount"));
}

#[tokio::test]
async fn serve_wants_a_name_also_of_what_compositions_ask() {
    let sandbox = App::sandbox();
    let required = [FEDERATED[0], ("OPERATION_NAME_REQUIRED", "true")];
    let app = App::serve(&sandbox, &required);
    let answer = send(app.request("{ _service { sdl } }", json!({}))).await;
    assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.body);
    let named = app.data("query Sdl { _service { sdl } }", json!({})).await;
    assert!(named["_service"]["sdl"].as_str().unwrap().contains("@key"), "{named}");
    let app = App::serve(&sandbox, &[FEDERATED[0], ("OPERATION_NAME_REQUIRED", "false")]);
    assert_eq!(app.data("{ _service { sdl } }", json!({})).await, named);
}

#[tokio::test]
async fn with_trusted_documents_enforced_no_gateway_is_served_and_the_start_warns_of_it() {
    let sandbox = App::sandbox();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("documents.json");
    std::fs::write(&manifest, r#"{"who": "query Who { __typename }"}"#).unwrap();
    let settings = [
        FEDERATED[0],
        ("TRUSTED_DOCUMENTS", "enforce"),
        ("TRUSTED_DOCUMENTS_FILE", manifest.to_str().unwrap()),
    ];
    let app = App::serve(&sandbox, &settings);
    let answer = send(app.request(ENTITIES, representations(json!([holder(UNKNOWN)])))).await;
    assert_eq!((answer.status, answer.code()), (400, "PERSISTED_QUERY_REQUIRED"), "{}", answer.body);
    let log = app.log();
    assert!(log.contains("FEDERATION_ENABLED=true with TRUSTED_DOCUMENTS=enforce"), "{log}");
}
