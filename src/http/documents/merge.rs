//! Mutations that a document selects twice under one name are one mutation (GraphQL, "Field Collection"). The
//! executor does not merge the fields of the root, and would run it twice; so they are merged here.

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment,
    OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as ConstValue};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::HashMap;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;
type Directives = Vec<Positioned<Directive>>;

/// A field of the root, with the conditions of the fragments around it.
struct Found {
    conditions: Directives,
    field: Positioned<Field>,
}

/// A document as it is executed.
pub(super) enum Merged {
    /// For all values of its variables.
    Always(ExecutableDocument),
    /// Some mutation is selected more than once, each time on a condition: what is run depends on the variables.
    ByValues(ExecutableDocument),
}

/// The document with each mutation's root fields merged, as far as that needs no values.
pub(super) fn mutations(document: ExecutableDocument) -> Merged {
    match merged(document.clone(), None) {
        Some(merged) => Merged::Always(merged),
        None => Merged::ByValues(document),
    }
}

impl Merged {
    /// The document to execute with these values.
    pub(super) fn with(&self, values: &Map<String, Value>) -> ExecutableDocument {
        match self {
            Self::Always(document) => document.clone(),
            // With all conditions decided there is nothing that cannot be merged.
            Self::ByValues(document) => {
                merged(document.clone(), Some(values)).unwrap_or_else(|| document.clone())
            }
        }
    }
}

/// Without values nothing is answered where they decide.
fn merged(
    mut document: ExecutableDocument,
    values: Option<&Map<String, Value>>,
) -> Option<ExecutableDocument> {
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations.into_iter().filter(|operation| operation.node.ty == OperationType::Mutation) {
        let mut found = IndexMap::new();
        let roots = &operation.node.selection_set.node.items;
        collect(roots, &document.fragments, &Vec::new(), &mut found);
        if let Some(values) = values {
            decide(&mut found, &operation.node, values);
        }
        let merged: Option<_> = found.into_values().map(merge).collect();
        operation.node.selection_set.node.items = merged?;
    }
    Some(document)
}

/// Keeps what is included with these values, on no condition any more.
fn decide(
    found: &mut IndexMap<Name, Vec<Found>>,
    operation: &OperationDefinition,
    values: &Map<String, Value>,
) {
    for all in found.values_mut() {
        all.retain_mut(|found| {
            let included = found.conditions.iter().all(|condition| holds(&condition.node, operation, values));
            found.conditions.clear();
            included
        });
    }
    found.retain(|_, all| !all.is_empty());
}

/// Whether a `@skip` or `@include` lets its field pass. A valid document has no other directives here, and values
/// that were checked have a boolean for each.
fn holds(condition: &Directive, operation: &OperationDefinition, values: &Map<String, Value>) -> bool {
    let given = |name: Name| {
        let default = || {
            let mut variables = operation.variable_definitions.iter();
            let variable = variables.find(|variable| variable.node.name.node == name)?;
            variable.node.default_value.as_ref().map(|value| value.node.clone())
        };
        values.get(name.as_str()).map(|value| value.as_bool().into()).or_else(default).ok_or(())
    };
    let argument = condition.get_argument("if").map(|argument| argument.node.clone());
    let told = match argument.map(|argument| argument.into_const_with(given)) {
        Some(Ok(ConstValue::Boolean(told))) => Some(told),
        _ => None,
    };
    told.is_some_and(|told| told == (condition.name.node == "include"))
}

/// Gathers the root fields by the name that they answer under.
fn collect(
    items: &[Positioned<Selection>],
    fragments: &Fragments,
    conditions: &Directives,
    found: &mut IndexMap<Name, Vec<Found>>,
) {
    for item in items {
        let within = |directives: &Directives| [conditions.as_slice(), directives.as_slice()].concat();
        match &item.node {
            Selection::Field(field) => {
                let conditions = within(&field.node.directives);
                found
                    .entry(field.node.response_key().node.clone())
                    .or_default()
                    .push(Found { conditions, field: field.clone() });
            }
            Selection::InlineFragment(fragment) => {
                let inside = within(&fragment.node.directives);
                collect(&fragment.node.selection_set.node.items, fragments, &inside, found);
            }
            Selection::FragmentSpread(spread) => {
                // A valid document defines the fragments that it spreads.
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                    let inside = within(&spread.node.directives);
                    collect(&fragment.node.selection_set.node.items, fragments, &inside, found);
                }
            }
        }
    }
}

/// One field of all that answer under one name; none where each is selected on a condition, and which of them hold is
/// not known.
fn merge(mut all: Vec<Found>) -> Option<Positioned<Selection>> {
    // A name is there because a field was found under it.
    let Found { conditions, mut field } = all.swap_remove(0);
    let position = field.pos;
    if all.is_empty() {
        field.node.directives = conditions;
    } else {
        if !conditions.is_empty() && all.iter().all(|found| !found.conditions.is_empty()) {
            return None;
        }
        let first = Found { conditions, field: field.clone() };
        let parts = std::iter::once(first).chain(all).map(|found| part(found, position)).collect();
        field.node.directives = Vec::new();
        field.node.selection_set.node = SelectionSet { items: parts };
    }
    Some(Positioned::new(Selection::Field(field), position))
}

/// What one of them selects, on its own conditions.
fn part(found: Found, position: async_graphql::Pos) -> Positioned<Selection> {
    let fragment = InlineFragment {
        type_condition: None,
        directives: found.conditions,
        selection_set: found.field.node.selection_set,
    };
    Positioned::new(Selection::InlineFragment(Positioned::new(fragment, position)), position)
}

#[cfg(test)]
mod tests;
