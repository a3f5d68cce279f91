//! Names that a message may repeat: those of the schema. Any other name in a document may be a value in the wrong place,
//! somebody's name or the number of a document.

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Node};
use std::borrow::Cow;
use std::collections::HashSet;

/// What stands for a name that is not told.
const NOT_SHOWN: &str = "(a name that is not shown)";

/// All names of a schema, and the words of its introspection.
pub(super) struct Names<'a>(HashSet<&'a str>);

impl<'a> Names<'a> {
    /// Types, fields, arguments, values of enums and directives.
    pub(super) fn of(schema: &'a Schema) -> Self {
        let mut names = Self(HashSet::from(["__typename", "__schema", "__type"]));
        for (name, definition) in &schema.directive_definitions {
            names.0.insert(name);
            names.arguments(&definition.arguments);
        }
        for (name, of) in &schema.types {
            names.0.insert(name);
            match of {
                ExtendedType::Object(object) => names.fields(&object.fields),
                ExtendedType::Interface(interface) => names.fields(&interface.fields),
                ExtendedType::InputObject(input) => names.0.extend(input.fields.keys().map(Name::as_str)),
                ExtendedType::Enum(values) => names.0.extend(values.values.keys().map(Name::as_str)),
                ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
            }
        }
        names
    }

    fn fields(&mut self, fields: &'a IndexMap<Name, Component<FieldDefinition>>) {
        for (name, field) in fields {
            self.0.insert(name);
            self.arguments(&field.arguments);
        }
    }

    fn arguments(&mut self, arguments: &'a [Node<InputValueDefinition>]) {
        self.0.extend(arguments.iter().map(|argument| argument.name.as_str()));
    }

    /// Whether the schema has this name somewhere.
    pub(super) fn have(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// A message of the validator, which puts names in backticks, without those that the schema does not have.
    pub(super) fn only(&self, message: &str) -> String {
        let pieces = message.split('`').enumerate().map(|(index, piece)| {
            // Every second piece stands between backticks. Types, coordinates and variables have marks around names.
            if index % 2 == 0 {
                return Cow::Borrowed(piece);
            }
            let mut words = piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            match words.all(|word| word.is_empty() || self.have(word)) {
                true => Cow::Owned(format!("`{piece}`")),
                false => Cow::Borrowed(NOT_SHOWN),
            }
        });
        pieces.collect()
    }
}
