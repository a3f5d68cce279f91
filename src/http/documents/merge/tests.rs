use super::*;
use async_graphql::parser::parse_query;
use serde_json::json;

/// The root's fields with the names selected below them.
fn roots(text: &str, values: Value) -> Vec<(String, Vec<String>)> {
    let merged = mutations(parse_query(text).unwrap());
    let document = merged.with(values.as_object().unwrap());
    let DocumentOperations::Single(operation) = document.operations else { panic!("one operation") };
    let fields = operation.node.selection_set.node.items.iter().map(|item| match &item.node {
        Selection::Field(field) => {
            (field.node.response_key().node.to_string(), below(&field.node.selection_set.node))
        }
        _ => panic!("roots are fields"),
    });
    fields.collect()
}

fn below(set: &SelectionSet) -> Vec<String> {
    let names = set.items.iter().flat_map(|item| match &item.node {
        Selection::Field(field) => vec![field.node.name.node.to_string()],
        Selection::InlineFragment(fragment) => below(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => panic!("no fragments here"),
    });
    names.collect()
}

fn run(names: &[&str]) -> Vec<(String, Vec<String>)> {
    match names {
        [] => Vec::new(),
        names => vec![("c".to_owned(), names.iter().map(|name| (*name).to_owned()).collect())],
    }
}

#[test]
fn a_mutation_selected_twice_is_run_once() {
    let text = "mutation($y: Boolean!) { c { x } c @include(if: $y) { y } }";
    assert_eq!(roots(text, json!({"y": true})), run(&["x", "y"]));
}

#[test]
fn of_mutations_selected_on_conditions_those_are_merged_whose_conditions_hold() {
    let text = "mutation($x: Boolean!, $y: Boolean = true) {
        c @include(if: $x) { x } ... @skip(if: $y) { c { y } } ...f }
        fragment f on Mutation { c @skip(if: true) { z } }";
    for (values, expected) in [
        (json!({"x": true}), vec!["x"]),
        (json!({"x": true, "y": false}), vec!["x", "y"]),
        (json!({"x": false, "y": false}), vec!["y"]),
        (json!({"x": false}), vec![]),
    ] {
        assert_eq!(roots(text, values.clone()), run(&expected), "{values}");
    }
}

#[test]
fn what_needs_no_values_is_merged_once_and_for_all() {
    let always = |text: &str| matches!(mutations(parse_query(text).unwrap()), Merged::Always(_));
    assert!(always("mutation { c { x } d { x } c { y } }"));
    assert!(always("mutation($y: Boolean!) { c @skip(if: $y) { x } d @skip(if: $y) { x } }"));
    assert!(!always("mutation($y: Boolean!) { c @skip(if: $y) { x } c @include(if: $y) { y } }"));
}
