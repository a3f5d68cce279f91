//! What the ledger is asked, and what is shown of it.

use super::{
    ACCOUNT, Client, LEDGER, ORGANIZATION, Settings, account, asked, client, is_account_call, server,
    settings, there,
};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::access::Asked;
use crate::registry::ports::call::Call;
use crate::registry::ports::ledger::{Ledger, LedgerError};
use crate::registry::ports::own_token::{NoToken, OwnToken};
use crate::upstream::stand_in::{Seen, StandIn, TOKEN, TRACEPARENT, call, raw};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// Gives `token-1`, `token-2`, …: a new one each time after one was refused.
#[derive(Default)]
struct Tokens(AtomicUsize);

#[async_trait]
impl OwnToken for Tokens {
    async fn token(&self, _: &Call) -> Result<SecretString, NoToken> {
        match self.0.load(Ordering::SeqCst) {
            9.. => Err(NoToken("status 503".to_owned())),
            refused => Ok(SecretString::from(format!("token-{}", refused + 1))),
        }
    }

    fn refused(&self, token: &SecretString) -> bool {
        let refused = token.expose_secret().trim_start_matches("token-").parse().unwrap();
        self.0.fetch_max(refused, Ordering::SeqCst);
        true
    }
}

fn with_own_token(server: &StandIn, tokens: Arc<Tokens>) -> Client {
    Client::new(Settings { own_token: Some(tokens), ..settings(&server.base) }).unwrap()
}

#[tokio::test]
async fn with_a_token_of_its_own_the_callers_is_not_sent() {
    let server = server(there(), account()).await;
    asked(&with_own_token(&server, Arc::default())).await.unwrap();
    assert_eq!(server.seen().len(), 2);
    assert!(server.seen().iter().all(|seen| seen.headers["authorization"] == "Bearer token-1"));
}

#[tokio::test]
async fn an_own_token_that_was_withdrawn_is_replaced_once() {
    let server = StandIn::start(|seen: Seen| {
        let withdrawn = seen.headers["authorization"] == "Bearer token-1";
        let reply = if is_account_call(&seen) { account() } else { there() };
        std::future::ready(if withdrawn { raw(401, "application/json", "{}") } else { reply })
    })
    .await;
    assert!(asked(&with_own_token(&server, Arc::default())).await.is_ok());
}

#[tokio::test]
async fn a_ledger_that_refuses_the_service_itself_is_an_outage_and_no_refusal_of_the_caller() {
    for status in [401, 403] {
        let server = StandIn::always(raw(status, "application/json", "{}")).await;
        let told = asked(&with_own_token(&server, Arc::default())).await;
        assert_eq!(told, Err(LedgerError::Unavailable(format!("status {status}"))));
        // With the caller's own token the same answer is about the caller.
        assert_eq!(asked(&client(&server.base)).await, Err(LedgerError::Forbidden));
    }
    let server = server(there(), account()).await;
    let told = asked(&with_own_token(&server, Arc::new(Tokens(AtomicUsize::new(9))))).await;
    assert!(matches!(told, Err(LedgerError::Unavailable(why)) if why.contains("status 503")));
    assert!(server.seen().is_empty());
}
