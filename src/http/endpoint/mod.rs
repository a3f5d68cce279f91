//! `POST /graphql`: the order of checks is the text of `answer`.

mod accept;
mod body;
mod headers;
mod reply;

pub(super) use reply::panicked;

use super::documents::{Document, Documents};
use crate::domain::ids::OrganizationId;
use crate::graphql::{Schema, Session, code_of};
use crate::registry::Registry;
use crate::registry::caller::Caller;
use crate::registry::failure::Failure;
use crate::registry::ports::access::{BadToken, Identity, Unidentified};
use crate::registry::ports::call::Call;
use crate::telemetry::metrics::{REQUEST_SECONDS, REQUESTS, REQUESTS_IN_FLIGHT};
use accept::Media;
use async_graphql::Variables;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use body::GraphQLRequest;
use reply::Reply;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// What the endpoint needs to know and to reach.
pub struct Endpoint {
    /// The use cases.
    pub registry: Arc<Registry>,
    /// The executable schema.
    pub schema: Schema,
    /// The validator of the same schema.
    pub documents: Documents,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long a whole request may take.
    pub request_timeout: Duration,
    /// Whether the schema may be read without a token (the sandbox: GraphiQL and code generators can load).
    pub open_introspection: bool,
}

/// Answers one GraphQL request.
pub async fn graphql(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let began = Instant::now();
    let request_id = headers::request_id(request.headers());
    let span = tracing::info_span!("request", request_id);
    let in_flight = metrics::gauge!(REQUESTS_IN_FLIGHT);
    in_flight.increment(1);
    let guard = scopeguard(move || in_flight.decrement(1));
    let reply = answer(&endpoint, request, &request_id, began).instrument(span.clone()).await;
    drop(guard);
    span.in_scope(|| tell(&reply, began));
    reply.into_response(&request_id)
}

/// The way of one request, in the order of its checks.
async fn answer(endpoint: &Endpoint, request: Request, request_id: &str, began: Instant) -> Reply {
    let (parts, body) = request.into_parts();
    let Some(media) = accept::choose(&parts.headers) else { return reply::not_acceptable() };
    let deadline = began + endpoint.request_timeout;
    let identity = match identify(endpoint, &parts.headers, deadline).await {
        Ok(identity) => Some(identity),
        Err(Nobody::NoToken) if endpoint.open_introspection => None,
        Err(nobody) => return nobody.reply(media),
    };
    let mut request = match body::read(&parts.headers, body, endpoint.max_body, deadline).await {
        Ok(request) => request,
        Err(fault) => return fault.reply(media),
    };
    let document = match endpoint.documents.prepare(&request.query) {
        Ok(document) => document,
        Err(errors) => return reply::request_errors(media, &errors),
    };
    let operation = match document.operation(request.operation_name.as_deref()) {
        Ok(operation) => operation,
        Err(error) => return reply::request_errors(media, &[error]),
    };
    let introspects = document.is_introspection(operation);
    let organization = headers::organization(&parts.headers);
    let caller = match (identity, organization) {
        (None, _) if !introspects => return reply::unauthenticated(media, MISSING.0),
        (Some(_), Err(why)) if !introspects => return reply::bad_organization(media, why),
        (Some(identity), Ok(organization)) => {
            let (request_id, traceparent) = (request_id.to_owned(), headers::traceparent(&parts.headers));
            let call = Call { identity, request_id, traceparent, deadline };
            Some(caller(endpoint, call, organization))
        }
        // Nothing but the schema is asked for: no record, no organization, no permission.
        _ => None,
    };
    let checked = endpoint.documents.check_variables(&document, operation, &request.variables, request.bytes);
    if let Err(errors) = checked {
        return reply::request_errors(media, &errors);
    }
    if let Err(errors) = endpoint.documents.cost(&document, operation, &request.variables) {
        return reply::request_errors(media, &errors);
    }
    document.complete(operation, &mut request.variables);
    let is_query = operation.is_query();
    let executed = execute(endpoint, media, &document, request, caller);
    if !is_query {
        // Not to be broken off: a mutation may have committed. What it waits for is bounded by itself.
        return executed.await;
    }
    match tokio::time::timeout_at(deadline.into(), executed).await {
        Ok(reply) => reply,
        Err(_) => reply::timed_out(media),
    }
}

