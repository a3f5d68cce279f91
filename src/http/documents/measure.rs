//! How much work a document asks for when its fragments are spelled out and its lists are full: a few hundred
//! characters can stand for millions of fields.

use super::RequestError;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};
use std::collections::HashMap;

/// Deepest nesting of fields; the circle of holder and aliasAccounts has no natural end.
const DEPTH_MAX: usize = 20;
/// Deepest nesting of selections, fragments counted too.
const LEVELS_MAX: usize = 60;
/// Most fields.
const FIELDS_MAX: usize = 5_000;
/// Most fields of an answer, each list as long as it may become.
const ANSWERED_MAX: usize = 30_000;
/// Most mutations of one document: they run one after the other, within one request's time.
const MUTATIONS_MAX: usize = 20;
/// Most bytes that are copied from the variables into arguments.
const COPIED_MAX: usize = 64 * 1024 * 1024;

/// The length of a page where the document does not say.
const PAGE_DEFAULT: usize = 20;
/// The longest page.
const PAGE_MAX: usize = 100;

#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    levels: usize,
    fields: usize,
    answered: usize,
    /// Arguments that take a value from a variable.
    uses: usize,
}

/// Refuses what is too deep, too wide or too long, and answers how many arguments take a value from a variable. The
/// document is valid, so its fragments make no circle.
pub(super) fn check(document: &ExecutableDocument) -> Result<usize, Vec<RequestError>> {
    let mut known = HashMap::new();
    let mut uses = 0;
    for operation in document.operations.iter() {
        let size = measure(document, &operation.selection_set, &mut known);
        let roots = operation.root_fields(document).count();
        uses = uses.max(size.uses);
        let message = if size.depth > DEPTH_MAX {
            format!("the operation nests fields {} deep: at most {DEPTH_MAX} are taken", size.depth)
        } else if size.levels > LEVELS_MAX {
            format!("the operation nests fragments {} deep: at most {LEVELS_MAX} are taken", size.levels)
        } else if size.fields > FIELDS_MAX {
            format!("the operation selects more than {FIELDS_MAX} fields: ask for less at once")
        } else if size.answered > ANSWERED_MAX {
            format!(
                "the answer may have {} fields: at most {ANSWERED_MAX} are given, so ask for shorter pages with first",
                size.answered
            )
        } else if operation.is_mutation() && roots > MUTATIONS_MAX {
            format!("the document has {roots} mutations: at most {MUTATIONS_MAX} are taken at once")
        } else {
            continue;
        };
        return Err(vec![too_complex(message)]);
    }
    Ok(uses)
}

/// Refuses variables so large, and used so often, that copying them alone would be the attack.
pub(super) fn check_copies(uses: usize, request_bytes: usize) -> Result<(), Vec<RequestError>> {
    if uses.saturating_mul(request_bytes) <= COPIED_MAX {
        return Ok(());
    }
    let message =
        format!("{uses} arguments take values from a request of {request_bytes} bytes: send less at once");
    Err(vec![too_complex(message)])
}

fn too_complex(message: String) -> RequestError {
    RequestError { code: "QUERY_TOO_COMPLEX", message, location: None }
}

fn measure<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    known: &mut HashMap<&'a Name, Size>,
) -> Size {
    let mut total = Size::default();
    for selection in &set.selections {
        let size = match selection {
            Selection::Field(field) => of_field(field, measure(document, &field.selection_set, known)),
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
        total = Size {
            depth: total.depth.max(size.depth),
            levels: total.levels.max(size.levels.saturating_add(1)),
            fields: total.fields.saturating_add(size.fields),
            answered: total.answered.saturating_add(size.answered),
            uses: total.uses.saturating_add(size.uses),
        };
    }
    total
}

fn of_field(field: &Field, below: Size) -> Size {
    let uses = field.arguments.iter().filter(|argument| has_variable(&argument.value)).count();
    let page = if field.definition.argument_by_name("first").is_some() { page(field) } else { 1 };
    Size {
        depth: below.depth.saturating_add(1),
        levels: below.levels,
        fields: below.fields.saturating_add(1),
        answered: below.answered.saturating_mul(page).saturating_add(1),
        // A list's records ask each for themselves.
        uses: below.uses.saturating_mul(page).saturating_add(uses),
    }
}

/// How many records a list's field may answer.
fn page(field: &Field) -> usize {
    match field.specified_argument_by_name("first").map(|value| value.as_ref()) {
        None | Some(Value::Null) => PAGE_DEFAULT,
        // Anything beyond the longest page is refused where it is executed.
        Some(Value::Int(first)) => {
            first.try_to_i32().ok().and_then(|n| usize::try_from(n).ok()).map_or(1, |n| n.min(PAGE_MAX))
        }
        Some(_) => PAGE_MAX,
    }
}

fn has_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(values) => values.iter().any(|value| has_variable(value)),
        Value::Object(fields) => fields.iter().any(|(_, value)| has_variable(value)),
        _ => false,
    }
}
