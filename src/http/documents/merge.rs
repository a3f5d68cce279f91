//! Mutations that a document selects twice under one name are one mutation (GraphQL, "Field Collection"). The
//! executor does not merge the fields of the root, and would run it twice; so they are merged here.

use super::RequestError;
use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment,
    OperationType, Selection, SelectionSet,
};
use indexmap::IndexMap;
use std::collections::HashMap;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;
type Directives = Vec<Positioned<Directive>>;

/// A field of the root, with the conditions of the fragments around it.
struct Found {
    conditions: Directives,
    field: Positioned<Field>,
}

/// The document with each mutation's root fields merged.
pub(super) fn mutations(mut document: ExecutableDocument) -> Result<ExecutableDocument, Vec<RequestError>> {
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations.into_iter().filter(|operation| operation.node.ty == OperationType::Mutation) {
        let mut found = IndexMap::new();
        let roots = &operation.node.selection_set.node.items;
        collect(roots, &document.fragments, &Vec::new(), &mut found);
        let merged: Result<_, _> = found.into_values().map(merge).collect();
        operation.node.selection_set.node.items = merged?;
    }
    Ok(document)
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

/// One field of all that answer under one name.
fn merge(mut all: Vec<Found>) -> Result<Positioned<Selection>, Vec<RequestError>> {
    // A name is there because a field was found under it.
    let Found { conditions, mut field } = all.swap_remove(0);
    let position = field.pos;
    if all.is_empty() {
        field.node.directives = conditions;
    } else {
        let always = conditions.is_empty() || all.iter().any(|found| found.conditions.is_empty());
        if !always {
            let message = "a mutation is selected twice under one name, each time on a condition: select it once, \
                           or give each an alias";
            let location = Some((position.line, position.column));
            return Err(vec![RequestError {
                code: "GRAPHQL_VALIDATION_FAILED",
                message: message.into(),
                location,
            }]);
        }
        let first = Found { conditions, field: field.clone() };
        let parts = std::iter::once(first).chain(all).map(|found| part(found, position)).collect();
        field.node.directives = Vec::new();
        field.node.selection_set.node = SelectionSet { items: parts };
    }
    Ok(Positioned::new(Selection::Field(field), position))
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
