//! How much work a document asks for when its fragments are spelled out: a few hundred characters can stand for
//! millions of fields.

use super::RequestError;
use super::copies;
use super::costs::{Costs, LIST_MAX};
use super::introspection::Lists;
use super::lengths::{self, Length, Values};
use super::limits::Limits;
use super::work::{Amount, Work};
use apollo_compiler::ast::DirectiveList;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};
use std::collections::HashMap;
use std::sync::Arc;

/// Deepest nesting of selections, fragments counted too.
pub(super) const LEVELS_MAX: usize = 60;
/// Most fields of a document. What an operation costs is summed up over them with each request.
pub(super) const FIELDS_MAX: usize = 5_000;
/// Most characters of an alias. It is written again for each record, and in the path of each error below it.
const ALIAS_MAX: usize = 255;
/// Most bytes that are copied into arguments, from variables and from the document.
const COPIED_MAX: u64 = 64 * 1024 * 1024;

/// So many answers of introspection cost 1: each is read from memory. Of one operation they have a budget of their own;
/// by their cost those of a batch are summed up.
const INTROSPECTED_A_COST: usize = 100;

/// What an operation costs, and what it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What this operation costs with these variables, by the weights and sizes that the schema declares.
    pub requested: u64,
    /// What an operation may cost.
    pub limit: u64,
}

/// What the operations of a document ask for, by their names.
pub(super) type Works = HashMap<Option<Name>, Arc<Work>>;

/// By what a document is measured.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) limits: &'a Limits,
    pub(super) costs: &'a Costs,
    pub(super) lists: &'a Lists,
}

impl Measure<'_> {
    /// Refuses what is too deep, too wide or too long whatever the variables, and answers what is left to be worked
    /// out with them. The document is valid, so its fragments make no circle.
    pub(super) fn check(self, document: &ExecutableDocument) -> Result<Works, Vec<RequestError>> {
        let mut measured = Measured { document, by: self, known: HashMap::new() };
        let mut works = Works::new();
        for operation in document.operations.iter() {
            let size = measured.set(&operation.selection_set).with_directives(&operation.directives);
            if let Some(message) = self.over(operation, &size) {
                return Err(vec![too_complex(message)]);
            }
            // What stands for a record stands in a list; at the root there is none around it.
            let of_the_schema =
                u64::try_from(size.introspected.div_ceil(INTROSPECTED_A_COST)).unwrap_or(u64::MAX);
            let work = Work::of(Amount { cost: of_the_schema, ..Amount::default() });
            let work = work.and(size.once).and(size.per_record.times(&Length::Known(LIST_MAX)));
            self.cost(work.amount(None))?;
            works.insert(operation.name.clone(), Arc::new(work));
        }
        Ok(works)
    }

    /// What the work of an operation costs with these values.
    pub(super) fn cost_with(self, work: &Work, values: Values<'_>) -> Result<Cost, Vec<RequestError>> {
        self.cost(work.amount(Some(values)))
    }

    fn cost(self, Amount { cost, .. }: Amount) -> Result<Cost, Vec<RequestError>> {
        let limit = self.limits.cost;
        if cost <= limit {
            return Ok(Cost { requested: cost, limit });
        }
        Err(vec![too_complex(format!(
            "the operation may cost {cost}, and at most {limit} is allowed: ask for shorter pages with first or last, \
             for fewer ids, or for less of each record"
        ))])
    }

    fn over(self, operation: &Operation, size: &Size) -> Option<String> {
        let Limits { depth, aliases, root_fields, mutations, directives, .. } = *self.limits;
        let remedy = "ask for the rest in a request of its own";
        let message = if size.depth > depth {
            format!(
                "the operation nests fields {} deep, and at most {depth} are allowed: {remedy}",
                size.depth
            )
        } else if size.levels > LEVELS_MAX {
            format!(
                "the operation nests fragments {} deep, and at most {LEVELS_MAX} are allowed: write some of them out",
                size.levels
            )
        } else if operation.is_mutation() && size.width > mutations {
            format!(
                "the document has {} mutations, and at most {mutations} are allowed: {remedy}",
                size.width
            )
        } else if size.width > root_fields {
            format!(
                "the operation has {} fields at its root, and at most {root_fields} are allowed: {remedy}",
                size.width
            )
        } else if size.aliases > aliases {
            format!(
                "the operation has {} aliases, and at most {aliases} are allowed: ask for many records by a list of \
                 ids, or in several requests",
                size.aliases
            )
        } else if size.longest_alias > ALIAS_MAX {
            format!(
                "the operation has an alias of {} characters, and at most {ALIAS_MAX} are allowed: give a shorter one",
                size.longest_alias
            )
        } else if size.directives > directives {
            format!(
                "the operation has {} directives, and at most {directives} are allowed: put fields with one condition \
                 into one fragment",
                size.directives
            )
        } else if size.fields > FIELDS_MAX {
            format!(
                "the operation selects {} fields, and at most {FIELDS_MAX} are allowed: {remedy}",
                size.fields
            )
        } else if size.introspected > self.lists.budget() {
            "the operation asks for the schema many times over: ask once".to_owned()
        } else {
            return None;
        };
        Some(message)
    }
}

