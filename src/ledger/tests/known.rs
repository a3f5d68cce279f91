//! `MIDAZ_CACHE_TTL`: what is taken for confirmed, for whom, and how long.

use super::{
    ACCOUNT, Client, LEDGER, ORGANIZATION, OTHER, Settings, account, is_account_call, server, settings,
    there, with,
};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::access::Asked;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::upstream::stand_in::{Reply, StandIn, call, json, later};
use secrecy::SecretString;
use serde_json::json as value;
use std::time::Duration;

const TTL: Duration = Duration::from_secs(5);

fn client(server: &StandIn) -> Client {
    Client::new(Settings { known_for: Some(TTL), ..settings(&server.base) }).unwrap()
}

/// The same account of an organization, to be linked, for who has this token.
async fn to_link(client: &Client, organization: &str, token: &str) -> Result<LedgerAccount, LedgerError> {
    let mut call = call(Asked::Application);
    call.identity.token = Some(SecretString::from(token));
    let pair = (LedgerId::parse(LEDGER).unwrap(), AccountId::parse(ACCOUNT).unwrap());
    let organization = OrganizationId::parse(organization).unwrap();
    client.accounts_to_link(&call, organization, &[pair]).await.remove(0)
}

#[tokio::test]
async fn a_confirmed_account_is_asked_for_again_only_after_its_time_and_a_check_always_asks() {
    let server = server(there(), account()).await;
    let client = client(&server);
    for asked in [2, 2, 2] {
        to_link(&client, ORGANIZATION, "a").await.unwrap();
        assert_eq!(server.seen().len(), asked);
    }
    super::asked(&client).await.unwrap();
    assert_eq!(server.seen().len(), 4);
    later(TTL).await;
    to_link(&client, ORGANIZATION, "a").await.unwrap();
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn it_is_known_to_nobody_else_and_in_no_other_organization() {
    let server = server(there(), account()).await;
    let client = client(&server);
    to_link(&client, ORGANIZATION, "a").await.unwrap();
    to_link(&client, ORGANIZATION, "b").await.unwrap();
    assert_eq!(server.seen().len(), 4);
    // The stand-in names the first organization in each answer: for the other one that is no answer.
    assert!(to_link(&client, OTHER, "a").await.is_err());
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn what_may_not_be_linked_or_is_not_there_is_asked_for_each_time() {
    let blocked = json(200, &with(super::account_body(), &value!({"blocked": true})));
    let missing = json(404, &value!({"code": "0052", "title": "t", "message": "m"}));
    for reply in [blocked, missing] {
        let server = server(there(), reply).await;
        let client = client(&server);
        for round in 1..4 {
            drop(to_link(&client, ORGANIZATION, "a").await);
            assert_eq!(server.seen().iter().filter(|seen| is_account_call(seen)).count(), round);
        }
    }
}

#[tokio::test]
async fn the_release_is_what_the_ledger_said_last() {
    let server = StandIn::start(|_| {
        std::future::ready(json(200, &value!({"version": "v3.8.0", "requestDate": "2026-01-01"})))
    })
    .await;
    let client = Client::new(settings(&server.base)).unwrap();
    assert_eq!(client.release(), None);
    client.ask_release(&call(Asked::Application)).await.unwrap();
    let release = client.release().unwrap();
    assert_eq!((release.version.as_str(), release.supported), ("v3.8.0", true));
    assert_eq!(server.seen()[0].line, "GET /version");
    let broken = StandIn::always(Reply::BrokenOff).await;
    let client = Client::new(settings(&broken.base)).unwrap();
    assert_eq!(
        client.ask_release(&call(Asked::Application)).await,
        Err("the connection broke off".to_owned())
    );
    assert_eq!(client.release(), None);
}
