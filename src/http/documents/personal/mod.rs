//! Whether a document can hold personal data, in what it selects or in what it is given. One that cannot may be sent
//! over GET, where URL and answer are seen by logs and caches. What is not known to be harmless is taken for personal.

mod coordinates;

use super::{Document, Documents};
use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use coordinates::is_harmless;
use std::collections::HashSet;

impl Documents {
    /// Why a document may not be sent over GET: the coordinate in the schema that may hold personal data (or that it
    /// has no query), never a value. `None`: it may. All of it is judged, for all of it is in the URL, or stands behind
    /// it: also operations that are not the one to run.
    pub fn why_personal(&self, document: &Document) -> Option<String> {
        let document = &document.valid;
        if let Some(other) = document.operations.iter().find(|operation| !operation.is_query()) {
            return Some(format!("a {}", other.operation_type));
        }
        Judge { schema: &self.schema, document }.document().err()
    }
}

/// Ends at the first coordinate that may hold personal data.
type Judged = Result<(), String>;

struct Judge<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
}

impl<'a> Judge<'a> {
    fn document(&self) -> Judged {
        self.document.operations.iter().try_for_each(|operation| self.operation(operation))?;
        self.document.fragments.values().try_for_each(|fragment| {
            self.directives(&fragment.directives)?;
            self.selections(&fragment.selection_set)
        })
    }

    fn operation(&self, operation: &Operation) -> Judged {
        self.directives(&operation.directives)?;
        for variable in &operation.variables {
            self.directives(&variable.directives)?;
            if let Some(default) = &variable.default_value {
                self.value(default, &variable.ty)?;
            }
        }
        self.selections(&operation.selection_set)
    }

    fn selections(&self, set: &SelectionSet) -> Judged {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives)?;
                    let at = format!("{}.{}", set.ty, field.name);
                    harmless(&set.ty, &field.name, at.clone())?;
                    self.arguments(&set.ty, &at, &field.arguments, &field.definition.arguments)?;
                    self.selections(&field.selection_set)?;
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives)?;
                    self.selections(&fragment.selection_set)?;
                }
                // Fragments are judged each by itself.
                Selection::FragmentSpread(spread) => self.directives(&spread.directives)?,
            }
        }
        Ok(())
    }

    fn arguments(
        &self,
        of: &str,
        field: &str,
        given: &[Node<Argument>],
        defined: &[Node<InputValueDefinition>],
    ) -> Judged {
        for argument in given {
            let at = format!("{field}({}:)", argument.name);
            harmless(of, &argument.name, at.clone())?;
            match defined.iter().find(|defined| defined.name == argument.name) {
                Some(defined) => self.value(&argument.value, &defined.ty)?,
                None => return Err(at),
            }
        }
        Ok(())
    }

    /// A value at a place that is harmless by itself: the fields of input objects are judged one by one.
    fn value(&self, value: &Value, wanted: &Type) -> Judged {
        let Some(object) = self.input_object(wanted) else { return Ok(()) };
        match value {
            Value::Null => Ok(()),
            // It may have any of the fields.
            Value::Variable(_) => self.whole(object, &mut HashSet::new()),
            Value::List(values) => values.iter().try_for_each(|value| self.value(value, wanted)),
            Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
                harmless(&object.name, name, format!("{}.{name}", object.name))?;
                object.fields.get(name).map_or(Ok(()), |field| self.value(value, &field.ty))
            }),
            // No literal of another kind is an input object.
            _ => Err(object.name.to_string()),
        }
    }

    fn whole(&self, object: &'a InputObjectType, met: &mut HashSet<&'a Name>) -> Judged {
        if !met.insert(&object.name) {
            return Ok(());
        }
        for (name, field) in &object.fields {
            harmless(&object.name, name, format!("{}.{name}", object.name))?;
            if let Some(inner) = self.input_object(&field.ty) {
                self.whole(inner, met)?;
            }
        }
        Ok(())
    }

    fn input_object(&self, of: &Type) -> Option<&'a InputObjectType> {
        match self.schema.types.get(of.inner_named_type()) {
            Some(ExtendedType::InputObject(object)) => Some(object),
            _ => None,
        }
    }

    /// The two that GraphQL itself has take a boolean.
    fn directives(&self, directives: &DirectiveList) -> Judged {
        let other =
            directives.iter().find(|directive| !matches!(directive.name.as_str(), "include" | "skip"));
        other.map_or(Ok(()), |directive| Err(format!("@{}", directive.name)))
    }
}

/// Introspection, by its type or its field, tells of the schema and of no record; so does a subgraph's SDL.
fn harmless(of: &str, name: &str, coordinate: String) -> Judged {
    let introspects = of.starts_with("__") || name.starts_with("__") || coordinate.starts_with("Query.__");
    let introspects = introspects || coordinate == "Query._service" || of == "_Service";
    if introspects || is_harmless(&coordinate) { Ok(()) } else { Err(coordinate) }
}

#[cfg(test)]
mod tests;
