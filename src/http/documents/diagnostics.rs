//! What the validator found, in words that hold no value of the document: a literal may be somebody's document
//! number.

use super::{RequestError, TOLD_MAX};
use apollo_compiler::validation::DiagnosticList;

/// Most characters of a message: names of a document may be of any length.
const MESSAGE_MAX: usize = 300;

/// Faults of parsing: where, and nothing of the text.
pub(super) fn of_parsing(faults: &DiagnosticList) -> Vec<RequestError> {
    let message =
        "the document does not parse here, or is larger than 30,000 tokens (each space is one) or 64 levels";
    tell(faults, "GRAPHQL_PARSE_FAILED", |_, _| message.to_owned())
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
