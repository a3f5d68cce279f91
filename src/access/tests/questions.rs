//! What Access Manager is asked, to the letter, and what is shown of it.

use super::super::{Client, ExpectedClaims, Settings, Verifier};
use super::{client, settings};
use crate::registry::ports::access::{AccessManager, Action, Asked, Decision, Resource};
use crate::upstream::stand_in::{Seen, StandIn, TOKEN, TRACEPARENT, call, json};
use secrecy::SecretString;
use serde_json::{Value, json as value};

/// What goes out for this question.
async fn asked(
    change: impl FnOnce(&mut Settings),
    asked_as: Asked,
    resource: Resource,
    action: Action,
) -> Seen {
    let server = StandIn::always(json(200, &value!({"authorized": true}))).await;
    let mut settings = settings(&server.base);
    change(&mut settings);
    let client = Client::new(settings, Verifier::none(ExpectedClaims::default())).unwrap();
    assert_eq!(client.decide(&call(asked_as), resource, action).await, Ok(Decision::Allowed));
    server.seen().remove(0)
}

fn person() -> Asked {
    Asked::Person("lerian/7f3c".to_owned())
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

#[tokio::test]
async fn a_person_is_asked_about_by_name_and_product() {
    let seen = asked(|_| {}, person(), Resource::Holders, Action::Post).await;
    assert_eq!(seen.line, "POST /v1/authorize");
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(seen.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(seen.headers["traceparent"], TRACEPARENT);
    assert_eq!(seen.headers["x-request-id"], "request-1");
    assert_eq!(
        body(&seen),
        value!({"sub": "lerian/7f3c", "resource": "holders", "action": "post", "product": "plugin-crm"})
    );
}

#[tokio::test]
async fn an_application_is_asked_about_by_its_role_without_a_product() {
    let seen = asked(|_| {}, Asked::Application, Resource::Aliases, Action::Get).await;
    assert_eq!(
        body(&seen),
        value!({"sub": "admin/plugin-crm-editor-role", "resource": "aliases", "action": "get"})
    );
}

#[tokio::test]
async fn product_and_alias_resource_are_those_of_the_grants() {
    let v4 = |settings: &mut Settings| {
        settings.product = "midaz".to_owned();
        settings.alias_resource = "instruments".to_owned();
    };
    let seen = asked(v4, person(), Resource::Aliases, Action::Post).await;
    assert_eq!(
        body(&seen),
        value!({"sub": "lerian/7f3c", "resource": "instruments", "action": "post", "product": "midaz"})
    );
    let seen = asked(v4, Asked::Application, Resource::Holders, Action::Get).await;
    assert_eq!(
        body(&seen),
        value!({"sub": "admin/midaz-editor-role", "resource": "holders", "action": "get"})
    );
}

#[tokio::test]
async fn older_deployments_get_the_bare_token() {
    let seen =
        asked(|settings| settings.bearer_prefix = false, person(), Resource::Holders, Action::Get).await;
    assert_eq!(seen.headers["authorization"], TOKEN);
}

#[tokio::test]
async fn without_a_token_that_can_be_sent_nothing_is_asked() {
    let server = StandIn::always(json(200, &value!({"authorized": true}))).await;
    let client = client(&server.base);
    let mut call = call(person());
    call.identity.token = None;
    let decision = client.decide(&call, Resource::Holders, Action::Get).await;
    assert_eq!(decision, Ok(Decision::Unauthenticated));
    call.identity.token = Some(SecretString::from("a\r\nb"));
    let error = client.decide(&call, Resource::Holders, Action::Get).await.unwrap_err();
    assert_eq!(error.0, "the request cannot be sent as it is");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn debug_shows_nothing() {
    let server = StandIn::always(json(200, &value!({}))).await;
    let settings = settings(&server.base);
    assert_eq!(format!("{settings:?}"), "Settings([redacted])");
    assert_eq!(format!("{:?}", client(&server.base)), "Client([redacted])");
    assert!(!format!("{:?}", call(person())).contains(TOKEN));
}
