//! What is printed is the API with federation's marks, and what is executed is what is printed.

use super::super::{schema, sdl};
use super::printed::marked;
use super::{subgraph, subgraph_sdl};
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use std::collections::BTreeMap;

/// What the printed SDL only refers to, as a composition adds it.
const DIRECTIVES: &str = "
    directive @link(url: String!, import: [String!]) on SCHEMA
    directive @key(fields: String!) repeatable on OBJECT
    directive @shareable on OBJECT
    directive @inaccessible on FIELD_DEFINITION";

fn parsed(sdl: &str) -> Valid<apollo_compiler::Schema> {
    apollo_compiler::Schema::parse_and_validate(sdl, "schema.graphql").unwrap()
}

fn printed() -> Valid<apollo_compiler::Schema> {
    parsed(&(subgraph_sdl().unwrap() + DIRECTIVES))
}

#[test]
fn entities_have_their_keys_and_nothing_else_has_any() {
    let mut keys = Vec::new();
    for (name, of) in &printed().types {
        for key in of.directives().get_all("key") {
            let fields = key.specified_argument_by_name("fields").unwrap();
            keys.push(format!("{name}: {}", fields.as_str().unwrap()));
        }
    }
    keys.sort();
    assert_eq!(keys, ["AliasAccount: id", "AliasAccount: ledgerId accountId", "Holder: id"]);
}

#[test]
fn the_page_info_is_shareable_and_node_and_nodes_are_inaccessible() {
    let (mut shareable, mut inaccessible) = (Vec::new(), Vec::new());
    for (name, of) in &printed().types {
        shareable.extend(of.directives().has("shareable").then(|| name.to_string()));
        inaccessible.extend(of.directives().has("inaccessible").then(|| name.to_string()));
        if let ExtendedType::Object(object) = of {
            let hidden = object.fields.values().filter(|field| field.directives.has("inaccessible"));
            inaccessible.extend(hidden.map(|field| format!("{name}.{}", field.name)));
        }
    }
    assert_eq!(shareable, ["PageInfo"]);
    assert_eq!(inaccessible, ["Query.node", "Query.nodes"]);
}

#[test]
fn the_link_names_each_directive_that_is_used() {
    let schema = printed();
    let link = schema.schema_definition.directives.get("link").unwrap();
    let url = link.specified_argument_by_name("url").unwrap().as_str().unwrap();
    assert_eq!(url, "https://specs.apollo.dev/federation/v2.0");
    let import = link.specified_argument_by_name("import").unwrap().as_list().unwrap();
    let import: Vec<&str> = import.iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(import, ["@key", "@shareable", "@inaccessible"]);
}

#[test]
fn without_its_marks_the_subgraph_is_the_api() {
    let mut document = Document::parse(subgraph_sdl().unwrap(), "subgraph.graphql").unwrap();
    document.definitions.retain(|definition| !definition.is_extension_definition());
    for definition in &mut document.definitions {
        if let Definition::ObjectTypeDefinition(object) = definition {
            let object = object.make_mut();
            object.directives.retain(|mark| !["key", "shareable"].contains(&mark.name.as_str()));
            for field in &mut object.fields {
                field.make_mut().directives.retain(|mark| mark.name != "inaccessible");
            }
        }
    }
    let api = Document::parse(sdl(), "schema.graphql").unwrap();
    assert_eq!(document.to_string(), api.to_string());
}

#[test]
fn directives_of_the_api_stay_in_the_subgraph() {
    let (used, declared) =
        ("dear: Int @weighs(so: \"2.0\")", "directive @weighs(so: String!) on FIELD_DEFINITION");
    let marked = marked(&format!("{}\n{declared}\nextend type Query {{ {used} }}", sdl())).unwrap();
    assert!(marked.contains(used) && marked.contains(declared));
    parsed(&(marked + DIRECTIVES));
}

#[test]
fn the_api_knows_nothing_of_federation() {
    let api = sdl();
    for word in ["@key", "@shareable", "@inaccessible", "@link", "_entities", "_service", "_Any", "_Entity"] {
        assert!(!api.contains(word), "{word}");
    }
}

#[test]
fn an_sdl_without_what_is_to_be_marked_is_refused() {
    for (from, to) in [
        ("type AliasAccount ", "type Account "),
        ("type PageInfo ", "type Page "),
        ("  nodes(\n    \"Ids", "  records(\n    \"Ids"),
    ] {
        let changed = sdl().replace(from, to);
        assert_ne!(changed, sdl(), "{from}");
        marked(&changed).unwrap_err();
    }
}

/// The scalars of the specification: the executor tells of every one, used or not, in words of its own.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// What is said of all types and of their fields, by their names, as introspection tells it.
async fn introspected(schema: &super::Schema) -> BTreeMap<String, String> {
    let query = "{ __schema { types { name description fields { name description } } } }";
    let answer = serde_json::to_value(schema.execute(query.into()).await).unwrap();
    let text = |of: &serde_json::Value, name: &str| of[name].as_str().unwrap_or_default().to_owned();
    let mut told = BTreeMap::new();
    for of in answer["data"]["__schema"]["types"].as_array().unwrap() {
        let name = text(of, "name");
        for field in of["fields"].as_array().into_iter().flatten() {
            told.insert(format!("{name}.{}", text(field, "name")), text(field, "description"));
        }
        told.insert(name, text(of, "description"));
    }
    told.retain(|name, _| !name.starts_with("__") && !BUILT_IN.contains(&name.as_str()));
    told
}

/// The same of an SDL.
fn declared(sdl: &str) -> BTreeMap<String, String> {
    let text = |description: Option<&Node<str>>| description.map(ToString::to_string).unwrap_or_default();
    let mut told = BTreeMap::new();
    for (name, of) in &parsed(sdl).types {
        told.insert(name.to_string(), text(of.description()));
        let fields = match of {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => continue,
        };
        for (field, of) in fields {
            told.insert(format!("{name}.{field}"), text(of.description.as_ref()));
        }
    }
    told.retain(|name, _| !name.starts_with("__") && !BUILT_IN.contains(&name.as_str()));
    told
}

#[tokio::test]
async fn what_is_executed_is_what_documents_are_validated_by() {
    assert_eq!(introspected(&schema()).await, declared(&sdl()));
    let (subgraph, whole) = subgraph().unwrap();
    let told = introspected(&subgraph).await;
    assert_eq!(told, declared(&whole));
    assert!(told.contains_key("Query._entities") && told.contains_key("Query.holder"));
}

#[tokio::test]
async fn the_service_tells_what_is_printed() {
    let (subgraph, _) = subgraph().unwrap();
    let answer = serde_json::to_value(subgraph.execute("{ _service { sdl } }".into()).await).unwrap();
    assert_eq!(answer["data"]["_service"]["sdl"].as_str(), Some(subgraph_sdl().unwrap().as_str()));
    let answer = serde_json::to_value(schema().execute("{ _service { sdl } }".into()).await).unwrap();
    assert_eq!(answer["data"], serde_json::json!({"_service": null}), "unless it is a subgraph");
}
