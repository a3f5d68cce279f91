//! Values written in the document itself. The validator takes any literal for a custom scalar, and looks at variables
//! only where they are a whole argument; so both are judged here.

use super::positions::{Place, Positions};
use super::{RequestError, TOLD_MAX, one_of, scalars};
use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use std::collections::{HashMap, HashSet};

/// Variables at places where not every value of their type may stand.
#[derive(Default)]
pub(super) struct Places {
    /// Where null may not.
    pub(super) never_null: HashSet<Name>,
    /// In a filter: left out there, it would take a condition away, and a list would be longer than was meant.
    pub(super) in_filters: HashSet<Name>,
    /// At an argument that has a default and may not be null: the default holds where the variable has no value. The
    /// executor takes it for null there.
    pub(super) defaults: HashMap<Name, serde_json::Value>,
}

/// Where the variables of each operation stand, by its name.
pub(super) type Operations = HashMap<Option<Name>, Places>;

/// Judges every argument and every variable's default value. Answers where variables stand.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument) -> Result<Operations, Vec<RequestError>> {
    let mut literals = Literals {
        schema,
        sources: &document.sources,
        faults: Vec::new(),
        positions: Positions::default(),
        places: Places::default(),
        spread: Vec::new(),
        quiet: false,
    };
    let (mut operations, mut judged) = (Operations::new(), HashSet::new());
    for operation in document.operations.iter() {
        literals.positions = Positions::of(operation);
        for variable in &operation.variables {
            if let Some(value) = &variable.default_value {
                literals.judge(Place::of(&variable.ty), value);
            }
            literals.directives(&variable.directives);
        }
        literals.directives(&operation.directives);
        literals.walk(&operation.selection_set);
        // Every fragment is reached from some operation; what is wrong in one is told once.
        let mut reached = HashSet::new();
        while let Some(name) = literals.spread.pop() {
            if let Some(fragment) = document.fragments.get(&name)
                && reached.insert(name.clone())
            {
                literals.quiet = !judged.insert(name);
                literals.directives(&fragment.directives);
                literals.walk(&fragment.selection_set);
                literals.quiet = false;
            }
        }
        operations.insert(operation.name.clone(), std::mem::take(&mut literals.places));
    }
    if literals.faults.is_empty() { Ok(operations) } else { Err(literals.faults) }
}

struct Literals<'a> {
    schema: &'a Schema,
    sources: &'a SourceMap,
    faults: Vec<RequestError>,
    /// The variables of the operation that is walked.
    positions: Positions<'a>,
    /// Of the operation that is walked.
    places: Places,
    /// Fragments that it spreads and that are still to be walked.
    spread: Vec<Name>,
    /// Where the literals of a fragment were judged before; its variables are another operation's.
    quiet: bool,
}

