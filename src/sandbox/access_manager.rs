//! The sandbox Access Manager: who may do what, tokens for the service itself, and the key set.

mod client_secret;
mod overrides;
mod question;

use self::client_secret::ClientSecret;
use self::overrides::Overrides;
use self::question::{Fields, Question};
use super::bearer;
use super::claims::{Claims, Rejected};
use super::drive::Drive;
use super::grants::Role;
use super::identity;
use super::refusal::Refusal;
use super::server::{self, Running};
use super::signing_key::KeyError;
use super::tokens::{self, APPLICATION_LIFE};
use super::world::World;
use crate::domain::time::Timestamp;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Where the key set of the sandbox's tokens is published.
pub const JWKS_PATH: &str = "/.well-known/jwks.json";

/// Where it is asked who may do what.
pub(super) const AUTHORIZE_PATH: &str = "/v1/authorize";

const LARGEST_BODY: usize = 64 * 1024;

/// Starts it at a loopback address; port 0 takes a free one, any other address is refused.
pub async fn start_access_manager(world: Arc<World>, address: SocketAddr) -> io::Result<Running> {
    let drive = Drive::default();
    let (overrides, client_secret) = (Overrides::default(), ClientSecret::default());
    let routes = routes(AccessManager { world: Arc::clone(&world), overrides, client_secret });
    server::start(drive.around(routes, world, worded), drive, address).await
}

/// What its routes share.
struct AccessManager {
    world: Arc<World>,
    overrides: Overrides,
    client_secret: ClientSecret,
}

type Shared = State<Arc<AccessManager>>;
type Body = Result<Bytes, BytesRejection>;

fn routes(access_manager: AccessManager) -> Router {
    Router::new()
        .route(AUTHORIZE_PATH, post(authorize))
        .route("/v1/login/oauth/access_token", post(log_in))
        .route(JWKS_PATH, get(key_set))
        .route("/health", get(|| async { "healthy" }))
        .route("/_sandbox/grants", get(overrides::show).put(overrides::put).delete(overrides::forget))
        .route("/_sandbox/client", put(client_secret::put).delete(client_secret::forget))
        .fallback(|| async { Refusal::new(StatusCode::NOT_FOUND, "AUT-0404", "Not Found", "no such path") })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::new(access_manager))
}

/// Whether the token's holder may do it.
async fn authorize(State(this): Shared, headers: HeaderMap, body: Body) -> Result<Json<Value>, Refusal> {
    let claims = bearer::authenticate(this.world.key(), &headers).map_err(unauthenticated)?;
    let question = Question::read(&headers, body)?;
    let (role, product) =
        if claims.is_person() { this.person(&claims, &question)? } else { application(&question)? };
    let Question { sub, resource, action, .. } = &question;
    let overridden = this.overrides.of(sub, resource, action);
    let authorized = overridden.unwrap_or_else(|| role.may(product, resource, action));
    tracing::debug!(authorized, "the sandbox Access Manager was asked");
    Ok(Json(json!({ "authorized": authorized, "timestamp": Timestamp::now().to_string() })))
}

impl AccessManager {
    /// A person is asked about by name, for the product that the question brings.
    fn person<'a>(&self, claims: &Claims, question: &'a Question) -> Result<(Role, &'a str), Refusal> {
        let person = claims.person().ok_or_else(|| unauthenticated(Rejected::Invalid))?;
        let Some(product) = question.product.as_deref() else {
            return Err(bad_request("`product` must be a string: the token is a person's"));
        };
        if question.sub != person {
            return Err(forbidden("`sub` must be `<owner>/<sub>` of the token: it is a person's"));
        }
        let role = self.world.identity().subjects.role(&person);
        Ok((role.unwrap_or(Role::Nobody), product))
    }
}

/// An application is asked about by its product's role, and has an editor's rights.
fn application(question: &Question) -> Result<(Role, &str), Refusal> {
    if question.product.is_some() {
        return Err(bad_request("`product` must be left out: the token is an application's"));
    }
    let product = question.sub.strip_prefix("admin/").and_then(|rest| rest.strip_suffix("-editor-role"));
    let product = product.ok_or_else(|| {
        forbidden("`sub` must be `admin/<product>-editor-role`: the token is an application's")
    })?;
    Ok((Role::Editor, product))
}

/// A token for a client's id and secret.
async fn log_in(State(this): Shared, headers: HeaderMap, body: Body) -> Result<Json<Value>, Refusal> {
    let mut fields = Fields::read(&headers, body)?;
    let grant_type = fields.string("grantType")?;
    let (id, secret) = (fields.string("clientId")?, fields.string("clientSecret")?);
    if grant_type != "client_credentials" {
        return Err(bad_request("`grantType` must be \"client_credentials\""));
    }
    let application = this.world.application();
    let known = bool::from(application.client_id.as_bytes().ct_eq(id.as_bytes()));
    if !(known & this.client_secret.is(&secret, &application.client_secret)) {
        let message = "no client has this id and secret";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "AUT-0002", "Unauthorized", message));
    }
    Ok(Json(json!({
        "accessToken": tokens::for_application(this.world.key(), application).map_err(internal)?,
        "tokenType": "Bearer",
        "expiresIn": APPLICATION_LIFE,
        "refreshToken": identity::random_text().map_err(internal)?,
        "scope": "editor",
    })))
}

/// The public keys of the tokens.
async fn key_set(State(this): Shared) -> Json<JwkSet> {
    Json(this.world.key().key_set())
}

/// An error of any status, with the codes that it uses itself.
fn worded(status: StatusCode, message: String) -> Refusal {
    let code = match status.as_u16() {
        400 => "AUT-0003",
        401 => "AUT-0001",
        403 => "AUT-0004",
        404 => "AUT-0404",
        413 => "AUT-0413",
        429 => "AUT-0429",
        500 => "AUT-0005",
        _ => "AUT-0006",
    };
    Refusal::new(status, code, status.canonical_reason().unwrap_or("Error"), message)
}

fn unauthenticated(rejected: Rejected) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "AUT-0001", "Unauthorized", rejected.to_string())
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "AUT-0003", "Bad Request", message)
}

fn forbidden(message: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "AUT-0004", "Forbidden", message)
}

fn internal(error: KeyError) -> Refusal {
    tracing::error!(%error, "the sandbox Access Manager could not make a token");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "AUT-0005", "Internal Server Error", error.to_string())
}

#[cfg(test)]
mod tests;
