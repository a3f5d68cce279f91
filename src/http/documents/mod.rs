//! GraphQL documents: parsed and validated by the specification before anything runs, and remembered by their full
//! text. async-graphql alone coerces variables while it executes, when a first mutation may have committed already.

mod diagnostics;
mod introspection;
mod lengths;
mod literals;
mod measure;
mod merge;
mod personal;
mod scalars;
mod variables;

use apollo_compiler::executable::Operation;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use async_graphql::parser::types::ExecutableDocument as Parsed;
use introspection::Lists;
use literals::{Operations, Places};
use moka::sync::Cache;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Most faults that are told of one request: more help nobody, and would make the answer the attack.
const TOLD_MAX: usize = 20;
/// Most tokens of a document.
const TOKENS_MAX: usize = 30_000;
/// Most levels of braces, brackets and parentheses in a document.
const NESTING_MAX: usize = 64;
/// Most memory, in bytes, that remembered documents take.
const REMEMBERED_BYTES: u64 = 64 * 1024 * 1024;
/// About so many bytes does one byte of document text become, read by both parsers.
const BYTES_PER_BYTE: usize = 16;

/// Why a request cannot be executed at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// One of `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`, `QUERY_TOO_COMPLEX`, `BAD_USER_INPUT`,
    /// `PERSISTED_QUERY_NOT_FOUND`, `PERSISTED_QUERY_REQUIRED`.
    pub code: &'static str,
    /// What is wrong; holds no value of the document or the variables.
    pub message: String,
    /// Line and column in the document, from 1.
    pub location: Option<(usize, usize)>,
}

impl RequestError {
    pub(super) fn bad_input(message: impl Into<String>) -> Self {
        Self { code: "BAD_USER_INPUT", message: message.into(), location: None }
    }
}

/// A valid document, in the forms that validation and execution need.
pub struct Document {
    valid: Valid<ExecutableDocument>,
    parsed: Parsed,
    /// Where variables stand.
    operations: Operations,
    /// How many arguments take a value from a variable.
    uses: usize,
}

impl Document {
    /// The operation to run.
    pub fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, RequestError> {
        self.valid.operations.get(name).map_err(|_| {
            RequestError::bad_input(match name {
                Some(_) => "the document has no operation of this operationName",
                None => "the document has several operations: say which by operationName",
            })
        })
    }

    /// Whether an operation asks for nothing but the schema and `__typename`.
    pub fn is_introspection(&self, operation: &Operation) -> bool {
        let mut roots = operation.root_fields(&self.valid);
        roots.all(|field| matches!(field.name.as_str(), "__schema" | "__type" | "__typename" | "_service"))
    }

    /// Where the variables of an operation stand.
    fn places(&self, operation: &Operation) -> Option<&Places> {
        self.operations.get(&operation.name)
    }

    /// Gives variables without a value the defaults of the arguments where they stand.
    pub fn complete(&self, operation: &Operation, values: &mut Map<String, Value>) {
        let Some(places) = self.places(operation) else { return };
        for variable in operation.variables.iter().filter(|variable| variable.default_value.is_none()) {
            let name = variable.name.as_str();
            if let Some(default) = places.defaults.get(name).filter(|_| !values.contains_key(name)) {
                values.insert(name.to_owned(), default.clone());
            }
        }
    }

    /// The form that is executed.
    pub fn parsed(&self) -> Parsed {
        self.parsed.clone()
    }
}

type Prepared = Result<Arc<Document>, Arc<Vec<RequestError>>>;

/// Validates documents against one schema.
pub struct Documents {
    schema: Valid<Schema>,
    lists: Lists,
    remembered: Cache<String, Prepared>,
}

impl Documents {
    /// Documents of the schema that this SDL describes. Fails only for an SDL that is no valid schema.
    pub fn new(sdl: &str) -> Result<Self, String> {
        let schema =
            Schema::parse_and_validate(sdl, "schema.graphql").map_err(|faults| faults.to_string())?;
        let weight = |text: &String, _: &Prepared| {
            u32::try_from(1_024 + text.len().saturating_mul(BYTES_PER_BYTE)).unwrap_or(u32::MAX)
        };
        let remembered = Cache::builder().max_capacity(REMEMBERED_BYTES).weigher(weight).build();
        Ok(Self { lists: Lists::of(&schema), schema, remembered })
    }

    /// A document ready to run, or everything that is wrong with it.
    pub fn prepare(&self, text: &str) -> Prepared {
        if let Some(known) = self.remembered.get(text) {
            return known;
        }
        let prepared = self.read(text).map(Arc::new).map_err(Arc::new);
        self.remembered.insert(text.to_owned(), prepared.clone());
        prepared
    }

    /// Checks the values of an operation's variables, which came in a request of so many bytes.
    pub fn check_variables(
        &self,
        document: &Document,
        operation: &Operation,
        values: &Map<String, Value>,
        request_bytes: usize,
    ) -> Result<(), Vec<RequestError>> {
        measure::check_copies(document.uses, request_bytes)?;
        variables::check(&self.schema, operation, values, document.places(operation))
    }

    fn read(&self, text: &str) -> Result<Document, Vec<RequestError>> {
        if text.trim().is_empty() {
            return Err(vec![diagnostics::empty()]);
        }
        let mut parser = Parser::new().recursion_limit(NESTING_MAX).token_limit(TOKENS_MAX);
        let ast =
            parser.parse_ast(text, "document").map_err(|faults| diagnostics::of_parsing(&faults.errors))?;
        let valid = ast
            .to_executable_validate(&self.schema)
            .map_err(|faults| diagnostics::of_validation(&faults.errors))?;
        let operations = literals::check(&self.schema, &valid)?;
        let uses = measure::check(&valid, &self.lists)?;
        // Two parsers read one text; where the second disagrees, the document is refused rather than run.
        let parsed = async_graphql::parser::parse_query(text).map_err(|_| {
            vec![RequestError {
                code: "GRAPHQL_PARSE_FAILED",
                message: "the document does not parse".into(),
                location: None,
            }]
        })?;
        let parsed = merge::mutations(parsed)?;
        Ok(Document { valid, parsed, operations, uses })
    }
}

#[cfg(test)]
mod tests;
