//! Values of variables, judged before anything runs (GraphQL, "Coercing Variable Values"). Ours rather than the
//! validator's because messages must name the place and never repeat the value.

use super::literals::Places;
use super::one_of;
use super::shown::Names;
use super::{RequestError, TOLD_MAX, scalars};
use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::Operation;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use serde_json::{Map, Value};

/// Most characters of a variable's name in messages. A document may give one of any length, and it is written again for
/// each value of a list.
const NAME_MAX: usize = 100;

/// Judges all variables of an operation; every fault is told, up to a number that still helps.
pub(super) fn check(
    schema: &Schema,
    operation: &Operation,
    values: &Map<String, Value>,
    places: Option<&Places>,
) -> Result<(), Vec<RequestError>> {
    let mut faults = Faults { schema, told: Vec::new() };
    let never_null = |name| places.is_some_and(|places| places.never_null.contains(name));
    let in_filter = |name| places.is_some_and(|places| places.in_filters.contains(name));
    for (number, variable) in (1..).zip(&operation.variables) {
        let before = faults.told.len();
        let at = format!("${}", variable.name.get(..NAME_MAX).unwrap_or(&variable.name));
        match values.get(variable.name.as_str()) {
            // A default lets a nullable variable stand where null may not: but not with null as its value.
            Some(Value::Null) if never_null(&variable.name) => {
                faults.tell(&at, "is null: give a value, or leave it out for its default");
            }
            Some(value) => faults.judge(&at, &variable.ty, value),
            None if never_null(&variable.name)
                && variable.default_value.as_ref().is_some_and(|value| value.is_null()) =>
            {
                faults.tell(&at, "has null as its default, and stands where null may not: give a value");
            }
            None if variable.ty.is_non_null() && variable.default_value.is_none() => {
                faults.tell(&at, format!("is required: give a value of type {}", variable.ty));
            }
            // By the specification it would be as if the filter had no such condition (rule 13).
            None if variable.default_value.is_none() && in_filter(&variable.name) => {
                faults.tell(&at, "stands in a filter and has no value: give one, or leave the condition out");
            }
            None => {}
        }
        if faults.told.len() > before && !Names::of(schema).have(&variable.name) {
            faults.number(before, &at, number);
        }
    }
    if faults.told.is_empty() { Ok(()) } else { Err(faults.told) }
}

struct Faults<'a> {
    schema: &'a Schema,
    told: Vec<RequestError>,
}

impl Faults<'_> {
    fn tell(&mut self, at: &str, what: impl std::fmt::Display) {
        if self.told.len() >= TOLD_MAX {
            return;
        }
        self.told.push(RequestError::bad_input(format!("{at} {what}")));
    }

    /// Tells faults from this one on by the number of their variable, whose name is not one of the schema's.
    fn number(&mut self, from: usize, at: &str, number: usize) {
        for fault in self.told.iter_mut().skip(from) {
            if let Some(rest) = fault.message.strip_prefix(at) {
                fault.message = format!("${number}{rest} (${number}: variable {number} of the operation)");
            }
        }
    }

    fn judge(&mut self, at: &str, wanted: &Type, value: &Value) {
        match value {
            Value::Null if wanted.is_non_null() => {
                self.tell(at, format!("is null: give a value of type {wanted}"))
            }
            Value::Null => {}
            Value::Array(values) if wanted.is_list() => {
                for (index, value) in values.iter().enumerate() {
                    if self.told.len() >= TOLD_MAX {
                        return;
                    }
                    self.judge(&format!("{at}.{index}"), wanted.item_type(), value);
                }
            }
            // One value stands for a list of one.
            value if wanted.is_list() => self.judge(at, wanted.item_type(), value),
            value => self.judge_named(at, wanted, value),
        }
    }

    fn judge_named(&mut self, at: &str, wanted: &Type, value: &Value) {
        let schema = self.schema;
        match schema.types.get(wanted.inner_named_type()) {
            Some(ExtendedType::Scalar(scalar)) => {
                if let Err(wanted) = scalar_fits(&scalar.name, value) {
                    self.tell(at, format!("does not fit: {wanted}"));
                }
            }
            Some(ExtendedType::Enum(wanted)) => {
                let known = value.as_str().is_some_and(|text| wanted.values.keys().any(|name| name == text));
                if !known {
                    let names: Vec<&str> = wanted.values.keys().map(|name| name.as_str()).collect();
                    self.tell(at, format!("must be one of {}", names.join(", ")));
                }
            }
            Some(ExtendedType::InputObject(wanted)) => self.judge_object(at, wanted, value),
            // A validated operation has variables of input types only.
            _ => self.tell(at, "has no input type"),
        }
    }

    fn judge_object(&mut self, at: &str, wanted: &InputObjectType, value: &Value) {
        let Value::Object(given) = value else {
            return self.tell(at, format!("must be an object of type {}", wanted.name));
        };
        let mut unknown = given.keys().filter(|name| !wanted.fields.contains_key(name.as_str())).peekable();
        if unknown.peek().is_some() && self.told.len() < TOLD_MAX {
            let names = Names::of(self.schema);
            for name in unknown.take(TOLD_MAX) {
                self.tell(at, format!("has {}, which {} has not", shown(&names, name), wanted.name));
            }
        }
        if one_of::is(wanted) && !(given.len() == 1 && given.values().all(|value| !value.is_null())) {
            self.tell(at, format!("must have exactly one field of {}, and not null", wanted.name));
        }
        for (name, field) in &wanted.fields {
            let at = format!("{at}.{name}");
            match given.get(name.as_str()) {
                Some(value) => self.judge(&at, &field.ty, value),
                None if field.is_required() => {
                    self.tell(&at, format!("is required: give a value of type {}", field.ty));
                }
                None => {}
            }
        }
    }
}

/// A field's name where another type has it; anything else may be a value in the wrong place.
fn shown(names: &Names<'_>, name: &str) -> String {
    if names.have(name) { format!("a field {name}") } else { "a field whose name is not shown".to_owned() }
}

fn scalar_fits(scalar: &str, value: &Value) -> Result<(), &'static str> {
    match (scalar, value) {
        ("Int", Value::Number(number)) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => Ok(()),
        ("Int", _) => Err("an Int is a whole number of 32 bits"),
        ("Float", Value::Number(number)) if number.as_f64().is_some_and(f64::is_finite) => Ok(()),
        ("Float", _) => Err("a Float is a finite number"),
        ("String", Value::String(_)) | ("Boolean", Value::Bool(_)) => Ok(()),
        ("String", _) => Err("a String is text"),
        ("Boolean", _) => Err("a Boolean is true or false"),
        ("ID", Value::String(_)) => Ok(()),
        // The executor knows integers of 64 bits with a sign.
        ("ID", Value::Number(number)) if number.is_i64() => Ok(()),
        ("ID", _) => Err("an ID is text"),
        ("Metadata" | "_Any", Value::Object(_)) => Ok(()),
        (scalar, value) => scalars::want(scalar, value.as_str()),
    }
}
