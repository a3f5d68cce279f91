//! The limits of what a document may ask for, counted once more and in a plain way.

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use std::collections::HashMap;

/// Deepest nesting of fields.
const DEPTH_MAX: usize = 20;
/// Most fields, fragments spelled out; those of an interface or a union stand once for each of its two objects.
const FIELDS_MAX: usize = 2 * 5_000;
/// Most mutations.
const MUTATIONS_MAX: usize = 20;

/// Panics where an accepted document is beyond a limit.
pub(super) fn hold(document: &ExecutableDocument) {
    let mut counted = Counted { document, known: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let set = &operation.node.selection_set.node;
        let (depth, fields) = counted.set(set);
        assert!(depth <= DEPTH_MAX, "fields nest {depth} deep");
        assert!(fields <= FIELDS_MAX, "{fields} fields are selected");
        if operation.node.ty == OperationType::Mutation {
            assert!(set.items.len() <= MUTATIONS_MAX, "{} mutations", set.items.len());
            let merged = set.items.iter().all(|item| matches!(item.node, Selection::Field(_)));
            assert!(merged, "mutations stand in fragments still");
        }
    }
}

struct Counted<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a Name, (usize, usize)>,
}

impl<'a> Counted<'a> {
    /// The depth of a set and the number of its fields.
    fn set(&mut self, set: &'a SelectionSet) -> (usize, usize) {
        let (mut depth, mut fields) = (0, 0);
        for item in &set.items {
            let (below, more) = match &item.node {
                Selection::Field(field) => {
                    let (below, more) = self.set(&field.node.selection_set.node);
                    (below + 1, more + 1)
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            (depth, fields) = (depth.max(below), fields + more);
        }
        (depth, fields)
    }

    fn fragment(&mut self, name: &'a Name) -> (usize, usize) {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let fragment = self.document.fragments.get(name).expect("a fragment that is spread is defined");
        let size = self.set(&fragment.node.selection_set.node);
        self.known.insert(name, size);
        size
    }
}
