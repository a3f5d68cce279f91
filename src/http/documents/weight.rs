//! How much memory a remembered document takes. Its text says little of it: of two documents of one length, one may be
//! a long text, and the other thousands of fields.

use super::RequestError;
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{Argument, DirectiveList, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{Name, Node};

/// Bytes of what is there for every document: maps, the entry of the cache, the schema's share.
const DOCUMENT_BYTES: usize = 4_096;
/// Bytes of one field, fragment, argument, directive, variable or value, as measured with many of each, its name and
/// what is known of it included.
const NODE_BYTES: usize = 300;
/// The text is there as the cache's key and as the parser's source, with its lines.
const TEXTS: usize = 3;

/// About so many bytes does a valid document of this text take.
pub(super) fn of(document: &ExecutableDocument, text: &str) -> usize {
    let operations = document.operations.iter().map(|operation| {
        let variables = operation.variables.iter().map(|variable| {
            let default = variable.default_value.as_ref().map_or(0, |value| value_nodes(value));
            default.saturating_add(directive_nodes(&variable.directives)).saturating_add(1)
        });
        sum(variables)
            .saturating_add(directive_nodes(&operation.directives))
            .saturating_add(set_nodes(&operation.selection_set))
            .saturating_add(1)
    });
    let fragments = document.fragments.values().map(|fragment| {
        directive_nodes(&fragment.directives)
            .saturating_add(set_nodes(&fragment.selection_set))
            .saturating_add(1)
    });
    sum(operations)
        .saturating_add(sum(fragments))
        .saturating_mul(NODE_BYTES)
        .saturating_add(text.len().saturating_mul(TEXTS))
        .saturating_add(DOCUMENT_BYTES)
}

/// About so many bytes do the faults of a text take.
pub(super) fn of_refused(errors: &[RequestError], text: &str) -> usize {
    let errors = errors.iter().map(|error| error.message.len().saturating_add(size_of::<RequestError>()));
    sum(errors).saturating_add(text.len()).saturating_add(DOCUMENT_BYTES)
}

fn sum(counts: impl Iterator<Item = usize>) -> usize {
    counts.fold(0, usize::saturating_add)
}

fn set_nodes(set: &SelectionSet) -> usize {
    sum(set.selections.iter().map(|selection| {
        let inside = match selection {
            Selection::Field(field) => {
                argument_nodes(&field.arguments).saturating_add(set_nodes(&field.selection_set))
            }
            Selection::InlineFragment(fragment) => set_nodes(&fragment.selection_set),
            Selection::FragmentSpread(_) => 0,
        };
        inside.saturating_add(directive_nodes(selection.directives())).saturating_add(1)
    }))
}

fn directive_nodes(directives: &DirectiveList) -> usize {
    sum(directives.iter().map(|directive| argument_nodes(&directive.arguments).saturating_add(1)))
}

fn argument_nodes(arguments: &[Node<Argument>]) -> usize {
    sum(arguments.iter().map(|argument| value_nodes(&argument.value).saturating_add(1)))
}

fn value_nodes(value: &Value) -> usize {
    let inside = match value {
        Value::List(values) => sum(values.iter().map(|value| value_nodes(value))),
        Value::Object(fields) => {
            sum(fields.iter().map(|(_, value): &(Name, _)| value_nodes(value).saturating_add(1)))
        }
        _ => 0,
    };
    inside.saturating_add(1)
}
