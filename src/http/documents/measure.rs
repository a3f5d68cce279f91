//! How deep and how wide a document is when its fragments are spelled out: a few hundred characters of fragments
//! in fragments can stand for millions of fields.

use super::RequestError;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};
use std::collections::HashMap;

/// Deepest nesting of fields; the circle of holder and aliasAccounts has no natural end.
const DEPTH_MAX: usize = 20;
/// Most fields.
const FIELDS_MAX: usize = 5_000;

#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
}

/// Refuses what is too deep or too wide. The document is valid, so its fragments make no circle.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), Vec<RequestError>> {
    let mut known = HashMap::new();
    for operation in document.operations.iter() {
        let size = measure(document, &operation.selection_set, &mut known);
        let message = if size.depth > DEPTH_MAX {
            format!("the operation nests fields {} deep: at most {DEPTH_MAX} are taken", size.depth)
        } else if size.fields > FIELDS_MAX {
            format!("the operation selects more than {FIELDS_MAX} fields: ask for less at once")
        } else {
            continue;
        };
        return Err(vec![RequestError { code: "QUERY_TOO_COMPLEX", message, location: None }]);
    }
    Ok(())
}

fn measure<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    known: &mut HashMap<&'a Name, Size>,
) -> Size {
    let mut total = Size::default();
    for selection in &set.selections {
        let size = match selection {
            Selection::Field(field) => {
                let below = measure(document, &field.selection_set, known);
                Size { depth: below.depth + 1, fields: below.fields.saturating_add(1) }
            }
            Selection::InlineFragment(fragment) => measure(document, &fragment.selection_set, known),
            Selection::FragmentSpread(spread) => match known.get(&spread.fragment_name) {
                Some(size) => *size,
                None => {
                    let fragment = document.fragments.get(&spread.fragment_name);
                    let size = fragment
                        .map(|found| measure(document, &found.selection_set, known))
                        .unwrap_or_default();
                    known.insert(&spread.fragment_name, size);
                    size
                }
            },
        };
        total = Size { depth: total.depth.max(size.depth), fields: total.fields.saturating_add(size.fields) };
    }
    total
}
