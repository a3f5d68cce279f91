//! Values written in the document itself: the validator takes any literal for a custom scalar, so those are judged
//! here.

use super::{RequestError, scalars};
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Node, Schema};

/// Judges every argument and every variable's default value.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument) -> Result<(), Vec<RequestError>> {
    let mut literals = Literals { schema, sources: &document.sources, faults: Vec::new() };
    for operation in document.operations.iter() {
        for variable in &operation.variables {
            if let Some(value) = &variable.default_value {
                literals.judge(&variable.ty, value);
            }
        }
        literals.walk(&operation.selection_set);
    }
    for fragment in document.fragments.values() {
        literals.walk(&fragment.selection_set);
    }
    if literals.faults.is_empty() { Ok(()) } else { Err(literals.faults) }
}

struct Literals<'a> {
    schema: &'a Schema,
    sources: &'a SourceMap,
    faults: Vec<RequestError>,
}

impl Literals<'_> {
    fn walk(&mut self, selections: &SelectionSet) {
        for selection in &selections.selections {
            match selection {
                Selection::Field(field) => {
                    for argument in &field.arguments {
                        let wanted =
                            field.definition.arguments.iter().find(|wanted| wanted.name == argument.name);
                        if let Some(wanted) = wanted {
                            self.judge(&wanted.ty, &argument.value);
                        }
                    }
                    self.walk(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.walk(&fragment.selection_set),
                // Fragments are walked once, by themselves.
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn judge(&mut self, wanted: &Type, value: &Node<Value>) {
        match value.as_ref() {
            // Nulls are the validator's affair, variables are judged with their values.
            Value::Null | Value::Variable(_) => {}
            Value::List(values) if wanted.is_list() => {
                values.iter().for_each(|value| self.judge(wanted.item_type(), value));
            }
            _ if wanted.is_list() => self.judge(wanted.item_type(), value),
            literal => match self.schema.types.get(wanted.inner_named_type()) {
                Some(ExtendedType::Scalar(scalar)) => self.judge_scalar(&scalar.name, literal, value),
                Some(ExtendedType::InputObject(object)) => {
                    for (name, value) in literal.as_object().unwrap_or_default() {
                        if let Some(field) = object.fields.get(name) {
                            self.judge(&field.ty, value);
                        }
                    }
                }
                _ => {}
            },
        }
    }

    fn judge_scalar(&mut self, scalar: &str, literal: &Value, at: &Node<Value>) {
        if scalar == "Metadata" && literal.as_object().is_some() {
            return;
        }
        if let Err(wanted) = scalars::want(scalar, literal.as_str()) {
            let location =
                at.line_column_range(self.sources).map(|range| (range.start.line, range.start.column));
            self.faults.push(RequestError {
                code: "GRAPHQL_VALIDATION_FAILED",
                message: wanted.into(),
                location,
            });
        }
    }
}
