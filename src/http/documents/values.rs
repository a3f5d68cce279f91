//! Whether values of records may stand in a document's own text. Clients give them as variables; in the text they are the
//! search that somebody made.

use apollo_compiler::ast::{Argument, DirectiveList, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Node};

/// Longest number that is no document's or account's: page sizes and versions.
const DIGITS_MAX: usize = 6;

/// Whether a text, or a number of many digits, stands anywhere in it.
pub(super) fn held_by(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().any(|operation| {
        let defaults = operation.variables.iter().filter_map(|variable| variable.default_value.as_ref());
        let of_variables = operation.variables.iter().any(|variable| in_directives(&variable.directives));
        defaults.into_iter().any(|value| is_one(value))
            || of_variables
            || in_directives(&operation.directives)
            || in_set(&operation.selection_set)
    });
    let in_fragment = |fragment: &Node<apollo_compiler::executable::Fragment>| {
        in_directives(&fragment.directives) || in_set(&fragment.selection_set)
    };
    operations || document.fragments.values().any(in_fragment)
}

fn in_set(set: &SelectionSet) -> bool {
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => {
            in_arguments(&field.arguments) || in_directives(&field.directives) || in_set(&field.selection_set)
        }
        Selection::InlineFragment(fragment) => {
            in_directives(&fragment.directives) || in_set(&fragment.selection_set)
        }
        Selection::FragmentSpread(spread) => in_directives(&spread.directives),
    })
}

fn in_directives(directives: &DirectiveList) -> bool {
    directives.iter().any(|directive| in_arguments(&directive.arguments))
}

fn in_arguments(arguments: &[Node<Argument>]) -> bool {
    arguments.iter().any(|argument| is_one(&argument.value))
}

fn is_one(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Int(number) => number.as_str().len() > DIGITS_MAX,
        Value::Float(number) => number.as_str().len() > DIGITS_MAX,
        Value::List(values) => values.iter().any(|value| is_one(value)),
        Value::Object(fields) => fields.iter().any(|(_, value)| is_one(value)),
        Value::Null | Value::Boolean(_) | Value::Enum(_) | Value::Variable(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::http::documents::{Documents, Limits};

    #[test]
    fn a_text_or_a_long_number_anywhere_in_a_document_is_a_value() {
        let documents = Documents::new(&crate::graphql::sdl(), Limits::default()).unwrap();
        let holds =
            |text: &str| documents.prepare(text).unwrap_or_else(|e| panic!("{text}: {e:?}")).holds_values();
        for text in [
            "query($d: String!, $y: Boolean!) { holderByDocument(document: $d) { id name @include(if: $y) } }",
            "query($n: Int = 20) { holders(first: $n, sort: CREATED_AT, filter: {type: LEGAL_PERSON}) { nodes { id } } }",
            "mutation($i: CreateHolderInput!) { createHolder(input: $i) { holder { id } } }",
            "{ holders(first: 100) { nodes { ...h } } } fragment h on Holder { id aliasAccounts(last: 5) { totalCount } }",
        ] {
            assert!(!holds(text), "{text}");
        }
        for text in [
            "{ holderByDocument(document: \"91315026015\") { id } }",
            "query($d: String = \"91315026015\") { holders(filter: {document: $d}) { totalCount } }",
            "{ holders { nodes { ...h } } } \
             fragment h on Holder { aliasAccounts(filter: {document: \"91315026015\"}) { totalCount } }",
            "{ holders { nodes { ... { aliasAccounts(filter: {metadata: [{key: \"k\", string: \"v\"}]}) { totalCount } } } } }",
            "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"n\", document: \"d\", metadata: {a: 91315026015}}) \
             { holder { id } } }",
            "{ holder(id: 91315026) { id } }",
        ] {
            assert!(holds(text), "{text}");
        }
    }
}
