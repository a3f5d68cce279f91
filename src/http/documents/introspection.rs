//! How long the lists of introspection can be. Types hold fields that hold types again, so a short document can ask
//! for the schema a million times over.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

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
