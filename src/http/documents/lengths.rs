//! How many records a field may answer, by what the document says of it. Nothing is known of the variables here, so
//! a list whose length stands in one is as long as the longest.

use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::Field;

/// The length of a page where the document does not say.
const PAGE_DEFAULT: usize = 20;
/// The most records of any list: beyond it a list is refused where it is executed.
const LIST_MAX: usize = 100;
/// An alias account may have a hundred related parties; nearly all have a few. Counting the most would refuse every
/// page of alias accounts that shows them.
const PARTIES_USUAL: usize = 10;

/// How often things below a field are answered.
#[derive(Clone, Copy)]
pub(super) struct Length {
    /// All that is selected below it.
    pub(super) all: usize,
    /// Of that, what stands for a record of its list ([`stands_for_a_record`]).
    pub(super) records: usize,
}

impl Length {
    /// No list.
    pub(super) const ONE: Self = Self { all: 1, records: 1 };
}

/// The lengths that a field of this type decides.
pub(super) fn of(of_type: &str, field: &Field) -> Length {
    if is_connection(field.definition.ty.inner_named_type()) {
        Length { records: page(field), ..Length::ONE }
    } else if is_connection(of_type) || is_payload(of_type) {
        // Lists of these are counted around them; of faults there are few.
        Length::ONE
    } else if field.definition.ty.is_list() {
        Length { all: listed(field), ..Length::ONE }
    } else {
        Length { records: created(field), ..Length::ONE }
    }
}

/// Whether a field of this type is answered once for each record of the list around it: `edges` and `nodes` of a
/// connection, beside which `pageInfo` and `totalCount` are answered once; and the list of a payload.
pub(super) fn stands_for_a_record(of_type: &str, field: &Field) -> bool {
    if is_connection(of_type) {
        matches!(field.name.as_str(), "edges" | "nodes")
    } else {
        is_payload(of_type) && field.definition.ty.is_list() && field.name != "userErrors"
    }
}

/// Relay reserves these names for connections.
fn is_connection(of_type: &str) -> bool {
    of_type.ends_with("Connection")
}

/// What a mutation answers.
fn is_payload(of_type: &str) -> bool {
    of_type.ends_with("Payload")
}

/// The length of a page.
fn page(field: &Field) -> usize {
    let asked = ["first", "last"].iter().filter_map(|name| given(field, name));
    let length = |value: &Value| match value {
        // What is no length at all is refused where it is executed.
        Value::Int(n) => n.try_to_i32().ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(LIST_MAX),
        _ => LIST_MAX,
    };
    asked.map(length).max().unwrap_or(PAGE_DEFAULT)
}

/// The length of a list that is neither in a connection nor in a payload.
fn listed(field: &Field) -> usize {
    match field.definition.arguments.iter().find(|argument| argument.ty.is_list()) {
        // One answer for each id that is asked for.
        Some(asked) => given(field, &asked.name).map_or(LIST_MAX, count),
        None if field.name == "relatedParties" => PARTIES_USUAL,
        None => LIST_MAX,
    }
}

/// How many records a mutation may create: onboardHolder's `aliasAccounts` are as many as its input has.
fn created(field: &Field) -> usize {
    match given(field, "input") {
        Some(Value::Object(fields)) => {
            let list = fields.iter().find(|(name, _)| name == "aliasAccounts");
            list.map_or(1, |(_, value)| count(value))
        }
        Some(_) => LIST_MAX,
        None => 1,
    }
}

/// How many values a list holds; a value that is no list stands for a list of itself.
fn count(value: &Value) -> usize {
    match value {
        Value::Variable(_) => LIST_MAX,
        Value::List(values) => values.len().min(LIST_MAX),
        _ => 1,
    }
}

/// The value of an argument that the document gives; null is as if it were left out.
fn given<'a>(field: &'a Field, argument: &str) -> Option<&'a Value> {
    field.specified_argument_by_name(argument).map(Node::as_ref).filter(|value| !value.is_null())
}
