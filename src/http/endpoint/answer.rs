//! The answer to one GraphQL request: data, or `errors` alone.

use crate::graphql::code_of;
use crate::http::documents::RequestError;
use crate::registry::failure::Failure;
use async_graphql::{Pos, ServerError, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;

/// The answer to one GraphQL request.
pub(super) struct Answer {
    content: Content,
    operation_name: Option<String>,
}

/// What an answer says.
enum Content {
    /// An executed operation; written as it is, so that its fields keep the order of the selection.
    Executed(async_graphql::Response),
    /// `errors` alone.
    Errors(Vec<ServerError>),
}

impl Answer {
    /// An operation that was executed, also where a field of it failed.
    pub(super) fn executed(response: async_graphql::Response, operation_name: Option<String>) -> Self {
        Self { content: Content::Executed(response), operation_name }
    }

    /// A query whose time was over before all of its fields were there.
    pub(super) fn timed_out(operation_name: Option<String>) -> Self {
        let late = retryable(error(
            "TIMEOUT",
            "the request took too long: ask for less at once, or try again later",
        ));
        Self::executed(async_graphql::Response::from_errors(vec![late]), operation_name)
    }

    /// A request that cannot be executed.
    pub(super) fn refused(errors: &[RequestError]) -> Self {
        let told = errors.iter().map(|fault| {
            let at = fault.location.map(|(line, column)| Pos { line, column });
            ServerError { locations: at.into_iter().collect(), ..error(fault.code, &fault.message) }
        });
        Self::errors(told.collect())
    }

    /// Nothing but these errors.
    pub(super) fn errors(errors: Vec<ServerError>) -> Self {
        Self { content: Content::Errors(errors), operation_name: None }
    }

    /// The same, with what is told beside it.
    pub(super) fn with_extensions(mut self, told: BTreeMap<String, Value>) -> Self {
        if let Content::Executed(response) = &mut self.content {
            response.extensions.extend(told);
        }
        self
    }

    /// Whether it says anything but errors.
    pub(super) fn has_data(&self) -> bool {
        matches!(&self.content, Content::Executed(response) if response.data != Value::Null)
    }

    /// An error in its place, whatever it said.
    pub(super) fn withheld(self, error: ServerError) -> Self {
        Self::executed(async_graphql::Response::from_errors(vec![error]), self.operation_name)
    }

    /// The name of the operation.
    pub(super) fn operation_name(&self) -> Option<&str> {
        self.operation_name.as_deref()
    }

    /// What is wrong with it.
    pub(super) fn told(&self) -> &[ServerError] {
        match &self.content {
            Content::Executed(response) => &response.errors,
            Content::Errors(errors) => errors,
        }
    }

    /// Gives each error the request's id, and what it lacks; of very many it keeps the first.
    pub(super) fn complete(&mut self, request_id: &str) {
        let errors = match &mut self.content {
            Content::Executed(response) => &mut response.errors,
            Content::Errors(errors) => errors,
        };
        errors.iter_mut().for_each(|error| complete(error, request_id));
        cut(errors);
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.content {
            Content::Executed(response) => response.serialize(serializer),
            Content::Errors(errors) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("errors", errors)?;
                map.end()
            }
        }
    }
}

/// An error of the closed list of codes.
pub(super) fn error(code: &str, message: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    extensions.set("retryable", false);
    error
}

/// The same, where the same request may succeed later.
pub(super) fn retryable(mut error: ServerError) -> ServerError {
    error.extensions.get_or_insert_default().set("retryable", true);
    error
}

/// A fault of ours.
pub(super) fn internal() -> ServerError {
    error("INTERNAL", "a fault of the service: tell the operator the requestId")
}

/// The code of an error; what has none can only be a fault of ours.
pub(super) fn code(error: &ServerError) -> String {
    given_code(error).unwrap_or_else(|| "INTERNAL".to_owned())
}

/// Whether Access Manager does not accept the token.
pub(super) fn is_unauthenticated(error: &ServerError) -> bool {
    given_code(error).as_deref() == Some(code_of(&Failure::Unauthenticated("")))
}

fn given_code(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Most errors of an answer. Each record of a long list may have one of its own.
const ERRORS_MAX: usize = 100;

/// The last error stands for those that are left out, with the code of the first of them.
fn cut(errors: &mut Vec<ServerError>) {
    if errors.len() <= ERRORS_MAX {
        return;
    }
    let left_out = errors.split_off(ERRORS_MAX - 1);
    let message =
        format!("{} more errors are left out here; the first of them has this code", left_out.len());
    let first = left_out.into_iter().next();
    errors.extend(first.map(|first| ServerError { message, locations: vec![], path: vec![], ..first }));
}

/// Every error has a code of the closed list and says whether to try again; what the executor itself finds after
/// validation can only be a fault of ours, and its message could quote a value.
fn complete(error: &mut ServerError, request_id: &str) {
    if given_code(error).is_none() {
        let internal = internal();
        (error.message, error.extensions) = (internal.message, internal.extensions);
    }
    error.extensions.get_or_insert_default().set("requestId", request_id);
}
