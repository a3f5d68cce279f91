//! Inputs of which exactly one field is given (GraphQL, "OneOf Input Objects"): the validator does not know them.

use apollo_compiler::schema::InputObjectType;

/// Whether an input is one.
pub(super) fn is(input: &InputObjectType) -> bool {
    input.directives.has("oneOf")
}
