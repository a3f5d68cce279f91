//! Which fields of a selection are executed, and which of them are one (GraphQL, "Field Collection"). The executor runs
//! a field that is selected twice two times, and puts the answers together by their places in lists: with records that
//! change in between, a value would stand beside another record's id. So it is given each field once.

use apollo_compiler::ast::{DirectiveList, Value as Literal};
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The object types that an interface or a union may stand for, by its name.
pub(super) struct Abstract(HashMap<Name, Vec<Name>>);

impl Abstract {
    /// Those of a schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let implementers = schema.implementers_map();
        let objects = |(name, of_type): (&Name, &ExtendedType)| {
            let mut objects: Vec<Name> = match of_type {
                ExtendedType::Interface(_) => implementers.get(name)?.objects.iter().cloned().collect(),
                ExtendedType::Union(union) => {
                    union.members.iter().map(|member| member.name.clone()).collect()
                }
                _ => return None,
            };
            objects.sort_unstable();
            Some((name.clone(), objects))
        };
        Self(schema.types.iter().filter_map(objects).collect())
    }

    /// None where a type stands for itself alone.
    pub(super) fn objects(&self, of_type: &Name) -> Option<&[Name]> {
        self.0.get(of_type).map(Vec::as_slice)
    }

    /// Whether a fragment on a type applies to an object.
    fn applies(&self, condition: &Name, object: &Name) -> bool {
        condition == object || self.objects(condition).is_some_and(|objects| objects.contains(object))
    }
}

/// The values that a valid operation runs with.
pub(super) struct Given<'a> {
    defaults: HashMap<&'a str, &'a Literal>,
    values: &'a Map<String, Value>,
}

impl<'a> Given<'a> {
    pub(super) fn to(operation: &'a Operation, values: &'a Map<String, Value>) -> Self {
        let default = |variable: &'a Node<apollo_compiler::ast::VariableDefinition>| {
            Some((variable.name.as_str(), &**variable.default_value.as_ref()?))
        };
        Self { defaults: operation.variables.iter().filter_map(default).collect(), values }
    }

    /// Whether a variable has a value, be it null.
    pub(super) fn has(&self, variable: &Name) -> bool {
        self.values.contains_key(variable.as_str()) || self.defaults.contains_key(variable.as_str())
    }

    /// Whether `@skip` and `@include` let a selection pass. Values that were checked have a boolean for each.
    fn include(&self, directives: &DirectiveList) -> bool {
        directives.iter().all(|directive| {
            let told = directive.specified_argument_by_name("if").and_then(|value| self.boolean(value));
            match directive.name.as_str() {
                "skip" => told == Some(false),
                "include" => told == Some(true),
                _ => true,
            }
        })
    }

    fn boolean(&self, value: &Literal) -> Option<bool> {
        let Literal::Variable(name) = value else { return value.to_bool() };
        match self.values.get(name.as_str()) {
            Some(value) => value.as_bool(),
            None => self.defaults.get(name.as_str())?.to_bool(),
        }
    }
}

/// The fields of an object by the name that they answer under; those under one name are one field.
pub(super) type Fields<'a> = IndexMap<&'a Name, Vec<&'a Node<Field>>>;

/// The fields that are selected of an object, by all these selections together.
pub(super) fn fields<'a>(
    document: &'a ExecutableDocument,
    of_abstract: &Abstract,
    given: &Given<'_>,
    object: &Name,
    sets: &[&'a SelectionSet],
) -> Fields<'a> {
    let mut collected =
        Collected { document, of_abstract, given, object, spread: HashSet::new(), fields: Fields::new() };
    sets.iter().for_each(|set| collected.set(set));
    collected.fields
}

struct Collected<'a, 'b> {
    document: &'a ExecutableDocument,
    of_abstract: &'b Abstract,
    given: &'b Given<'b>,
    object: &'b Name,
    /// Fragments that were entered: a second time they say nothing new.
    spread: HashSet<&'a Name>,
    fields: Fields<'a>,
}

impl<'a> Collected<'a, '_> {
    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            if !self.given.include(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    self.fields.entry(field.response_key()).or_default().push(field);
                }
                Selection::InlineFragment(fragment) => {
                    self.enter(fragment.type_condition.as_ref(), &fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    // A valid document defines the fragments that it spreads.
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.spread.insert(&spread.fragment_name)
                    {
                        self.enter(Some(fragment.type_condition()), &fragment.selection_set);
                    }
                }
            }
        }
    }

    fn enter(&mut self, condition: Option<&Name>, set: &'a SelectionSet) {
        if condition.is_none_or(|condition| self.of_abstract.applies(condition, self.object)) {
            self.set(set);
        }
    }
}

#[cfg(test)]
mod tests;
