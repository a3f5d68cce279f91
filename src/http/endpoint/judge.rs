//! What is judged of each request before any of them runs.

use super::Endpoint;
use super::accept::Media;
use super::asked::GraphQLRequest;
use super::reply::{self, Reply};
use crate::domain::ids::OrganizationId;
use crate::http::documents::{Document, RequestError};
use crate::registry::ports::call::Identity;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What is known of the HTTP request around it.
pub(super) struct Around<'a> {
    pub(super) media: Media,
    pub(super) identity: Option<&'a Identity>,
    pub(super) organization: Result<OrganizationId, &'static str>,
    /// Whether it came over GET.
    pub(super) over_get: bool,
    /// How long the whole request is, in bytes.
    pub(super) bytes: usize,
}

/// A request that may be executed.
pub(super) struct Ready {
    pub(super) document: Arc<Document>,
    /// As the client wrote it: which of the document's operations.
    pub(super) selected: Option<String>,
    /// What the operation is called.
    pub(super) name: Option<String>,
    pub(super) variables: Map<String, Value>,
    pub(super) is_query: bool,
    /// Whether it asks for nothing but the schema: no record, no organization, no permission.
    pub(super) introspects: bool,
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
) -> Result<Ready, Refused> {
    let GraphQLRequest { query, operation_name: selected, mut variables, .. } = request;
    let text = query.unwrap_or_default();
    let document = endpoint.documents.prepare(&text).map_err(|errors| Refused::This(errors.to_vec()))?;
    let operation = document.operation(selected.as_deref())?;
    if endpoint.rules.operation_name_required && operation.name.is_none() {
        let why = "the operation has no name: write one, for example `query HolderPage { … }`";
        return Err(RequestError::bad_input(why).into());
    }
    let is_query = operation.is_query();
    if around.over_get && !is_query {
        let why = "a mutation is never taken over GET: send it by POST";
        return Err(Refused::Whole(Box::new(reply::not_allowed(around.media, "POST", why))));
    }
    let introspects = document.is_introspection(operation);
    if !introspects {
        admit(around)?;
    }
    endpoint
        .documents
        .check_variables(&document, operation, &variables, around.bytes)
        .map_err(Refused::This)?;
    document.complete(operation, &mut variables);
    let name = operation.name.as_ref().map(ToString::to_string);
    Ok(Ready { document: document.clone(), selected, name, variables, is_query, introspects })
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