impl Literals<'_> {
    fn walk(&mut self, selections: &SelectionSet) {
        for selection in &selections.selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    for filter in field.arguments.iter().filter(|argument| argument.name == "filter") {
                        variables_in(&filter.value, &mut self.places.in_filters);
                    }
                    self.directives(&field.directives);
                    self.walk(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.walk(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    self.spread.push(spread.fragment_name.clone());
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives.iter() {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&definition.arguments, &directive.arguments);
            }
        }
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>], given: &[Node<Argument>]) {
        for argument in given {
            if let Some(wanted) = definitions.iter().find(|wanted| wanted.name == argument.name) {
                self.judge(Place::at(wanted), &argument.value);
                self.note_default(wanted, &argument.value);
            }
        }
    }

    fn judge(&mut self, place: Place<'_>, value: &Node<Value>) {
        let wanted = place.wanted;
        match value.as_ref() {
            // Nulls are the validator's affair, variables are judged with their values.
            Value::Null => {}
            Value::Variable(name) => self.judge_variable(place, name, value),
            Value::List(values) if wanted.is_list() => {
                values.iter().for_each(|value| self.judge(Place::of(wanted.item_type()), value));
            }
            _ if wanted.is_list() => self.judge(Place::of(wanted.item_type()), value),
            literal => match self.schema.types.get(wanted.inner_named_type()) {
                Some(ExtendedType::Scalar(scalar)) => self.judge_scalar(&scalar.name, literal, value),
                Some(ExtendedType::InputObject(object)) => self.judge_object(object, literal, value),
                _ => {}
            },
        }
    }

    fn judge_variable(&mut self, place: Place<'_>, name: &Name, at: &Node<Value>) {
        if place.wanted.is_non_null() {
            self.places.never_null.insert(name.clone());
        }
        if let Some(fault) = self.positions.fault(place, name) {
            let quiet = std::mem::replace(&mut self.quiet, false);
            self.tell(fault, at);
            self.quiet = quiet;
        }
    }

    fn judge_object(&mut self, object: &InputObjectType, literal: &Value, at: &Node<Value>) {
        let given = literal.as_object().unwrap_or_default();
        if has_a_name_twice(given) {
            self.tell("an input object has a field twice: give each once", at);
        }
        let one_of = one_of::is(object);
        if one_of && !(given.len() == 1 && given.iter().all(|(_, value)| !value.is_null())) {
            self.tell(format!("exactly one field of {} is given, and not null", object.name), at);
        }
        for (name, value) in given {
            if let Some(field) = object.fields.get(name) {
                let place = Place::at(field);
                self.judge(Place { never_null: one_of, ..place }, value);
            }
        }
    }

    fn note_default(&mut self, wanted: &InputValueDefinition, value: &Value) {
        if let (true, Some(default), Value::Variable(name)) =
            (wanted.ty.is_non_null(), &wanted.default_value, value)
            && let Some(default) = plain_default(default)
        {
            self.places.defaults.insert(name.clone(), default);
        }
    }

    fn judge_scalar(&mut self, scalar: &str, literal: &Value, at: &Node<Value>) {
        let judged = match (scalar, literal) {
            ("Metadata" | "_Any", Value::Object(_)) => {
                self.declared(at);
                plain(literal)
            }
            // The executor knows integers of 64 bits with a sign.
            ("ID", Value::Int(number)) if number.as_str().parse::<i64>().is_err() => Err("an ID is text"),
            _ => scalars::want(scalar, literal.as_str()),
        };
        if let Err(wanted) = judged {
            self.tell(wanted, at);
        }
    }

    /// The validator does not look into a custom scalar: an undeclared variable there would be found only while a
    /// mutation runs.
    fn declared(&mut self, value: &Node<Value>) {
        match value.as_ref() {
            Value::Variable(name) if !self.positions.has(name) => {
                let quiet = std::mem::replace(&mut self.quiet, false);
                self.tell("a variable in an object of a scalar that its operation does not declare", value);
                self.quiet = quiet;
            }
            Value::List(values) => values.iter().for_each(|value| self.declared(value)),
            Value::Object(entries) => entries.iter().for_each(|(_, value)| self.declared(value)),
            _ => {}
        }
    }

    fn tell(&mut self, message: impl Into<String>, at: &Node<Value>) {
        if !self.quiet && self.faults.len() < TOLD_MAX {
            let location =
                at.line_column_range(self.sources).map(|range| (range.start.line, range.start.column));
            self.faults.push(RequestError {
                code: "GRAPHQL_VALIDATION_FAILED",
                message: message.into(),
                location,
            });
        }
    }
}

/// Whether a literal of Metadata or of a representation is what it seems.
fn plain(value: &Value) -> Result<(), &'static str> {
    match value {
        Value::Enum(_) => Err("text in an object of a scalar stands in quotation marks"),
        Value::List(values) => values.iter().try_for_each(|value| plain(value)),
        Value::Object(entries) => {
            if has_a_name_twice(entries) {
                return Err("an object of a scalar has a key twice: give each once");
            }
            entries.iter().try_for_each(|(_, value)| plain(value))
        }
        _ => Ok(()),
    }
}

/// A default value of our schema's arguments as JSON: names of enums, numbers, texts and booleans.
fn plain_default(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Enum(name) => Some(name.as_str().into()),
        Value::String(text) => Some(text.as_str().into()),
        Value::Boolean(boolean) => Some((*boolean).into()),
        Value::Int(number) => number.as_str().parse::<i64>().ok().map(Into::into),
        _ => None,
    }
}

fn variables_in(value: &Value, found: &mut HashSet<Name>) {
    match value {
        Value::Variable(name) => {
            found.insert(name.clone());
        }
        Value::List(values) => values.iter().for_each(|value| variables_in(value, found)),
        Value::Object(fields) => fields.iter().for_each(|(_, value)| variables_in(value, found)),
        _ => {}
    }
}

fn has_a_name_twice(entries: &[(Name, Node<Value>)]) -> bool {
    let names: HashSet<&Name> = entries.iter().map(|(name, _)| name).collect();
    names.len() < entries.len()
}
