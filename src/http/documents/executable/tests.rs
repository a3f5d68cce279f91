//! What runs is what was validated, also where the executor's own parser reads something else, or nothing at all.

use super::*;
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use async_graphql::parser::parse_query;
use serde_json::json;

const SCHEMA: &str = "
    input In { z: E, n: Int, c: Boolean, l: [In!], f: Float }
    enum E { Z }
    interface Node { id: ID! }
    type T implements Node { id: ID! c: T g: T h(i: Int = 3): String node: Node any: Any }
    type U implements Node { id: ID! u: String }
    union Any = T | U
    type Query { a(x: [Float], y: In, s: String, i: Int): T b: T n(a: [ID!]!): T d(a: [ID!], b: [Int], c: In): T node: Node any: Any }
    type Mutation { a(s: String): T }
";

pub(in crate::http::documents) fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap()
}

fn read_with(text: &str, name: Option<&str>, values: serde_json::Value) -> ExecutableDocument {
    let schema = schema();
    let document = Validated::parse_and_validate(&schema, text, "document")
        .unwrap_or_else(|faults| panic!("{text}: {faults}"));
    let operation = document.operations.get(name).unwrap();
    of(&document, &Abstract::of(&schema), operation, values.as_object().unwrap()).unwrap()
}

fn read(text: &str) -> ExecutableDocument {
    read_with(text, None, json!({}))
}

fn json(document: &ExecutableDocument) -> serde_json::Value {
    serde_json::to_value(document).unwrap()
}

fn first(document: &ExecutableDocument) -> Field {
    let (_, operation) = document.operations.iter().next().unwrap();
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
        panic!("no field")
    };
    field.node.clone()
}

/// The value of the first argument of the only operation's first field.
fn given(text: &str) -> Value {
    first(&read(text)).arguments[0].1.node.clone()
}

/// The nodes alone: what stands where is told apart below.
fn without_places(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(mut members) => {
            members.remove("pos");
            members.into_iter().map(|(name, value)| (name, without_places(value))).collect()
        }
        serde_json::Value::Array(values) => values.into_iter().map(without_places).collect(),
        value => value,
    }
}

fn assert_same(text: &str, read: &ExecutableDocument, expected: &str) {
    let expected = parse_query(expected).unwrap();
    assert_eq!(without_places(json(read)), without_places(json(&expected)), "{text}");
}

#[test]
fn a_document_without_fragments_and_conditions_is_what_the_executor_reads_itself() {
    for text in [
        "{ b { __typename } }",
        "query Q { b: a(x: [1, 2.5, -3], y: { z: Z, n: null }) { c { id } } }",
        "query One($a: [ID!]! = [\"x\", \"y\"], $b: Int = 7, $c: Boolean) { d(a: $a, b: [$b], c: { c: $c }) { id } }",
        "mutation M { a(s: \"\\u00e9\\n\\t\\\"\\\\\") { id } }",
        "{ a(s: \"\"\"\n    one\n      two\n    \"\"\") { id } }",
    ] {
        assert_same(text, &read(text), text);
    }
}

#[test]
fn each_field_is_executed_once() {
    for (text, expected) in [
        ("{ b { id } b { h } ...F } fragment F on Query { b { id g { id } } }", "{ b { id h g { id } } }"),
        ("{ a: b { c { id } } ... { a: b { c { id g { id } } } } }", "{ a: b { c { id g { id } } } }"),
        ("mutation { a { id } a { h } }", "mutation { a { id h } }"),
        ("{ a(i: 1) { id } ...F ...F } fragment F on Query { a(i: 1) { h } }", "{ a(i: 1) { id h } }"),
        (
            "{ __type(name: \"T\") { name } __type(name: \"T\") { kind } }",
            "{ __type(name: \"T\") { name kind } }",
        ),
    ] {
        assert_same(text, &read(text), expected);
    }
}

#[test]
fn of_an_interface_and_a_union_each_object_has_its_own_fields() {
    for (text, expected) in [
        (
            "{ node { ... on T { x: h } ... on U { x: u } id } }",
            "{ node { ... on T { x: h id } ... on U { x: u id } } }",
        ),
        (
            "{ any { __typename ...N ... on U { u } } any { ... on T { c { id } } } } fragment N on Node { id }",
            "{ any { ... on T { __typename id c { id } } ... on U { __typename id u } } }",
        ),
        ("{ any { ... on U { id } } }", "{ any { ... on U { id } } }"),
        ("{ b { ... on Node { id } ... on Any { ... on T { h } } } }", "{ b { id h } }"),
    ] {
        assert_same(text, &read(text), expected);
    }
}

#[test]
fn conditions_are_decided_with_the_values() {
    let text = "query Q($x: Boolean!, $y: Boolean = true) {
        b @include(if: $x) { id } ... @skip(if: $y) { b { h } } ...F @skip(if: false) b { g @skip(if: $x) { id } } }
        fragment F on Query { a @skip(if: true) { id } node @include(if: $x) @skip(if: $y) { id } }";
    let variables = "query Q($x: Boolean!, $y: Boolean = true)";
    for (values, expected) in [
        (json!({"x": true}), "{ b { id } }"),
        (json!({"x": true, "y": false}), "{ b { id h } node { ... on T { id } ... on U { id } } }"),
        (json!({"x": false, "y": false}), "{ b { h g { id } } }"),
        (json!({"x": false}), "{ b { g { id } } }"),
    ] {
        assert_same(text, &read_with(text, Some("Q"), values), &format!("{variables} {expected}"));
    }
}