/// Refuses values so large, and taken so often, that copying them alone would be the attack. A literal below a list is
/// copied for each record; and what the document says itself does not come with a request that names it by its hash.
pub(super) fn check_copies(
    work: &Work,
    values: Values<'_>,
    request_bytes: usize,
) -> Result<(), Vec<RequestError>> {
    let Amount { uses, written, .. } = work.amount(Some(values));
    let bytes = uses.saturating_mul(values.bytes(request_bytes)).saturating_add(written);
    if bytes <= COPIED_MAX {
        return Ok(());
    }
    let message = format!(
        "the operation copies up to {bytes} bytes into its arguments, and at most {COPIED_MAX} are allowed: give \
         shorter values, or ask for shorter pages with first or last"
    );
    Err(vec![too_complex(message)])
}

pub(super) fn too_complex(message: String) -> RequestError {
    RequestError { code: "QUERY_TOO_COMPLEX", message, location: None }
}

#[derive(Clone, Default)]
struct Size {
    depth: usize,
    levels: usize,
    /// Fields side by side, and all those below.
    width: usize,
    fields: usize,
    aliases: usize,
    /// Characters of the longest alias.
    longest_alias: usize,
    directives: usize,
    introspected: usize,
    once: Work,
    /// What is done for each record of the list around it: fragments are measured away from it.
    per_record: Work,
}

/// A fragment, to be spread many times.
struct Spread {
    size: Size,
    once: Arc<Work>,
    per_record: Arc<Work>,
}

/// A document on its way through; each fragment is measured once.
struct Measured<'a> {
    document: &'a ExecutableDocument,
    by: Measure<'a>,
    known: HashMap<&'a Name, Spread>,
}

impl<'a> Measured<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Size {
        let mut total = Size::default();
        for selection in &set.selections {
            let size = match selection {
                Selection::Field(field) => {
                    let below = self.set(&field.selection_set);
                    self.field(&set.ty, field, below).with_directives(&field.directives)
                }
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.selection_set).with_directives(&fragment.directives)
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.fragment_name).with_directives(&spread.directives)
                }
            };
            total = total.and(size);
        }
        total
    }

    fn fragment(&mut self, name: &'a Name) -> Size {
        if !self.known.contains_key(name) {
            let mut size = self.document.fragments.get(name).map_or_else(Size::default, |fragment| {
                self.set(&fragment.selection_set).with_directives(&fragment.directives)
            });
            let once = Arc::new(std::mem::take(&mut size.once));
            let per_record = Arc::new(std::mem::take(&mut size.per_record));
            self.known.insert(name, Spread { size, once, per_record });
        }
        self.known.get(name).map(Spread::here).unwrap_or_default()
    }

    fn field(&self, of_type: &str, field: &Field, below: Size) -> Size {
        let Measure { costs, lists, .. } = self.by;
        let introspects = if of_type.starts_with("__") { lists.length(&field.name) } else { 0 };
        let declared = costs.field(of_type, &field.name);
        let taken = field.arguments.iter().map(|argument| copies::of(&argument.value));
        let itself = taken.fold(Amount { cost: declared.weight, ..Amount::default() }, Amount::and);
        let is_sized = costs.is_sized(of_type, &field.name);
        let length = declared.size.as_ref().map(|size| (lengths::of(size, field), size.of_fields_below));
        let (all, records) = match length {
            Some((length, true)) => (Length::Known(1), length),
            Some((length, false)) if !is_sized => (length, Length::Known(LIST_MAX)),
            None if field.definition.ty.is_list() && !is_sized && introspects == 0 => {
                (Length::Known(LIST_MAX), Length::Known(LIST_MAX))
            }
            _ => (Length::Known(1), Length::Known(LIST_MAX)),
        };
        let record =
            Amount { cost: costs.record(field.definition.ty.inner_named_type()), ..Amount::default() };
        let each = Work::of(record).and(below.once).and(below.per_record.times(&records));
        let (once, per_record) = match is_sized {
            true => (Work::of(itself), each),
            false => (Work::of(itself).and(each.times(&all)), Work::default()),
        };
        let introspected = below.introspected.saturating_mul(introspects.max(1));
        Size {
            depth: below.depth.saturating_add(1),
            levels: below.levels,
            width: 1,
            fields: below.fields.saturating_add(1),
            aliases: below.aliases.saturating_add(usize::from(field.alias.is_some())),
            longest_alias: below.longest_alias.max(field.alias.as_ref().map_or(0, |alias| alias.len())),
            directives: below.directives,
            introspected: introspected.saturating_add(introspects.min(1)),
            once,
            per_record,
        }
    }
}

impl Spread {
    fn here(&self) -> Size {
        let (once, per_record) = (Work::shared(&self.once), Work::shared(&self.per_record));
        Size { once, per_record, ..self.size.clone() }
    }
}

impl Size {
    /// Both, side by side in one selection.
    fn and(self, size: Self) -> Self {
        Self {
            depth: self.depth.max(size.depth),
            levels: self.levels.max(size.levels.saturating_add(1)),
            width: self.width.saturating_add(size.width),
            fields: self.fields.saturating_add(size.fields),
            aliases: self.aliases.saturating_add(size.aliases),
            longest_alias: self.longest_alias.max(size.longest_alias),
            directives: self.directives.saturating_add(size.directives),
            introspected: self.introspected.saturating_add(size.introspected),
            once: self.once.and(size.once),
            per_record: self.per_record.and(size.per_record),
        }
    }

    fn with_directives(self, directives: &DirectiveList) -> Self {
        Self { directives: self.directives.saturating_add(directives.len()), ..self }
    }
}

#[cfg(test)]
mod tests;
