//! Asking for the schema: whether it is allowed, and how long its lists can be. Types hold fields that hold types again, so a short document can ask
//! for the schema a million times over.

use super::RequestError;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};

/// Refuses a document that asks for the schema anywhere, also in an operation that is not the one to run: what is in
/// it is not worth telling apart. `__typename` tells nothing but what the document says itself.
pub(super) fn refuse(document: &ExecutableDocument) -> Result<(), Vec<RequestError>> {
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    let Some(location) = operations.chain(fragments).find_map(|set| asks_for_schema(document, set)) else {
        return Ok(());
    };
    let message = "introspection is off, so __schema and __type are not answered: ask the operators for \
                   schema.graphql, or for INTROSPECTION_ENABLED=true";
    Err(vec![RequestError { code: "GRAPHQL_VALIDATION_FAILED", message: message.into(), location }])
}

/// Both are fields of the query root only. Answers where, as far as that is known.
fn asks_for_schema(document: &ExecutableDocument, set: &SelectionSet) -> Option<Option<(usize, usize)>> {
    set.selections.iter().find_map(|selection| match selection {
        Selection::Field(field) if matches!(field.name.as_str(), "__schema" | "__type") => {
            let range = field.line_column_range(&document.sources);
            Some(range.map(|range| (range.start.line, range.start.column)))
        }
        Selection::Field(_) | Selection::FragmentSpread(_) => None,
        Selection::InlineFragment(fragment) => asks_for_schema(document, &fragment.selection_set),
    })
}

/// The longest list of each kind in one schema.
pub(super) struct Lists {
    types: usize,
    fields: usize,
    args: usize,
    enum_values: usize,
    possible_types: usize,
    interfaces: usize,
    directives: usize,
}

impl Lists {
    /// Measures a schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut lists = Self {
            types: schema.types.len(),
            fields: 0,
            args: 0,
            enum_values: 0,
            possible_types: schema.implementers_map().values().map(|of| of.iter().count()).max().unwrap_or(0),
            interfaces: 0,
            directives: schema.directive_definitions.len(),
        };
        for of in schema.types.values() {
            match of {
                ExtendedType::Object(object) => {
                    lists.see_fields(
                        object.fields.len(),
                        object.fields.values().map(|field| field.arguments.len()),
                    );
                    lists.interfaces = lists.interfaces.max(object.implements_interfaces.len());
                }
                ExtendedType::Interface(interface) => {
                    let arguments = interface.fields.values().map(|field| field.arguments.len());
                    lists.see_fields(interface.fields.len(), arguments);
                }
                ExtendedType::InputObject(input) => lists.fields = lists.fields.max(input.fields.len()),
                ExtendedType::Enum(values) => lists.enum_values = lists.enum_values.max(values.values.len()),
                ExtendedType::Union(union) => {
                    lists.possible_types = lists.possible_types.max(union.members.len())
                }
                ExtendedType::Scalar(_) => {}
            }
        }
        lists
    }

    /// About twice what the usual introspection query asks for: every type with its fields, their arguments, and of
    /// each of these its name, its description and its type through all wrappers.
    pub(super) fn budget(&self) -> usize {
        let each = self.fields.saturating_mul(self.args.saturating_add(2)).saturating_mul(30);
        self.types.saturating_mul(each).saturating_mul(2)
    }

    fn see_fields(&mut self, fields: usize, arguments: impl Iterator<Item = usize>) {
        self.fields = self.fields.max(fields);
        self.args = self.args.max(arguments.max().unwrap_or(0));
    }

    /// How many things a field of an introspection type can answer.
    pub(super) fn length(&self, field: &str) -> usize {
        let length = match field {
            "types" => self.types,
            "fields" | "inputFields" => self.fields,
            "args" => self.args,
            "enumValues" => self.enum_values,
            "possibleTypes" => self.possible_types,
            "interfaces" => self.interfaces,
            "directives" => self.directives,
            _ => 1,
        };
        length.max(1)
    }
}
