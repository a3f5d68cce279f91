//! "Did you mean": names of the schema that are close to one that it does not have. Only names of the schema are ever
//! told, so a suggestion repeats nothing of the document.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use strsim::osa_distance;

/// Longest name that is compared: the work grows with its length times all names of the schema.
const COMPARED_MAX: usize = 64;

/// What a name should have named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// A type.
    Type,
    /// A field, of a type or of an input, or a value of an enum.
    Member(&'a str),
    /// An argument of a field (`Query.holder`).
    Argument(&'a str),
}

/// The closest name, where one is close: one letter in three may differ.
pub(super) fn closest<'a>(schema: &'a Schema, wanted: Wanted<'_>, written: &str) -> Option<&'a str> {
    if written.len() > COMPARED_MAX {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    let near = names(schema, wanted).into_iter().filter_map(|name| {
        let distance = osa_distance(&lower, &name.to_ascii_lowercase());
        (distance <= written.len() / 3 && name != written).then_some((distance, name))
    });
    near.min().map(|(_, name)| name)
}

fn names<'a>(schema: &'a Schema, wanted: Wanted<'_>) -> Vec<&'a str> {
    match wanted {
        Wanted::Type => {
            schema.types.keys().map(|name| name.as_str()).filter(|name| !name.starts_with("__")).collect()
        }
        Wanted::Member(of) => schema.types.get(of).map(members).unwrap_or_default(),
        Wanted::Argument(of) => {
            let field = of.split_once('.').and_then(|(of, field)| schema.type_field(of, field).ok());
            field
                .map(|field| field.arguments.iter().map(|argument| argument.name.as_str()).collect())
                .unwrap_or_default()
        }
    }
}

fn members(of: &ExtendedType) -> Vec<&str> {
    match of {
        ExtendedType::Object(object) => object.fields.keys().map(|name| name.as_str()).collect(),
        ExtendedType::Interface(interface) => interface.fields.keys().map(|name| name.as_str()).collect(),
        ExtendedType::InputObject(input) => input.fields.keys().map(|name| name.as_str()).collect(),
        ExtendedType::Enum(values) => values.values.keys().map(|name| name.as_str()).collect(),
        ExtendedType::Scalar(_) | ExtendedType::Union(_) => Vec::new(),
    }
}