/// Most characters of an operation's name that a log line holds.
const LOGGED_NAME_MAX: usize = 100;

const MISSING: BadToken = BadToken("the Authorization header with a Bearer token is missing");

/// Why there is nobody to act for.
enum Nobody {
    NoToken,
    Unidentified(Unidentified),
    OutOfTime,
}

impl Nobody {
    fn reply(self, media: Media) -> Reply {
        match self {
            Self::NoToken => reply::unauthenticated(media, MISSING.0),
            Self::Unidentified(Unidentified::BadToken(why)) => reply::unauthenticated(media, why.0),
            Self::Unidentified(Unidentified::Unavailable) => reply::unidentifiable(media),
            Self::OutOfTime => reply::timed_out(media),
        }
    }
}

/// Who calls.
async fn identify(endpoint: &Endpoint, headers: &HeaderMap, deadline: Instant) -> Result<Identity, Nobody> {
    let authorization = headers::authorization(headers).map_err(|why| Nobody::Unidentified(why.into()))?;
    let identified = endpoint.registry.access.identify(authorization);
    match tokio::time::timeout_at(deadline.into(), identified).await {
        Ok(Ok(identity)) => Ok(identity),
        Ok(Err(_)) if authorization.is_none() => Err(Nobody::NoToken),
        Ok(Err(why)) => Err(Nobody::Unidentified(why)),
        Err(_) => Err(Nobody::OutOfTime),
    }
}

fn caller(endpoint: &Endpoint, call: Call, organization: OrganizationId) -> Arc<Caller> {
    Arc::new(Caller::new(call, organization, endpoint.registry.access.clone()))
}

async fn execute(
    endpoint: &Endpoint,
    media: Media,
    document: &Document,
    request: GraphQLRequest,
    caller: Option<Arc<Caller>>,
) -> Reply {
    let operation_name = request.operation_name.clone();
    let parsed = document.parsed(&request.variables);
    let variables = Variables::from_json(serde_json::Value::Object(request.variables));
    let mut prepared = async_graphql::Request::new(request.query).variables(variables);
    if let Some(name) = request.operation_name {
        prepared = prepared.operation_name(name);
    }
    prepared.set_parsed_query(parsed);
    if let Some(caller) = &caller {
        prepared = prepared.data(Session::new(endpoint.registry.clone(), caller.clone()));
    }
    let response = endpoint.schema.execute(prepared).await;
    let unauthenticated = response.errors.iter().find(|error| is_unauthenticated(error));
    if let Some(error) = unauthenticated
        && !caller.as_ref().is_some_and(|caller| caller.has_committed())
    {
        return reply::unauthenticated(media, &error.message);
    }
    reply::executed(media, response, operation_name)
}

fn is_unauthenticated(error: &async_graphql::ServerError) -> bool {
    reply::code(error).as_deref() == Some(code_of(&Failure::Unauthenticated("")))
}

/// One line and the metrics of a request; names and codes only.
fn tell(reply: &Reply, began: Instant) {
    let (status, codes) = (reply.status().as_u16(), reply.codes());
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // A name of the document, so letters and digits only, but of any length.
    let operation = reply.operation_name().map(|name| name.get(..LOGGED_NAME_MAX).unwrap_or(name));
    tracing::info!(status, codes, operation, milliseconds, "request");
    metrics::counter!(REQUESTS, "outcome" => reply.outcome()).increment(1);
    metrics::histogram!(REQUEST_SECONDS).record(began.elapsed().as_secs_f64());
}

/// Runs something when it is dropped: also where the client went away and the request with it.
fn scopeguard(run: impl FnOnce()) -> impl Drop {
    struct Guard<F: FnOnce()>(Option<F>);
    impl<F: FnOnce()> Drop for Guard<F> {
        fn drop(&mut self) {
            if let Some(run) = self.0.take() {
                run();
            }
        }
    }
    Guard(Some(run))
}
