//! GraphQL documents: parsed and validated by the specification before anything runs, and remembered by their full
//! text. async-graphql alone coerces variables while it executes, when a first mutation may have committed already.

mod collect;
mod copies;
mod costs;
mod diagnostics;
mod executable;
mod introspection;
mod lengths;
mod limits;
mod literals;
mod measure;
mod one_of;
mod personal;
mod positions;
mod scalars;
mod shown;
mod spelled;
mod suggest;
mod text;
mod values;
mod variables;
mod weight;
mod work;

pub use limits::Limits;
pub use measure::Cost;

use crate::telemetry::metrics::DOCUMENT_CACHE;
use apollo_compiler::executable::Operation;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use async_graphql::parser::types::ExecutableDocument as Executable;
use collect::Abstract;
use costs::Costs;
use introspection::Lists;
use lengths::Values;
use literals::{Operations, Places};
use measure::{Measure, Works};
use moka::sync::Cache;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Most faults that are told of one request: more help nobody, and would make the answer the attack.
const TOLD_MAX: usize = 20;
/// Most levels of braces, brackets and parentheses in a document.
const NESTING_MAX: usize = 64;
/// Most memory, in bytes, that remembered documents take.
const REMEMBERED_BYTES: u64 = 64 * 1024 * 1024;
/// Longest text, in bytes, of a refused document that is remembered: a client that repeats its mistake is answered
/// quickly, and nobody fills the memory with mistakes.
const REFUSED_BYTES: usize = 4 * 1024;

/// What the specification of September 2025 has added to introspection, and the validator does not know yet.
const INTROSPECTED_SINCE: &str = "extend type __Type { isOneOf: Boolean }";

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

/// Most characters of an operation's name that a log line holds.
const LOGGED_NAME_MAX: usize = 100;

/// What a log line holds of the name of a valid document's operation: letters and digits only, but of any length.
pub(super) fn logged_name(name: &str) -> &str {
    name.get(..LOGGED_NAME_MAX).unwrap_or(name)
}

/// A valid document, with what is known of it whatever the variables.
pub struct Document {
    valid: Valid<ExecutableDocument>,
    /// Where variables stand.
    operations: Operations,
    /// What its operations ask for, as far as that depends on no variable.
    works: Works,
    /// About so many bytes of memory it takes.
    weight: usize,
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

    /// The names of an operation's root fields.
    pub fn root_fields<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a str> {
        operation.root_fields(&self.valid).map(|field| field.name.as_str())
    }

    /// Whether values of records may stand in its own text, instead of in variables.
    pub fn holds_values(&self) -> bool {
        values::held_by(&self.valid)
    }

    /// Whether each of its operations has a name.
    pub fn is_named(&self) -> bool {
        self.valid.operations.anonymous.is_none()
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
}

type Prepared = Result<Arc<Document>, Arc<Vec<RequestError>>>;

/// Validates documents against one schema.
pub struct Documents {
    schema: Valid<Schema>,
    of_abstract: Abstract,
    lists: Lists,
    costs: Costs,
    limits: Limits,
    introspection: bool,
    remembered: Cache<String, Prepared>,
}

impl Documents {
    /// Documents of the schema that this SDL describes, within these limits. The schema cannot be asked for.
    ///
    /// # Errors
    /// An SDL that is no valid schema, or declares costs that cannot be understood.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, String> {
        let schema = Schema::builder()
            .parse(sdl, "schema.graphql")
            .parse(INTROSPECTED_SINCE, "introspection.graphql")
            .build()
            .and_then(Schema::validate)
            .map_err(|faults| faults.to_string())?;
        let weight = |text: &String, prepared: &Prepared| {
            let bytes = match prepared {
                Ok(document) => document.weight,
                Err(errors) => weight::of_refused(errors, text),
            };
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let remembered = Cache::builder().max_capacity(REMEMBERED_BYTES).weigher(weight).build();
        let (lists, costs) = (Lists::of(&schema), Costs::of(&schema)?);
        let of_abstract = Abstract::of(&schema);
        Ok(Self { of_abstract, lists, costs, schema, limits, introspection: false, remembered })
    }

