//! What the validator found, in words that hold no value of the document: a literal may be somebody's document
//! number.

use super::limits::Limits;
use super::shown::Names;
use super::suggest::{Wanted, closest};
use super::{NESTING_MAX, RequestError, TOLD_MAX};
use apollo_compiler::Schema;
use apollo_compiler::validation::DiagnosticList;

const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
const SYNTAX: &str = "syntax error here";

/// Most characters of a message: names of a document may be of any length.
const MESSAGE_MAX: usize = 300;

/// A document without a word.
pub(super) fn empty() -> RequestError {
    let message = "the document is empty: write a query or a mutation".to_owned();
    RequestError { code: PARSE_FAILED, message, location: None }
}

/// A fault of the text itself, at this line and column.
pub(super) fn syntax(at: (usize, usize)) -> RequestError {
    RequestError { code: PARSE_FAILED, message: SYNTAX.to_owned(), location: Some(at) }
}

/// The first fault of parsing (those behind it follow from it): where, and nothing of the text.
pub(super) fn of_parsing(faults: &DiagnosticList, limits: &Limits) -> Vec<RequestError> {
    let told = tell(faults, PARSE_FAILED, |_, message| {
        // The parser's own words quote the text; of its limits they name which.
        if message.contains("token limit") {
            let most = limits.tokens;
            format!(
                "the document has more than {most} tokens (each space is one), and no more are allowed: send values as \
                 variables, or several documents"
            )
        } else if message.contains("limit") {
            format!(
                "the document nests braces, brackets and parentheses deeper than {NESTING_MAX} levels, and no deeper \
                 is allowed: send nested values as variables"
            )
        } else {
            SYNTAX.to_owned()
        }
    });
    let limit = told.iter().position(|error| error.message != SYNTAX);
    told.into_iter().nth(limit.unwrap_or(0)).into_iter().collect()
}

/// Faults of validation: names of the schema, no others and no values. `suggest` is the schema to suggest names of.
pub(super) fn of_validation(
    faults: &DiagnosticList,
    schema: &Schema,
    suggest: Option<&Schema>,
) -> Vec<RequestError> {
    let names = Names::of(schema);
    tell(faults, "GRAPHQL_VALIDATION_FAILED", |kind, message| {
        let suggestion = suggest.and_then(|schema| suggestion(schema, kind?, &message)).unwrap_or_default();
        let words = match kind {
            Some("IntCoercionError") => {
                "an integer beyond 32 bits: this field takes none so large".to_owned()
            }
            Some("FloatCoercionError") => "a number that is not finite in 64 bits".to_owned(),
            Some("UndefinedEnumValue") => enum_value(schema, &message),
            _ => names.only(&message).chars().take(MESSAGE_MAX).collect(),
        };
        words + &suggestion
    })
}

/// What is written in the place of an enum's value may be a value of another kind, so only the enum is named: the
/// validator does so last, in backticks.
fn enum_value(schema: &Schema, message: &str) -> String {
    let known = message.rsplit('`').nth(1).and_then(|name| schema.get_enum(name));
    let Some(known) = known else { return "a value that its enum does not have".to_owned() };
    let values: Vec<&str> = known.values.keys().map(|value| value.as_str()).collect();
    format!("a value that `{}` does not have, it must be one of {}", known.name, values.join(", "))
}

/// The validator names what it did not find, and where, in backticks.
fn suggestion(schema: &Schema, kind: &str, message: &str) -> Option<String> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (wanted, written) = match (kind, quoted.as_slice()) {
        ("UndefinedField", [of, field]) => (Wanted::Member(of), field),
        ("UndefinedEnumValue" | "UndefinedInputValue", [name, of]) => (Wanted::Member(of), name),
        ("UndefinedArgument", [name, of]) => {
            let (field, _) = of.split_once('(').unwrap_or((of, ""));
            (Wanted::Argument(field), name)
        }
        (
            "UndefinedDefinition"
            | "UndefinedTypeInNamedFragmentTypeCondition"
            | "UndefinedTypeInInlineFragmentTypeCondition",
            [name, ..],
        ) => (Wanted::Type, name),
        _ => return None,
    };
    closest(schema, wanted, written).map(|name| format!(": did you mean `{name}`?"))
}

fn tell(
    faults: &DiagnosticList,
    code: &'static str,
    words: impl Fn(Option<&'static str>, String) -> String,
) -> Vec<RequestError> {
    // Where the only field of a selection is not known, the validator adds that the selection is empty.
    let unknown = faults.iter().any(|fault| fault.error.unstable_error_name() == Some("UndefinedField"));
    let told = faults
        .iter()
        .filter(|fault| !unknown || fault.error.unstable_error_name() != Some("MissingSubselection"))
        .take(TOLD_MAX)
        .map(|fault| RequestError {
            code,
            message: words(fault.error.unstable_error_name(), fault.error.to_string()),
            location: fault.line_column_range().map(|range| (range.start.line, range.start.column)),
        });
    told.collect()
}
