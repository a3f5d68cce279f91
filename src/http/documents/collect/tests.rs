//! Whatever a valid document selects is executed, nothing else, and each field once.

use super::super::executable;
use super::super::executable::tests::schema;
use apollo_compiler::executable as validated;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::parser::types as executed;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Abstract;

/// The objects that may stand for a type of the small schema.
fn objects(of_type: &str) -> Vec<&str> {
    match of_type {
        "Node" | "Any" => vec!["T", "U"],
        object => vec![object],
    }
}

/// What answers under a name: the field with its arguments, its condition at its place, and what is selected below, for
/// each object that may stand there.
#[derive(Debug, PartialEq)]
struct Answered {
    name: String,
    field: String,
    below: BTreeMap<String, Vec<Answered>>,
}

/// A fragment as it is written into another's place.
fn validated_fields<'a>(
    document: &'a ExecutableDocument,
    set: &'a validated::SelectionSet,
    object: &str,
    values: &Map<String, Value>,
) -> Vec<&'a validated::Field> {
    let mut fields = Vec::new();
    for selection in &set.selections {
        let passes = selection.directives().iter().all(|directive| {
            let value = directive.specified_argument_by_name("if").unwrap();
            let told = match value.as_variable() {
                // The only variable with a default has true.
                Some(name) => values.get(name.as_str()).is_none_or(|value| value == &json!(true)),
                None => value.to_bool().unwrap(),
            };
            told == (directive.name == "include")
        });
        let (condition, set) = match selection {
            _ if !passes => continue,
            validated::Selection::Field(field) => {
                fields.push(&**field);
                continue;
            }
            validated::Selection::InlineFragment(fragment) => {
                (fragment.type_condition.as_ref(), &fragment.selection_set)
            }
            validated::Selection::FragmentSpread(spread) => {
                let fragment = spread.fragment_def(document).unwrap();
                (Some(fragment.type_condition()), &fragment.selection_set)
            }
        };
        if condition.is_none_or(|condition| objects(condition).contains(&object)) {
            fields.extend(validated_fields(document, set, object, values));
        }
    }
    fields
}

fn of_validated(
    document: &ExecutableDocument,
    sets: &[&validated::SelectionSet],
    values: &Map<String, Value>,
) -> BTreeMap<String, Vec<Answered>> {
    let read = |object: &str| {
        let all: Vec<_> =
            sets.iter().flat_map(|set| validated_fields(document, set, object, values)).collect();
        let mut answered = Vec::<Answered>::new();
        for field in &all {
            let name = field.response_key().to_string();
            if answered.iter().all(|known| known.name != name) {
                let same = all.iter().filter(|other| other.response_key() == field.response_key());
                let below: Vec<_> = same.map(|field| &field.selection_set).collect();
                let arguments: Vec<String> = field
                    .arguments
                    .iter()
                    .map(|argument| format!("{}: {}", argument.name, argument.value))
                    .collect();
                let field = format!("{}({})", field.name, arguments.join(", "));
                answered.push(Answered { name, field, below: of_validated(document, &below, values) });
            }
        }
        (object.to_owned(), answered)
    };
    let objects = objects(&sets[0].ty).into_iter();
    objects.map(read).filter(|(_, answered)| !answered.is_empty()).collect()
}

/// Panics where a field, a fragment or a condition is left that should not be.
fn of_executed(set: &executed::SelectionSet, of_type: &str) -> BTreeMap<String, Vec<Answered>> {
    let mut read = BTreeMap::<String, Vec<Answered>>::new();
    for item in &set.items {
        match &item.node {
            executed::Selection::Field(field) => {
                assert_eq!(objects(of_type), [of_type], "a field of {of_type} stands behind no type");
                let answered = read.entry(of_type.to_owned()).or_default();
                answered.push(executed_field(&field.node, of_type));
            }
            executed::Selection::InlineFragment(fragment) => {
                let on = fragment.node.type_condition.as_ref().unwrap().node.on.node.to_string();
                assert!(fragment.node.directives.is_empty() && on != of_type && !read.contains_key(&on));
                read.extend(of_executed(&fragment.node.selection_set.node, &on));
            }
            executed::Selection::FragmentSpread(_) => panic!("a fragment is spread"),
        }
    }
    for answered in read.values() {
        let names: std::collections::HashSet<_> = answered.iter().map(|answered| &answered.name).collect();
        assert_eq!(names.len(), answered.len(), "a name twice");
    }
    read
}

