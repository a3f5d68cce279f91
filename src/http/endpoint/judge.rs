//! What is judged of each request before any of them runs.

use super::Endpoint;
use super::accept::Media;
use super::asked::GraphQLRequest;
use super::reply::{self, Reply};
use super::trail::Trail;
use crate::domain::ids::OrganizationId;
use crate::http::documents::{Cost, Document, RequestError};
use crate::http::trusted::{Named, Resolved};
use crate::registry::ports::call::Identity;
use apollo_compiler::executable::Operation;
use async_graphql::parser::types::ExecutableDocument;
use axum::http::StatusCode;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What is known of the HTTP request around it.
pub(super) struct Around<'a> {
    pub(super) media: Media,
    pub(super) identity: Option<&'a Identity>,
    pub(super) organization: Result<OrganizationId, &'static str>,
    /// Whether it came over GET.
    pub(super) over_get: bool,
    /// Whether it holds several requests.
    pub(super) is_batch: bool,
    /// How long the whole request is, in bytes.
    pub(super) bytes: usize,
}

/// A request that may be executed.
pub(super) struct Ready {
    pub(super) document: Arc<Document>,
    /// What is executed.
    pub(super) executable: ExecutableDocument,
    /// How it was named.
    pub(super) resolved: Resolved,
    /// What the operation is called.
    pub(super) name: Option<String>,
    pub(super) variables: Map<String, Value>,
    pub(super) is_query: bool,
    /// What it costs with these variables.
    pub(super) cost: Cost,
}

/// Why a request may not be executed.
pub(super) enum Refused {
    /// Nor any other of its batch.
    Whole(Box<Reply>),
    /// It alone.
    This(Vec<RequestError>),
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Self {
        Self::This(vec![error])
    }
}

/// Said where the token is missing.
pub(super) const NO_TOKEN: &str = "the Authorization header with a Bearer token is missing";

/// Judges one request, in the order of the HTTP contract.
pub(super) fn judge(
    endpoint: &Endpoint,
    around: &Around<'_>,
    request: GraphQLRequest,
    trail: &mut Trail,
) -> Result<Ready, Refused> {
    let GraphQLRequest { query, document_id, persisted_hash, operation_name: selected, mut variables } =
        request;
    let named = Named {
        query: query.as_deref(),
        document_id: document_id.as_deref(),
        persisted_hash: persisted_hash.as_deref(),
    };
    let resolved = endpoint.trusted.resolve(&named)?;
    let document =
        endpoint.documents.prepare(&resolved.text).map_err(|errors| Refused::This(errors.to_vec()))?;
    let operation = document.operation(selected.as_deref())?;
    trail.asks(&document, operation);
    if endpoint.rules.operation_name_required && operation.name.is_none() {
        let why = "the operation has no name: write one, for example `query HolderPage { … }`";
        return Err(RequestError::bad_input(why).into());
    }
    let is_query = operation.is_query();
    if around.is_batch && !is_query {
        let why = "a batch holds queries only: send each mutation by itself, so that its outcome is its own";
        let reply = reply::bad_request(around.media, StatusCode::BAD_REQUEST, why);
        return Err(Refused::Whole(Box::new(reply)));
    }
    if around.over_get {
        fits_a_url(endpoint, around, &document, operation, &variables)?;
    }
    let introspects = document.is_introspection(operation);
    if !introspects {
        admit(around)?;
    }
    endpoint
        .documents
        .check_variables(&document, operation, &variables, around.bytes)
        .map_err(Refused::This)?;
    let cost = endpoint.documents.cost(&document, operation, &variables).map_err(Refused::This)?;
    document.complete(operation, &mut variables);
    let executable = endpoint.documents.executable(&document, operation, &variables)?;
    let name = operation.name.as_ref().map(ToString::to_string);
    endpoint.trusted.tell(&resolved, name.as_deref());
    Ok(Ready { document: document.clone(), executable, resolved, name, variables, is_query, cost })
}

/// URLs are logged on their way and answers to GET are kept: neither may hold personal data, and nothing may change.
fn fits_a_url(
    endpoint: &Endpoint,
    around: &Around<'_>,
    document: &Document,
    operation: &Operation,
    variables: &Map<String, Value>,
) -> Result<(), Refused> {
    let why = if !operation.is_query() {
        "a mutation is never taken over GET: send it by POST".to_owned()
    } else if let Some(coordinate) = endpoint.documents.why_personal(document) {
        format!(
            "{coordinate} may hold personal data, which no URL and no cache may hold: send the query by POST"
        )
    } else if variables.keys().any(|name| operation.variables.iter().all(|known| known.name != **name)) {
        "variables has a value that the operation has no variable for, and over GET nothing else is taken: leave it \
         out"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(Refused::Whole(Box::new(reply::not_allowed(around.media, "POST", &why))))
}

/// Records need somebody who asks, and an organization whose they are.
fn admit(around: &Around<'_>) -> Result<(), Refused> {
    let refused = match (around.identity, around.organization) {
        (None, _) => reply::unauthenticated(around.media, NO_TOKEN),
        (Some(_), Err(why)) => reply::bad_organization(around.media, why),
        (Some(_), Ok(_)) => return Ok(()),
    };
    Err(Refused::Whole(Box::new(refused)))
}
