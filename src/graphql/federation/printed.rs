//! The SDL that a supergraph is composed from: that of the API, with what federation wants to know of it.

use super::super::sdl;
use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveList, Document, ObjectTypeDefinition, Value,
};
use apollo_compiler::{Name, Node, name};

/// Where the directives below are from. All of them are as old as Federation 2, so any composition of it takes them.
const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.0\", \
                    import: [\"@key\", \"@shareable\", \"@inaccessible\"])";

/// The keys that a type's records are found by, of any of its fields that never change.
const KEYS: [(&str, &[&str]); 2] = [("Holder", &["id"]), ("AliasAccount", &["id", "ledgerId accountId"])];

/// Types that other subgraphs may define too, in the same way.
const SHARED: [&str; 1] = ["PageInfo"];

/// Fields of the query root that are no part of a supergraph's API: they know this subgraph's ids only.
const INACCESSIBLE: [&str; 2] = ["node", "nodes"];

/// The SDL of this subgraph.
///
/// # Errors
/// Where the API's SDL does not have what is to be marked.
pub fn subgraph_sdl() -> Result<String, String> {
    marked(&sdl())
}

/// An SDL with its keys, its shared types and its inaccessible fields marked.
pub(super) fn marked(sdl: &str) -> Result<String, String> {
    let mut document = Document::parse(sdl, "schema.graphql").map_err(|faults| faults.errors.to_string())?;
    for (name, keys) in KEYS {
        let directives = &mut object(&mut document, name)?.directives;
        keys.iter().for_each(|fields| directives.push(key(fields)));
    }
    for name in SHARED {
        object(&mut document, name)?.directives.push(Directive::new(name!("shareable")));
    }
    for name in INACCESSIBLE {
        field(object(&mut document, "Query")?, name)?.push(Directive::new(name!("inaccessible")));
    }
    Ok(format!("{LINK}\n\n{document}"))
}

fn key(fields: &str) -> Directive {
    let argument = Argument { name: name!("fields"), value: Value::String(fields.to_owned()).into() };
    Directive { name: name!("key"), arguments: vec![argument.into()] }
}

fn object<'a>(document: &'a mut Document, wanted: &str) -> Result<&'a mut ObjectTypeDefinition, String> {
    let object = document.definitions.iter_mut().find_map(|definition| match definition {
        Definition::ObjectTypeDefinition(object) if object.name == wanted => Some(object.make_mut()),
        _ => None,
    });
    object.ok_or_else(|| format!("the schema has no type {wanted}"))
}

fn field<'a>(object: &'a mut ObjectTypeDefinition, wanted: &str) -> Result<&'a mut DirectiveList, String> {
    let of: Name = object.name.clone();
    let field = object.fields.iter_mut().find(|field| field.name == wanted).map(Node::make_mut);
    field.map(|field| &mut field.directives).ok_or_else(|| format!("{of} has no field {wanted}"))
}