#[test]
fn a_fragment_behind_a_condition_that_fails_is_entered_behind_one_that_holds() {
    let text = "{ b { ...F @skip(if: true) id ...F } } fragment F on T { h }";
    assert_same(text, &read(text), "{ b { id h } }");
}

#[test]
fn of_several_operations_one_is_converted() {
    let text = "query A { b { id } } query B { b { h } }";
    assert_same(text, &read_with(text, Some("B"), json!({})), "query B { b { h } }");
}

#[test]
fn an_argument_whose_variable_has_no_value_is_left_out() {
    let text = "query Q($i: Int, $j: Int = 4) { b { x: h(i: $i) y: h(i: $j) } }";
    let variables = "query Q($i: Int, $j: Int = 4)";
    for (values, expected) in
        [(json!({}), "{ b { x: h y: h(i: $j) } }"), (json!({"i": null}), "{ b { x: h(i: $i) y: h(i: $j) } }")]
    {
        assert_same(text, &read_with(text, Some("Q"), values), &format!("{variables} {expected}"));
    }
}

#[test]
fn a_field_stands_where_errors_say_that_it_does() {
    let document = read("query {\n  b { id }\n  two: a(i: 1) { id }\n  b { h }\n}");
    let (_, operation) = document.operations.iter().next().unwrap();
    let places: Vec<_> = operation.node.selection_set.node.items.iter().map(|item| item.pos).collect();
    assert_eq!(places, [Pos { line: 2, column: 3 }, Pos { line: 3, column: 3 }]);
    let Selection::Field(field) = &operation.node.selection_set.node.items[1].node else {
        panic!("no field")
    };
    assert_eq!(field.pos, Pos { line: 3, column: 3 });
    assert_eq!(field.node.arguments[0].1.pos, Pos { line: 3, column: 13 });
}

#[test]
fn a_block_string_holds_what_the_specification_says() {
    let text = "{ a(s: \"\"\"\n  one \\\"\"\" two\n    three\n\"\"\") { id } }";
    assert_eq!(given(text), Value::String("one \"\"\" two\n  three".to_owned()));
}

#[test]
fn what_the_executors_parser_does_not_read_runs_as_it_was_validated() {
    for (text, same) in [
        ("query($a: [ ID ! ] !) { n(a: $a) { id } }", "query($a: [ID!]!) { n(a: $a) { id } }"),
        (r#"{ a(s: "\u{1F600}\uD83D\uDE00\u{22}") { id } }"#, "{ a(s: \"😀😀\\\"\") { id } }"),
    ] {
        let expected = without_places(json(&parse_query(same).unwrap()));
        let misread = parse_query(text).map_or(true, |other| without_places(json(&other)) != expected);
        assert!(misread, "{text}: the executor's parser reads it by now");
        let values = json!({"a": ["x"]});
        assert_eq!(without_places(json(&read_with(text, None, values))), expected, "{text}");
    }
    for (text, same) in [
        ("{ ... on#c\nQuery { b { id } } }", "{ ... on Query { b { id } } }"),
        ("fragment f on#c\nQuery { b { id } } { ...f }", "fragment f on Query { b { id } } { ...f }"),
    ] {
        let expected = without_places(json(&parse_query(same).unwrap()));
        let misread = parse_query(text).map_or(true, |other| without_places(json(&other)) != expected);
        assert!(misread, "{text}: the executor's parser reads it by now");
        assert_same(text, &read(text), "{ b { id } }");
    }
}

#[test]
fn zero_with_a_sign_is_an_integer() {
    let zero = Value::Number(Number::from(0));
    assert_eq!(given("{ a(i: -0) { id } }"), zero);
    let Value::Object(object) = given("{ a(y: { n: -0, l: [{ n: -0 }], f: -0.0 }) { id } }") else {
        panic!("no object")
    };
    assert_eq!(object["n"], zero);
    assert_eq!(object["f"], Value::Number(Number::from_f64(-0.0).unwrap()));
    let document = read("query($i: Int = -0) { a(i: $i) { id } }");
    let (_, operation) = document.operations.iter().next().unwrap();
    let default = operation.node.variable_definitions[0].node.default_value.clone().unwrap();
    assert_eq!(default.node, ConstValue::Number(Number::from(0)));
}

#[test]
fn a_number_beyond_64_bits_is_refused_where_it_stands() {
    for (text, at) in [
        ("{\n a(x: 1e400) { id } }", (2, 7)),
        ("query($x: Float = 1e400) { a(x: [$x]) { id } }", (1, 19)),
        ("{ ...F } fragment F on Query { b { g @skip(if: 1e400) { id } } }", (1, 48)),
        ("{ ... { a(y: {l: [{f: -1e400}]}) { id } } }", (1, 23)),
    ] {
        let told = check(&ast::Document::parse(text, "document").ok().unwrap()).err().unwrap();
        assert_eq!((told.len(), told[0].location), (1, Some(at)), "{text}");
        assert!(!told[0].message.contains("400"));
    }
}
