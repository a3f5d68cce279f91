//! The ledger's client against servers that answer in every way.

mod answers;
mod known;
mod log;
mod outcomes;
mod questions;
mod several;

use super::{Client, Settings};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::access::Asked;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::tls::UpstreamTls;
use crate::upstream::stand_in::{PATIENT, Reply, Seen, StandIn, call, json, limits};
use serde_json::{Value, json as value};
use url::Url;

const ORGANIZATION: &str = "0190a3b4-0000-7000-8000-00000000000a";
const LEDGER: &str = "0190a3b4-0000-7000-8000-00000000000b";
const OTHER: &str = "0190a3b4-0000-7000-8000-00000000000f";
const ACCOUNT: &str = "0190a3b4-0000-7000-8000-00000000000c";

/// The reason where an id of the answer is none that was asked for.
const ANOTHER: &str = "an id in the answer is not the one that was asked for";

fn settings(base: &Url) -> Settings {
    let tls = UpstreamTls::default();
    Settings { base: base.clone(), own_token: None, known_for: None, limits: limits(PATIENT), tls }
}

fn client(base: &Url) -> Client {
    Client::new(settings(base)).unwrap()
}

/// The account's question, asked of this client.
async fn asked(client: &Client) -> Result<LedgerAccount, LedgerError> {
    let organization = OrganizationId::parse(ORGANIZATION).unwrap();
    let ledger = LedgerId::parse(LEDGER).unwrap();
    let account = AccountId::parse(ACCOUNT).unwrap();
    client.account(&call(Asked::Application), organization, ledger, account).await
}

fn is_account_call(seen: &Seen) -> bool {
    seen.line.contains("/accounts/")
}

/// A server that answers the ledger call and the account call like this.
async fn server(ledger: Reply, account: Reply) -> StandIn {
    StandIn::start(move |seen| {
        let reply = if is_account_call(&seen) { account.clone() } else { ledger.clone() };
        std::future::ready(reply)
    })
    .await
}

/// What these answers to the two calls come to.
async fn outcome(ledger: Reply, account: Reply) -> Result<LedgerAccount, LedgerError> {
    let attempt_timeout = ledger.attempt_timeout().min(account.attempt_timeout());
    let server = server(ledger, account).await;
    asked(&Client::new(Settings { limits: limits(attempt_timeout), ..settings(&server.base) }).unwrap()).await
}

/// `body` with these entries changed, or taken out where the change is [`ABSENT`].
fn with(mut body: Value, changes: &Value) -> Value {
    let object = body.as_object_mut().unwrap();
    for (key, change) in changes.as_object().unwrap() {
        match change {
            Value::String(absent) if absent == ABSENT => object.remove(key),
            _ => object.insert(key.clone(), change.clone()),
        };
    }
    body
}

/// A change that takes an entry out.
const ABSENT: &str = "(absent)";

fn ledger_body() -> Value {
    value!({
        "id": LEDGER, "name": "main", "organizationId": ORGANIZATION, "metadata": null, "settings": null,
        "status": {"code": "ACTIVE", "description": null},
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "deletedAt": null,
    })
}

fn account_body() -> Value {
    value!({
        "id": ACCOUNT, "name": "account", "parentAccountId": null, "entityId": null, "assetCode": "BRL",
        "organizationId": ORGANIZATION, "ledgerId": LEDGER, "portfolioId": null, "segmentId": null,
        "status": {"code": "ACTIVE", "description": null}, "alias": "@one", "type": "deposit",
        "blocked": false, "metadata": {"a": [1]},
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "deletedAt": null,
    })
}

/// The ledger is there.
fn there() -> Reply {
    json(200, &ledger_body())
}

/// The account is there.
fn account() -> Reply {
    json(200, &account_body())
}

/// A 404 of the ledger's own, as v3 writes it.
fn missing(code: &str) -> Reply {
    json(404, &value!({"code": code, "title": "Not Found", "message": "No entity was found."}))
}

fn unavailable<T>(reason: &str) -> Result<T, LedgerError> {
    Err(LedgerError::Unavailable(reason.to_owned()))
}
