//! How many fields a document has when its fragments are spelled out, counted before it is validated: validation walks
//! through a fragment anew for each operation that spreads it, so that a short text could hold a worker for seconds.

use super::RequestError;
use super::measure::{FIELDS_MAX, LEVELS_MAX, too_complex};
use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use std::collections::HashMap;

/// Most operations of a document.
const OPERATIONS_MAX: usize = 20;

/// Refuses a document of too many operations, or of too many fields in all of them together.
pub(super) fn check(document: &Document) -> Result<(), Vec<RequestError>> {
    let operations: Vec<_> =
        document.definitions.iter().filter_map(Definition::as_operation_definition).collect();
    if operations.len() > OPERATIONS_MAX {
        return Err(vec![too_complex(format!(
            "the document has {} operations, and at most {OPERATIONS_MAX} are allowed: send the rest in a document of \
             its own",
            operations.len()
        ))]);
    }
    let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
    let fragments = fragments.map(|fragment| (&fragment.name, &**fragment)).collect();
    let mut counted = Counted { fragments, known: HashMap::new(), entered: 0 };
    let mut fields: usize = 0;
    for operation in operations {
        fields = fields.saturating_add(counted.set(&operation.selection_set)?);
    }
    if fields > FIELDS_MAX {
        return Err(vec![too_complex(format!(
            "the document selects {fields} fields, and at most {FIELDS_MAX} are allowed: ask for the rest in a request \
             of its own"
        ))]);
    }
    Ok(())
}

struct Counted<'a> {
    fragments: HashMap<&'a Name, &'a FragmentDefinition>,
    /// The fields of each fragment that was counted; none of one that spreads itself, which validation refuses.
    known: HashMap<&'a Name, usize>,
    /// Fragments around the one that is counted.
    entered: usize,
}

impl<'a> Counted<'a> {
    fn set(&mut self, set: &'a [Selection]) -> Result<usize, Vec<RequestError>> {
        let mut fields: usize = 0;
        for selection in set {
            let more = match selection {
                Selection::Field(field) => self.set(&field.selection_set)?.saturating_add(1),
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name)?,
            };
            fields = fields.saturating_add(more);
        }
        Ok(fields)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<usize, Vec<RequestError>> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        let Some(fragment) = self.fragments.get(name).copied() else { return Ok(0) };
        if self.entered >= LEVELS_MAX {
            return Err(vec![too_complex(format!(
                "the document nests fragments more than {LEVELS_MAX} deep, and no deeper is allowed: write some of \
                 them out"
            ))]);
        }
        self.known.insert(name, 0);
        self.entered += 1;
        let fields = self.set(&fragment.selection_set)?;
        self.entered -= 1;
        self.known.insert(name, fields);
        Ok(fields)
    }
}

#[cfg(test)]
mod tests;
