//! What the validator found, in words that hold no value of the document: a literal may be somebody's document
//! number.

use super::{RequestError, TOLD_MAX};
use apollo_compiler::validation::DiagnosticList;

const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";

/// Most characters of a message: names of a document may be of any length.
const MESSAGE_MAX: usize = 300;

/// A document without a word.
pub(super) fn empty() -> RequestError {
    let message = "the document is empty: write a query or a mutation".to_owned();
    RequestError { code: PARSE_FAILED, message, location: None }
}

/// The first fault of parsing (those behind it follow from it): where, and nothing of the text.
pub(super) fn of_parsing(faults: &DiagnosticList) -> Vec<RequestError> {
    let told = tell(faults, PARSE_FAILED, |_, message| {
        // The parser's own words quote the text; of its limits they name which.
        let limit = message.contains("limit");
        if limit {
            "the document is larger than 30,000 tokens (each space is one) or nests deeper than 64 levels"
        } else {
            "syntax error here"
        }
        .to_owned()
    });
    let limit = told.iter().position(|error| error.message != "syntax error here");
    told.into_iter().nth(limit.unwrap_or(0)).into_iter().collect()
}

/// Faults of validation: names of types and fields, no values.
pub(super) fn of_validation(faults: &DiagnosticList) -> Vec<RequestError> {
    tell(faults, "GRAPHQL_VALIDATION_FAILED", |kind, message| match kind {
        Some("IntCoercionError") => "an integer beyond 32 bits: this field takes none so large".to_owned(),
        Some("FloatCoercionError") => "a number that is not finite in 64 bits".to_owned(),
        // What is written in the place of an enum's value may be a value of another kind.
        Some("UndefinedEnumValue") => "a value that its enum does not have".to_owned(),
        _ => message.chars().take(MESSAGE_MAX).collect(),
    })
}

fn tell(
    faults: &DiagnosticList,
    code: &'static str,
    words: impl Fn(Option<&'static str>, String) -> String,
) -> Vec<RequestError> {
    let told = faults.iter().take(TOLD_MAX).map(|fault| RequestError {
        code,
        message: words(fault.error.unstable_error_name(), fault.error.to_string()),
        location: fault.line_column_range().map(|range| (range.start.line, range.start.column)),
    });
    told.collect()
}
