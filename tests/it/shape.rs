//! What the schema says of itself: so that a test has every field, also one that comes later.

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use std::sync::LazyLock;

/// The schema that is published.
pub(crate) fn schema() -> &'static Valid<Schema> {
    static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
        Schema::parse_and_validate(include_str!("../../schema.graphql"), "schema.graphql").unwrap()
    });
    &SCHEMA
}

/// A selection of everything that belongs to a record of this type itself: not its holder, not its lists.
pub(crate) fn whole(kind: &str) -> String {
    let Some(ExtendedType::Object(object)) = schema().types.get(kind) else { return String::new() };
    let fields = object.fields.values().filter(|field| field.arguments.is_empty() && field.name != "holder");
    let fields = fields.map(|field| format!("{} {}", field.name, whole(field.ty.inner_named_type())));
    format!("{{ {} }}", fields.collect::<String>())
}

/// A field of an input, by its way from the top.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) way: Vec<String>,
    pub(crate) kind: Type,
}

impl Leaf {
    pub(crate) fn path(&self) -> String {
        self.way.join("/")
    }

    pub(crate) fn name(&self) -> &str {
        self.way.last().unwrap()
    }

    pub(crate) fn pointer(&self) -> String {
        format!("/{}", self.path())
    }
}

/// All fields of an input that are no objects of further fields.
pub(crate) fn leaves(input: &str) -> Vec<Leaf> {
    below(input, &[])
}

fn below(input: &str, way: &[String]) -> Vec<Leaf> {
    let fields = schema().get_input_object(input).unwrap().fields.iter();
    fields
        .flat_map(|(name, field)| {
            let way = [way, &[name.to_string()]].concat();
            let inner = field.ty.inner_named_type();
            if schema().get_input_object(inner).is_some() && !field.ty.is_list() {
                below(inner, &way)
            } else {
                vec![Leaf { way, kind: Type::clone(&field.ty) }]
            }
        })
        .collect()
}

/// The objects inside an input, by their ways from the top.
pub(crate) fn objects(input: &str) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for leaf in leaves(input) {
        for length in 1..leaf.way.len() {
            if !found.contains(&leaf.way[..length].to_vec()) {
                found.push(leaf.way[..length].to_vec());
            }
        }
    }
    found
}
