//! What the ledger is asked, and what is shown of it.

use super::{
    ACCOUNT, LEDGER, ORGANIZATION, account, asked, client, is_account_call, server, settings, there,
};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::access::Asked;
use crate::registry::ports::ledger::Ledger;
use crate::upstream::stand_in::{StandIn, TOKEN, TRACEPARENT, call, raw};
use secrecy::SecretString;
use std::sync::Arc;
use tokio::sync::Barrier;

#[tokio::test]
async fn ledger_and_account_are_asked_with_the_callers_token_and_trace() {
    let server = server(there(), account()).await;
    asked(&client(&server.base)).await.unwrap();
    let mut seen = server.seen();
    seen.sort_by_key(is_account_call);
    let ledger_line = format!("GET /v1/organizations/{ORGANIZATION}/ledgers/{LEDGER}");
    let lines: Vec<&str> = seen.iter().map(|seen| seen.line.as_str()).collect();
    assert_eq!(lines, [ledger_line.clone(), format!("{ledger_line}/accounts/{ACCOUNT}")]);
    for seen in seen {
        assert_eq!(seen.headers["authorization"], format!("Bearer {TOKEN}"));
        assert_eq!(seen.headers["traceparent"], TRACEPARENT);
        assert_eq!(seen.headers["x-request-id"], "request-1");
        assert!(seen.body.is_empty());
    }
}

/// Each call is answered only once the other one has come.
#[tokio::test]
async fn the_two_calls_are_under_way_at_once() {
    let both = Arc::new(Barrier::new(2));
    let server = StandIn::start(move |seen| {
        let both = Arc::clone(&both);
        async move {
            both.wait().await;
            if is_account_call(&seen) { account() } else { there() }
        }
    })
    .await;
    assert!(asked(&client(&server.base)).await.is_ok());
}

#[tokio::test]
async fn without_a_token_the_ledger_is_asked_without_one_and_a_bad_one_is_not_sent() {
    let server = server(there(), account()).await;
    let client = client(&server.base);
    let ids = (OrganizationId::parse(ORGANIZATION), LedgerId::parse(LEDGER), AccountId::parse(ACCOUNT));
    let (Some(organization), Some(ledger), Some(account)) = ids else { unreachable!() };
    let mut call = call(Asked::Application);
    call.identity.token = None;
    assert!(client.account(&call, organization, ledger, account).await.is_ok());
    assert!(server.seen().iter().all(|seen| !seen.headers.contains_key("authorization")));
    call.identity.token = Some(SecretString::from("a\r\nb"));
    let error = client.account(&call, organization, ledger, account).await.unwrap_err();
    assert_eq!(error.to_string(), "the ledger gave no answer: the request cannot be sent as it is");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn health_is_text_and_asked_without_a_token() {
    let server = StandIn::always(raw(200, "text/plain", "healthy")).await;
    assert_eq!(client(&server.base).health().await, Ok(()));
    assert_eq!(server.seen()[0].line, "GET /health");
    assert!(!server.seen()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn debug_shows_nothing() {
    let server = server(there(), account()).await;
    assert_eq!(format!("{:?}", settings(&server.base)), "Settings([redacted])");
    assert_eq!(format!("{:?}", client(&server.base)), "Client([redacted])");
}
