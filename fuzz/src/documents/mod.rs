//! Documents and variables: whatever comes before execution.
//!
//! An input is a document, then, each behind a line of `%%`, the variables as JSON and the name of the operation; both
//! may be missing.

mod limits;
mod readings;

use super::canary;
use super::service;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use holdergraph::http::documents::{Document, Documents, RequestError};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Between the parts of an input.
const SEPARATOR: &str = "\n%%\n";
/// The codes of what is refused before anything runs.
const CODES: [&str; 4] =
    ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX", "BAD_USER_INPUT"];
/// Most faults of one request.
const TOLD_MAX: usize = 20;
/// Most characters of one message.
const MESSAGE_MAX: usize = 2_000;

static DOCUMENTS: LazyLock<Documents> = LazyLock::new(service::documents);
static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
    Schema::parse_and_validate(holdergraph::graphql::sdl(), "schema.graphql")
        .expect("our own schema is valid")
});

/// Takes one input.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.splitn(3, SEPARATOR);
    let (query, variables, name) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let document = match DOCUMENTS.prepare(query) {
        Ok(document) => document,
        Err(faults) => {
            assert!(!faults.is_empty() && faults.len() <= TOLD_MAX, "{} faults are told", faults.len());
            faults.iter().for_each(sound);
            return;
        }
    };
    let variables = match variables.map(serde_json::from_str) {
        Some(Ok(Value::Object(variables))) => variables,
        _ => Map::new(),
    };
    for name in [None, name] {
        judge(&document, query, name, &variables, text.len());
    }
}

/// One operation with the values of its variables.
fn judge(document: &Document, query: &str, name: Option<&str>, values: &Map<String, Value>, bytes: usize) {
    let operation = match document.operation(name) {
        Ok(operation) => operation,
        Err(fault) => return sound(&fault),
    };
    let _ = document.is_introspection(operation);
    match DOCUMENTS.check_variables(document, operation, values, bytes) {
        Ok(()) => {
            match DOCUMENTS.cost(document, operation, values) {
                Ok(cost) => assert!(cost.requested <= cost.limit, "{cost:?}"),
                Err(faults) => return faults.iter().for_each(sound),
            }
            let mut values = values.clone();
            document.complete(operation, &mut values);
            let parsed = match DOCUMENTS.executable(document, operation, &values) {
                Ok(parsed) => parsed,
                Err(fault) => panic!("a prepared document is not executed: {}", fault.code),
            };
            readings::agree(&SCHEMA, query, name, &values, &parsed);
            limits::hold(&parsed);
            fit(query, name, &values);
        }
        Err(faults) => {
            assert!(!faults.is_empty() && faults.len() <= TOLD_MAX, "{} faults are told", faults.len());
            faults.iter().for_each(sound);
        }
    }
}

/// What is taken here fits by the specification's own rules too.
fn fit(query: &str, name: Option<&str>, values: &Map<String, Value>) {
    // Descriptions and the newest introspection are taken here, and not known there.
    let Ok(document) = ExecutableDocument::parse_and_validate(&SCHEMA, query, "document") else { return };
    let operation = document.operations.get(name).expect("it has this operation");
    let json = serde_json::to_string(values).expect("values have a JSON form");
    let values: JsonMap = serde_json::from_str(&json).expect("they are an object");
    if let Err(error) = coerce_variable_values(&SCHEMA, operation, &values) {
        panic!("variables are taken that do not fit: {error:?}");
    }
}

fn sound(fault: &RequestError) {
    assert!(CODES.contains(&fault.code), "{}", fault.code);
    assert!(
        !fault.message.is_empty() && fault.message.chars().count() <= MESSAGE_MAX,
        "a message of any length"
    );
    canary::told(&fault.message);
}