    /// Whether the schema can be asked for by `__schema` and `__type`, and faults suggest names of it.
    #[must_use]
    pub fn with_introspection(self, introspection: bool) -> Self {
        Self { introspection, ..self }
    }

    /// A document ready to run, or everything that is wrong with it.
    pub fn prepare(&self, text: &str) -> Prepared {
        let known = self.remembered.get(text);
        let outcome = if known.is_some() { "hit" } else { "miss" };
        metrics::counter!(DOCUMENT_CACHE, "outcome" => outcome).increment(1);
        if let Some(known) = known {
            return known;
        }
        let prepared = self.read(text).map(Arc::new).map_err(Arc::new);
        if prepared.is_ok() || text.len() <= REFUSED_BYTES {
            self.remembered.insert(text.to_owned(), prepared.clone());
        }
        prepared
    }

    /// Checks the values of an operation's variables, which came in a request of so many bytes.
    ///
    /// # Errors
    /// Every value that does not fit (`BAD_USER_INPUT`), or values, there or in the document, so large and so often used that
    /// copying them is too much (`QUERY_TOO_COMPLEX`).
    pub fn check_variables(
        &self,
        document: &Document,
        operation: &Operation,
        values: &Map<String, Value>,
        request_bytes: usize,
    ) -> Result<(), Vec<RequestError>> {
        if let Some(work) = document.works.get(&operation.name) {
            measure::check_copies(work, Values { operation, given: values }, request_bytes)?;
        }
        variables::check(&self.schema, operation, values, document.places(operation))
    }

    /// What an operation costs with these values, which have been checked.
    ///
    /// # Errors
    /// `QUERY_TOO_COMPLEX` where that is more than is allowed.
    pub fn cost(
        &self,
        document: &Document,
        operation: &Operation,
        values: &Map<String, Value>,
    ) -> Result<Cost, Vec<RequestError>> {
        match document.works.get(&operation.name) {
            Some(work) => self.measure().cost_with(work, Values { operation, given: values }),
            None => Ok(Cost { requested: 0, limit: self.limits.cost }),
        }
    }

    /// The form in which an operation is executed with these values, which have been checked and completed: each field
    /// once, without fragments and conditions.
    ///
    /// # Errors
    /// A value of the document that the executor cannot hold; a document that was prepared has none.
    pub fn executable(
        &self,
        document: &Document,
        operation: &Node<Operation>,
        values: &Map<String, Value>,
    ) -> Result<Executable, RequestError> {
        executable::of(&document.valid, &self.of_abstract, operation, values)
    }

    fn measure(&self) -> Measure<'_> {
        Measure { limits: &self.limits, costs: &self.costs, lists: &self.lists }
    }

    fn read(&self, text: &str) -> Result<Document, Vec<RequestError>> {
        if text.trim().is_empty() {
            return Err(vec![diagnostics::empty()]);
        }
        let text = &*text::without_descriptions(text).map_err(|at| vec![diagnostics::syntax(at)])?;
        let mut parser = Parser::new().recursion_limit(NESTING_MAX).token_limit(self.limits.tokens);
        let ast = parser
            .parse_ast(text, "document")
            .map_err(|faults| diagnostics::of_parsing(&faults.errors, &self.limits))?;
        spelled::check(&ast)?;
        let suggest = self.introspection.then_some(&*self.schema);
        let valid = ast
            .to_executable_validate(&self.schema)
            .map_err(|faults| diagnostics::of_validation(&faults.errors, &self.schema, suggest))?;
        if !self.introspection {
            introspection::refuse(&valid)?;
        }
        let operations = literals::check(&self.schema, &valid)?;
        let works = self.measure().check(&valid)?;
        executable::check(&ast)?;
        let weight = weight::of(&valid, text);
        Ok(Document { valid, operations, works, weight })
    }
}

#[cfg(test)]
mod tests;