fn executed_field(field: &executed::Field, of_type: &str) -> Answered {
    assert!(field.directives.is_empty());
    let arguments: Vec<String> =
        field.arguments.iter().map(|(name, value)| format!("{}: {}", name.node, value.node)).collect();
    let below = match field.name.node.as_str() {
        "__typename" => "String".to_owned(),
        name => SCHEMA.type_field(of_type, name).unwrap().ty.inner_named_type().to_string(),
    };
    Answered {
        name: field.response_key().node.to_string(),
        field: format!("{}({})", field.name.node, arguments.join(", ")),
        below: of_executed(&field.selection_set.node, &below),
    }
}

static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(schema);

const CONDITIONS: [&str; 6] =
    ["", "", "@skip(if: $x)", "@include(if: $x)", "@skip(if: $y)", "@include(if: true) @skip(if: false)"];
const OBJECTS: [&str; 3] = ["c", "g", "b: c"];
const CONDITIONED: [&str; 3] = ["T", "Node", "Any"];
const LEAVES: [&str; 5] = ["id", "h", "a: h(i: 1)", "x: id", "__typename"];

/// Selections of a T that may spread these.
fn set(spreads: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(selection(spreads), 1..4).prop_map(|all| all.join(" "))
}

fn selection(spreads: &'static [&'static str]) -> impl Strategy<Value = String> {
    let condition = prop::sample::select(&CONDITIONS[..]);
    let leaf = (prop::sample::select(&LEAVES[..]), condition.clone())
        .prop_map(|(leaf, condition)| format!("{leaf} {condition}"));
    let spread = (prop::sample::select(spreads), condition.clone())
        .prop_map(|(name, condition)| format!("{name} {condition}"));
    prop_oneof![4 => leaf, 1 => spread].prop_recursive(3, 24, 4, move |inner| {
        let set = prop::collection::vec(inner, 1..4).prop_map(|all| all.join(" "));
        let condition = prop::sample::select(&CONDITIONS[..]);
        prop_oneof![
            (prop::sample::select(&OBJECTS[..]), condition.clone(), set.clone())
                .prop_map(|(name, condition, set)| format!("{name} {condition} {{ id {set} }}")),
            (prop::sample::select(&["node", "any"][..]), set.clone())
                .prop_map(|(name, set)| format!("{name} {{ ... on T {{ {set} }} ... on U {{ u x: id }} }}")),
            (prop::sample::select(&CONDITIONED[..]), condition, set).prop_map(
                |(on, condition, set)| format!("... on {on} {condition} {{ ... on T {{ {set} }} }}")
            ),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let all = &["...F", "...G", "...H"];
    (set(all), set(all), set(&["...G", "...H"]), set(&["...H"]), set(&["id"])).prop_map(|(one, two, f, g, h)| {
        format!(
            "query($x: Boolean!, $y: Boolean = true) {{ b {{ {one} }} b {{ ...F ...G ...H x: id @skip(if: $x) }} \
             node {{ ... on T {{ {two} }} x: id @include(if: $y) }} \
             ... @include(if: $x) {{ b {{ {two} }} any {{ ... on T {{ {one} }} ... on Node {{ id }} }} }} }} \
             fragment F on T {{ {f} }} fragment G on Node {{ id ... on T {{ {g} }} }} fragment H on Any {{ ... on T {{ {h} }} }}"
        )
    })
}

#[test]
fn what_is_executed_is_what_the_specification_collects() {
    let of_abstract = Abstract::of(&SCHEMA);
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ran = runner.run(&(document(), any::<bool>(), any::<Option<bool>>()), |(text, x, y)| {
        let document = ExecutableDocument::parse_and_validate(&SCHEMA, &text, "document");
        let document = document.unwrap_or_else(|faults| panic!("{text}: {faults}"));
        let mut values = Map::from_iter([("x".to_owned(), json!(x))]);
        values.extend(y.map(|y| ("y".to_owned(), json!(y))));
        let operation = document.operations.get(None).unwrap();
        let converted = executable::of(&document, &of_abstract, operation, &values).unwrap();
        prop_assert!(converted.fragments.is_empty());
        let (_, executed) = converted.operations.iter().next().unwrap();
        prop_assert_eq!(
            of_executed(&executed.node.selection_set.node, "Query"),
            of_validated(&document, &[&operation.selection_set], &values)
        );
        Ok(())
    });
    ran.unwrap();
}
