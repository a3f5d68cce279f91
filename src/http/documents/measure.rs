//! How much work a document asks for when its fragments are spelled out and its lists are full: a few hundred
//! characters can stand for millions of fields.

use super::RequestError;
use super::introspection::Lists;
use super::lengths::{self, Length};
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
/// Most fields of an answer, each list as long as it may become. A page of 100 holders, each with a page of 20 alias
/// accounts, may show a dozen fields of every alias account.
const ANSWERED_MAX: usize = 30_000;
/// Most mutations of one document: they run one after the other, within one request's time.
const MUTATIONS_MAX: usize = 20;
/// Most bytes that are copied from the variables into arguments.
const COPIED_MAX: usize = 64 * 1024 * 1024;

#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    levels: usize,
    fields: usize,
    /// What is answered, and asked for with a value from a variable, once.
    once: Work,
    /// The same for each record of the list around it: fragments are measured away from it.
    per_record: Work,
    introspected: usize,
}

/// What is done for a selection.
#[derive(Clone, Copy, Default)]
struct Work {
    /// Fields of the answer.
    answered: usize,
    /// Arguments that take a value from a variable.
    uses: usize,
}

/// Refuses what is too deep, too wide or too long, and answers how many arguments take a value from a variable. The
/// document is valid, so its fragments make no circle.
pub(super) fn check(document: &ExecutableDocument, lists: &Lists) -> Result<usize, Vec<RequestError>> {
    let mut measured = Measured { document, lists, known: HashMap::new() };
    let mut uses = 0;
    for operation in document.operations.iter() {
        let size = measured.set(&operation.selection_set);
        let roots = operation.root_fields(document).count();
        uses = uses.max(size.once.uses);
        let message = if size.depth > DEPTH_MAX {
            format!("the operation nests fields {} deep: at most {DEPTH_MAX} are taken", size.depth)
        } else if size.levels > LEVELS_MAX {
            format!("the operation nests fragments {} deep: at most {LEVELS_MAX} are taken", size.levels)
        } else if size.fields > FIELDS_MAX {
            format!("the operation selects more than {FIELDS_MAX} fields: ask for less at once")
        } else if size.once.answered > ANSWERED_MAX {
            format!(
                "the answer may have {} fields: at most {ANSWERED_MAX} are given, so ask for shorter pages with first \
                 or last, or for fewer ids",
                size.once.answered
            )
        } else if size.introspected > lists.budget() {
            "the operation asks for the schema many times over: ask once".to_owned()
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

/// A document on its way through; each fragment is measured once.
struct Measured<'a> {
    document: &'a ExecutableDocument,
    lists: &'a Lists,
    known: HashMap<&'a Name, Size>,
}

impl<'a> Measured<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Size {
        let mut total = Size::default();
        for selection in &set.selections {
            let size = match selection {
                Selection::Field(field) => {
                    let below = self.set(&field.selection_set);
                    self.field(&set.ty, field, below)
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(spread) => match self.known.get(&spread.fragment_name) {
                    Some(size) => *size,
                    None => {
                        let fragment = self.document.fragments.get(&spread.fragment_name);
                        let size = fragment.map(|found| self.set(&found.selection_set)).unwrap_or_default();
                        self.known.insert(&spread.fragment_name, size);
                        size
                    }
                },
            };
            total = total.and(size);
        }
        total
    }

    fn field(&self, of_type: &str, field: &Field, below: Size) -> Size {
        let (introspects, lengths) = if of_type.starts_with("__") {
            (self.lists.length(&field.name), Length::ONE)
        } else {
            (0, lengths::of(of_type, field))
        };
        let uses = field.arguments.iter().filter(|argument| has_variable(&argument.value)).count();
        let itself = Work { answered: usize::from(introspects == 0), uses };
        // A list's records ask each for themselves.
        let records = below.per_record.times(lengths.records);
        let work = below.once.and(records).times(lengths.all).and(itself);
        let (once, per_record) = if lengths::stands_for_a_record(of_type, field) {
            (Work::default(), work)
        } else {
            (work, Work::default())
        };
        let introspected = below.introspected.saturating_mul(introspects.max(1));
        Size {
            depth: below.depth.saturating_add(1),
            levels: below.levels,
            fields: below.fields.saturating_add(1),
            once,
            per_record,
            introspected: introspected.saturating_add(introspects.min(1)),
        }
    }
}

impl Size {
    /// Both, side by side in one selection.
    fn and(self, size: Self) -> Self {
        Self {
            depth: self.depth.max(size.depth),
            levels: self.levels.max(size.levels.saturating_add(1)),
            fields: self.fields.saturating_add(size.fields),
            once: self.once.and(size.once),
            per_record: self.per_record.and(size.per_record),
            introspected: self.introspected.saturating_add(size.introspected),
        }
    }
}

impl Work {
    fn and(self, more: Self) -> Self {
        Self {
            answered: self.answered.saturating_add(more.answered),
            uses: self.uses.saturating_add(more.uses),
        }
    }

    fn times(self, times: usize) -> Self {
        Self { answered: self.answered.saturating_mul(times), uses: self.uses.saturating_mul(times) }
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

#[cfg(test)]
mod tests;
