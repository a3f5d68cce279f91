//! A token that is bound to organizations: any other is FORBIDDEN, before Access Manager or the store are asked.

use super::signer::Signer;
use super::{KeyServer, Reply, ask, assert_taken, claims, read, yes_man};
use crate::app::{App, fresh_document};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

const OTHER: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5c";

/// Every way to a record, allowed or not by its arguments; the record is there.
fn queries(holder: &str) -> Vec<String> {
    vec![
        format!("{{ a: holder(id: \"{holder}\") {{ id }} }}"),
        format!("{{ a: node(id: \"{holder}\") {{ id }} }}"),
        "{ a: node(id: \"no id\") { id } }".to_owned(),
        "{ a: nodes(ids: []) { id } }".to_owned(),
        "{ a: holders(first: 1) { nodes { id } } }".to_owned(),
        create(&fresh_document()),
        erase(holder),
    ]
}

fn create(document: &str) -> String {
    let input = format!("{{type: NATURAL_PERSON, name: \"Maria Souza\", document: \"{document}\"}}");
    format!("mutation {{ a: createHolder(input: {input}) {{ holder {{ id }} userErrors {{ code }} }} }}")
}

/// So that the store's count tells.
fn erase(holder: &str) -> String {
    let input = format!("{{id: \"{holder}\", mode: HARD}}");
    format!("mutation {{ a: deleteHolder(input: {input}) {{ deletedId userErrors {{ code }} }} }}")
}

#[tokio::test]
async fn a_token_may_act_for_the_organizations_of_its_claim_alone() {
    let upstreams = App::upstreams();
    let (access_manager, asked) = yes_man().await;
    let signer = Signer::ed25519();
    let key_server = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let settings = [
        ("PLUGIN_AUTH_ADDRESS", access_manager.as_str()),
        ("AUTH_JWKS_URL", &key_server.url),
        ("AUTH_ORGANIZATIONS_CLAIM", "organizations"),
        ("INTROSPECTION_ENABLED", "true"),
    ];
    let app = App::serve(&upstreams, &settings);
    let token = |claim: Value| signer.token("a", &claims(json!({"organizations": claim})));
    let own = app.organization();
    for claim in [json!(own), json!([own]), json!([OTHER, own.to_uppercase()])] {
        assert_taken(&read(&app, &token(claim.clone())).await, &claim.to_string());
    }
    let created = ask(&app, &token(json!(own)), &create(&fresh_document())).await;
    let holder =
        created.body["data"]["a"]["holder"]["id"].as_str().unwrap_or_else(|| panic!("{}", created.body));
    assert_eq!(app.stored(), (1, 0));
    assert!(asked.swap(0, Ordering::SeqCst) > 0);
    for claim in [
        json!(null),
        json!(OTHER),
        json!([OTHER]),
        json!([]),
        json!("*"),
        json!([own, "*"]),
        json!({"id": own}),
    ] {
        for query in queries(holder) {
            let answer = ask(&app, &token(claim.clone()), &query).await;
            assert_eq!(
                (answer.status, answer.code()),
                (200, "FORBIDDEN"),
                "{claim} {query}: {}",
                answer.body
            );
            assert_eq!(answer.body["data"], json!({"a": null}), "{claim} {query}");
            assert_eq!(answer.body["errors"][0]["path"], json!(["a"]), "{claim} {query}");
            assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1, "{claim} {query}");
        }
        let schema = ask(&app, &token(claim), "{ __schema { queryType { name } } }").await;
        assert_eq!(schema.body, json!({"data": {"__schema": {"queryType": {"name": "Query"}}}}));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0, "Access Manager is not asked");
    assert_eq!(app.stored(), (1, 0));
    // The same calls do change the store where the token is for the organization.
    let own = token(json!(own));
    ask(&app, &own, &create(&fresh_document())).await;
    assert_eq!(app.stored(), (2, 0));
    let erased = ask(&app, &own, &erase(holder)).await;
    assert_eq!((&erased.body["data"]["a"]["deletedId"], app.stored()), (&json!(holder), (1, 0)));
}

#[tokio::test]
async fn a_gateway_may_act_for_the_organizations_of_the_token_alone() {
    let upstreams = App::upstreams();
    let (access_manager, asked) = yes_man().await;
    let signer = Signer::ed25519();
    let key_server = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let settings = [
        ("PLUGIN_AUTH_ADDRESS", access_manager.as_str()),
        ("AUTH_JWKS_URL", &key_server.url),
        ("AUTH_ORGANIZATIONS_CLAIM", "organizations"),
        ("FEDERATION_ENABLED", "true"),
    ];
    let app = App::serve(&upstreams, &settings);
    let token = |claim: &str| signer.token("a", &claims(json!({"organizations": claim})));
    let own = app.organization();
    let created = ask(&app, &token(&own), &create(&fresh_document())).await;
    let holder = created.body["data"]["a"]["holder"]["id"].as_str().unwrap();
    asked.store(0, Ordering::SeqCst);
    for representations in [format!("[{{__typename: \"Holder\", id: \"{holder}\"}}]"), "[]".to_owned()] {
        let query = format!("{{ _entities(representations: {representations}) {{ __typename }} }}");
        let answer = ask(&app, &token(OTHER), &query).await;
        assert_eq!((answer.status, answer.code()), (200, "FORBIDDEN"), "{}", answer.body);
        assert_eq!(answer.body["data"], json!(null));
        assert_eq!(answer.body["errors"][0]["path"], json!(["_entities"]));
        assert_eq!(asked.load(Ordering::SeqCst), 0, "Access Manager is not asked");
    }
    let query = format!(
        "{{ _entities(representations: {{__typename: \"Holder\", id: \"{holder}\"}}) {{ __typename }} }}"
    );
    let answer = ask(&app, &token(&own), &query).await;
    assert_eq!(answer.body, json!({"data": {"_entities": [{"__typename": "Holder"}]}}));
}

#[tokio::test]
async fn a_proven_subject_has_one_bucket_and_organizations_that_are_not_its_own_bring_no_other() {
    let upstreams = App::upstreams();
    let (access_manager, _) = yes_man().await;
    let signer = Signer::ed25519();
    let key_server = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let settings = [
        ("PLUGIN_AUTH_ADDRESS", access_manager.as_str()),
        ("AUTH_JWKS_URL", &key_server.url),
        ("AUTH_ORGANIZATIONS_CLAIM", "organizations"),
        ("RATE_LIMIT_PER_MINUTE", "1"),
        ("RATE_LIMIT_BURST", "2"),
    ];
    let app = App::serve(&upstreams, &settings);
    let token = |id: u32| {
        signer.token("a", &claims(json!({"organizations": app.organization(), "jti": id.to_string()})))
    };
    let ask_for = async |token: String, organization: &str| {
        let request = app.request("query Who { __typename }", json!({}));
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().unwrap());
        request.headers_mut().insert("X-Organization-Id", organization.parse().unwrap());
        crate::app::send(reqwest::RequestBuilder::from_parts(client, request)).await.status
    };
    let own = app.organization();
    let told = [ask_for(token(1), &own).await, ask_for(token(2), &own).await, ask_for(token(3), &own).await];
    assert_eq!(told, [200, 200, 429], "whichever token of the subject it is");
    let invented = || uuid::Uuid::new_v4().to_string();
    let told = [
        ask_for(token(1), &invented()).await,
        ask_for(token(1), &invented()).await,
        ask_for(token(1), &invented()).await,
        ask_for(token(1), "none at all").await,
    ];
    assert_eq!(told, [200, 200, 429, 429]);
}
