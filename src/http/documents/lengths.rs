//! How many records a field may answer, by its arguments: known from the document, or only with the variables.

use super::copies;
use super::costs::{LIST_MAX, Size, Slicing};
use apollo_compiler::Name;
use apollo_compiler::ast;
use apollo_compiler::executable::{Field, Operation};
use serde_json::{Map, Value};

/// The values of an operation's variables, its defaults included.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) operation: &'a Operation,
    pub(super) given: &'a Map<String, Value>,
}

/// The length of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// As the document says, or as it is assumed.
    Known(u64),
    /// It depends on variables.
    Told(Told),
}

/// A length that depends on variables: the largest of what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    known: Option<u64>,
    variables: Vec<(Name, Slicing)>,
    /// Where nothing is given.
    assumed: u64,
}

/// The length that a field's arguments decide.
pub(super) fn of(size: &Size, field: &Field) -> Length {
    let assumed = size.assumed.unwrap_or(LIST_MAX);
    let mut told = Told { known: None, variables: Vec::new(), assumed };
    for slicing in &size.slicing {
        let Some((first, rest)) = slicing.path.split_first() else { continue };
        let Some(value) = field.argument_by_name(first).ok() else { continue };
        match literal(value, rest, slicing.is_list) {
            Found::Nothing => {}
            Found::Length(length) => told.known = told.known.max(Some(length)),
            Found::Variable(name, rest) => {
                let slicing = Slicing { path: rest.to_vec(), is_list: slicing.is_list };
                told.variables.push((name.clone(), slicing));
            }
        }
    }
    match told.variables.is_empty() {
        true => Length::Known(told.known.unwrap_or(assumed)),
        false => Length::Told(told),
    }
}

impl Told {
    /// The length with these values. What is no length at all is the longest: it is refused elsewhere.
    pub(super) fn with(&self, values: Values<'_>) -> u64 {
        let given = self.variables.iter().filter_map(|(name, slicing)| values.length(name, slicing));
        given.chain(self.known).max().unwrap_or(self.assumed)
    }
}

impl Values<'_> {
    /// At most so many bytes does one variable have: those of its request, or of the operation's defaults.
    pub(super) fn bytes(&self, request: usize) -> u64 {
        let defaults = self.operation.variables.iter().filter_map(|variable| variable.default_value.as_ref());
        let defaults = defaults.map(|value| copies::of(value).written).fold(0, u64::saturating_add);
        u64::try_from(request).unwrap_or(u64::MAX).saturating_add(defaults)
    }

    fn length(&self, name: &Name, slicing: &Slicing) -> Option<u64> {
        if let Some(given) = self.given.get(name.as_str()) {
            return json(given, &slicing.path, slicing.is_list);
        }
        let variable = self.operation.variables.iter().find(|variable| variable.name == *name)?;
        match literal(variable.default_value.as_ref()?, &slicing.path, slicing.is_list) {
            Found::Length(length) => Some(length),
            // Default values hold no variables.
            Found::Nothing | Found::Variable(..) => None,
        }
    }
}

enum Found<'a> {
    Nothing,
    Length(u64),
    Variable(&'a Name, &'a [String]),
}

/// Null is as if it were left out.
fn literal<'a>(value: &'a ast::Value, path: &'a [String], is_list: bool) -> Found<'a> {
    match (value, path.split_first()) {
        (ast::Value::Null, _) => Found::Nothing,
        (ast::Value::Variable(name), _) => Found::Variable(name, path),
        (ast::Value::Object(fields), Some((name, rest))) => {
            let field = fields.iter().find(|(field, _)| field == name.as_str());
            field.map_or(Found::Nothing, |(_, value)| literal(value, rest, is_list))
        }
        (ast::Value::List(values), None) => Found::Length(longest(values.len())),
        // One value stands for a list of one.
        (_, None) if is_list => Found::Length(1),
        (ast::Value::Int(number), None) => Found::Length(number.as_str().parse().map_or(1, clamped)),
        _ => Found::Length(LIST_MAX),
    }
}

fn json(value: &Value, path: &[String], is_list: bool) -> Option<u64> {
    match (value, path.split_first()) {
        (Value::Null, _) => None,
        (Value::Object(fields), Some((name, rest))) => json(fields.get(name)?, rest, is_list),
        (Value::Array(values), None) => Some(longest(values.len())),
        (_, None) if is_list => Some(1),
        (Value::Number(number), None) => Some(number.as_i64().map_or(LIST_MAX, clamped)),
        _ => Some(LIST_MAX),
    }
}

fn longest(length: usize) -> u64 {
    u64::try_from(length).map_or(LIST_MAX, |length| length.min(LIST_MAX))
}

/// A length below zero is refused where it is executed, with one error.
fn clamped(number: i64) -> u64 {
    u64::try_from(number).map_or(1, |length| length.min(LIST_MAX))
}
