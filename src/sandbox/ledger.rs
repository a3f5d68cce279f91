//! The sandbox ledger: Midaz Core's answers about ledgers and accounts, and a door to change them by.

mod bodies;
mod control;
mod page;
mod refusals;
mod version;

use self::page::PageRequest;
use self::refusals::{missing, path_parameter, unauthenticated};
use self::version::Version;
use super::bearer;
use super::drive::Drive;
use super::refusal::Refusal;
use super::server::{self, Running};
use super::world::{Missing, World};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

const LARGEST_BODY: usize = 64 * 1024;

/// Starts it at a loopback address; port 0 takes a free one, any other address is refused.
pub async fn start_ledger(world: Arc<World>, address: SocketAddr) -> io::Result<Running> {
    let drive = Drive::default();
    let routes = routes(Ledger { world: Arc::clone(&world), version: Version::default() });
    server::start(drive.around(routes, world, refusals::worded), drive, address).await
}

/// What its routes share.
struct Ledger {
    world: Arc<World>,
    version: Version,
}

type Shared = State<Arc<Ledger>>;

fn routes(ledger: Ledger) -> Router {
    Router::new()
        .route("/v1/organizations/{organization}/ledgers/{ledger}", get(one_ledger))
        .route("/v1/organizations/{organization}/ledgers/{ledger}/accounts", get(accounts))
        .route("/v1/organizations/{organization}/ledgers/{ledger}/accounts/{account}", get(account))
        .route("/health", get(|| async { "healthy" }))
        .route("/version", get(version::version))
        .route(
            "/_sandbox/organizations/{organization}/ledgers/{ledger}/accounts/{account}",
            put(control::put_account),
        )
        .route("/_sandbox/version", get(version::show).put(version::put).delete(version::forget))
        .fallback(elsewhere)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::new(ledger))
}

/// The ledger of an organization.
async fn one_ledger(
    State(this): Shared,
    Path((organization, ledger)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    this.authenticate(&headers)?;
    let (organization, ledger) = ledger_ids(&organization, &ledger)?;
    let found = this.world.ledger(organization, ledger).map_err(missing)?;
    Ok(Json(bodies::ledger(found, this.world.identity().created_at)))
}

/// A live account of a ledger.
async fn account(
    State(this): Shared,
    Path((organization, ledger, account)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    this.authenticate(&headers)?;
    let (organization, ledger) = ledger_ids(&organization, &ledger)?;
    let id = account_id(&account)?;
    let found = this.world.account(organization, ledger, id).map_err(missing)?;
    Ok(Json(bodies::account(organization, ledger, id, &found)))
}

/// One page of a ledger's live accounts; a ledger that is not there has none.
async fn accounts(
    State(this): Shared,
    Path((organization, ledger)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    this.authenticate(&headers)?;
    let (organization, ledger) = ledger_ids(&organization, &ledger)?;
    let page = PageRequest::read(uri.query())?;
    let all = this.world.accounts();
    let items: Vec<Value> = match this.world.ledger(organization, ledger) {
        Ok(_) => page
            .of(all.live(ledger))
            .map(|(id, account)| bodies::account(organization, ledger, id, account))
            .collect(),
        Err(Missing::Organization | Missing::Ledger | Missing::Account) => Vec::new(),
    };
    Ok(Json(json!({ "items": items, "page": page.page, "limit": page.limit })))
}

/// Things of an organization that the sandbox has none of are missing as the ledger says it. Any other path is a
/// wrong base URL, and its 404 must not be taken for the ledger's word.
async fn elsewhere(State(this): Shared, uri: Uri, headers: HeaderMap) -> Result<Response, Refusal> {
    if !uri.path().starts_with("/v1/organizations/") {
        return Ok((StatusCode::NOT_FOUND, "the sandbox ledger has no such path\n").into_response());
    }
    this.authenticate(&headers)?;
    Err(refusals::no_such_entity())
}

impl Ledger {
    fn authenticate(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        bearer::authenticate(self.world.key(), headers).map(|_| ()).map_err(unauthenticated)
    }
}

fn ledger_ids(organization: &str, ledger: &str) -> Result<(OrganizationId, LedgerId), Refusal> {
    let organization = OrganizationId::parse(organization).ok_or_else(|| path_parameter("organization"))?;
    let ledger = LedgerId::parse(ledger).ok_or_else(|| path_parameter("ledger"))?;
    Ok((organization, ledger))
}

fn account_id(account: &str) -> Result<AccountId, Refusal> {
    AccountId::parse(account).ok_or_else(|| path_parameter("account"))
}

#[cfg(test)]
mod tests;
