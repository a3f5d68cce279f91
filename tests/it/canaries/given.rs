//! Which inputs of the schema an operation gave a value, by their schema coordinates, so that none is left out.

use crate::shape::schema;
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{self, Type};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Values by coordinate, as `Query.holders(after:)` and `HolderFilter.document`.
pub(super) type Given = BTreeMap<String, Vec<Value>>;

/// Every input of the schema that has no further ones, with the name of its type.
pub(super) fn all() -> BTreeMap<String, String> {
    let kinds = schema().types.iter().filter(|(name, _)| !name.starts_with("__"));
    let mut all = BTreeMap::new();
    for (kind, definition) in kinds {
        match definition {
            ExtendedType::Object(object) => {
                for (field, definition) in &object.fields {
                    let arguments = definition.arguments.iter();
                    all.extend(arguments.map(|argument| {
                        let coordinate = format!("{kind}.{field}({}:)", argument.name);
                        (coordinate, argument.ty.inner_named_type().to_string())
                    }));
                }
            }
            ExtendedType::InputObject(object) => {
                let fields = object.fields.iter();
                all.extend(fields.map(|(name, field)| {
                    (format!("{kind}.{name}"), field.ty.inner_named_type().to_string())
                }));
            }
            _ => {}
        }
    }
    all
}

/// Notes what a document gives with these variables.
pub(super) fn note(document: &str, variables: &Value, given: &mut Given) {
    let document = ExecutableDocument::parse(schema(), document, "document.graphql").unwrap();
    let fragments: Vec<&SelectionSet> =
        document.fragments.values().map(|fragment| &fragment.selection_set).collect();
    for operation in document.operations.iter() {
        for set in fragments.iter().copied().chain([&operation.selection_set]) {
            selections(set, variables, given);
        }
    }
}

fn selections(set: &SelectionSet, variables: &Value, given: &mut Given) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                for argument in &field.arguments {
                    let kind = &field.definition.argument_by_name(&argument.name).unwrap().ty;
                    let coordinate = format!("{}.{}({}:)", set.ty, field.name, argument.name);
                    value(coordinate, kind, &literal(&argument.value, variables), given);
                }
                selections(&field.selection_set, variables, given);
            }
            Selection::InlineFragment(fragment) => selections(&fragment.selection_set, variables, given),
            // All fragments are looked at by themselves.
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn value(coordinate: String, kind: &Type, given_value: &Value, given: &mut Given) {
    match given_value {
        Value::Null => {}
        Value::Array(values) if kind.is_list() => {
            values.iter().for_each(|one| value(coordinate.clone(), kind.item_type(), one, given));
        }
        _ => {
            let name = kind.inner_named_type();
            if let (Some(input), Value::Object(fields)) = (schema().get_input_object(name), given_value) {
                for (field, inner) in fields {
                    value(format!("{name}.{field}"), &input.fields[field.as_str()].ty, inner, given);
                }
            }
            given.entry(coordinate).or_default().push(given_value.clone());
        }
    }
}

fn literal(value: &ast::Value, variables: &Value) -> Value {
    match value {
        ast::Value::Null => Value::Null,
        ast::Value::Variable(name) => variables[name.as_str()].clone(),
        ast::Value::Enum(name) => json!(name.as_str()),
        ast::Value::String(text) => json!(text),
        ast::Value::Float(number) => json!(number.as_str()),
        ast::Value::Int(number) => json!(number.as_str()),
        ast::Value::Boolean(truth) => json!(truth),
        ast::Value::List(values) => values.iter().map(|one| literal(one, variables)).collect(),
        ast::Value::Object(fields) => {
            let fields = fields.iter().map(|(name, one)| (name.to_string(), literal(one, variables)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
    }
}

/// Inputs that got no value, and texts that got none with a mark.
pub(super) fn lacking(given: &Given, marks: &[&str]) -> BTreeSet<String> {
    let is_marked = |values: &Vec<Value>| values.iter().any(|value| has_mark(value, marks));
    let lacks = |(coordinate, kind): &(String, String)| match given.get(coordinate) {
        None => true,
        // Countries and cursors have no room; cursors that were given are searched for by themselves.
        Some(values) => {
            ["String", "Metadata"].contains(&kind.as_str())
                && !["country", "countryCode", "(after:)", "(before:)"]
                    .iter()
                    .any(|end| coordinate.ends_with(end))
                && !is_marked(values)
        }
    };
    all().into_iter().filter(lacks).map(|(coordinate, _)| coordinate).collect()
}

fn has_mark(value: &Value, marks: &[&str]) -> bool {
    let text = value.to_string();
    marks.iter().any(|mark| text.contains(mark))
}
