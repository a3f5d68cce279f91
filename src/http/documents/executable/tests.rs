//! What runs is what was validated, also where the executor's own parser reads something else, or nothing at all.

use super::*;
use async_graphql::parser::parse_query;

fn read(text: &str) -> Result<ExecutableDocument, Vec<RequestError>> {
    of(&ast::Document::parse(text, "document").ok().unwrap())
}

fn json(document: &ExecutableDocument) -> serde_json::Value {
    serde_json::to_value(document).unwrap()
}

/// The value of the first argument of the only operation's first field.
fn given(text: &str) -> Value {
    let document = read(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
        panic!("no field")
    };
    field.node.arguments[0].1.node.clone()
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

#[test]
fn an_ordinary_document_is_what_the_executor_reads_itself() {
    for text in [
        "{ a }",
        "query Q { b: a(x: [1, 2.5, -3], y: { z: E, n: null }) @skip(if: true) { c } }",
        "query One($a: [ID!]! = [\"x\", \"y\"], $b: Int = 7, $c: Boolean) { d(a: $a, b: [$b], c: { c: $c }) { ...f } } \
         fragment f on T @include(if: $c) { __typename ... on U { g } ... @skip(if: false) { h } }",
        "mutation M { a(s: \"\\u00e9\\n\\t\\\"\\\\\") { id } } query N { x }",
        "{ a(s: \"\"\"\n    one\n      two\n    \"\"\") }",
    ] {
        assert_eq!(
            without_places(json(&read(text).unwrap())),
            without_places(json(&parse_query(text).unwrap())),
            "{text}"
        );
    }
}

#[test]
fn a_field_stands_where_errors_say_that_it_does() {
    let document = read("query {\n  one\n  two: other(a: 1) { x }\n}").unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let places: Vec<_> = operation.node.selection_set.node.items.iter().map(|item| item.pos).collect();
    assert_eq!(places, [Pos { line: 2, column: 3 }, Pos { line: 3, column: 3 }]);
    let Selection::Field(field) = &operation.node.selection_set.node.items[1].node else {
        panic!("no field")
    };
    assert_eq!(field.pos, Pos { line: 3, column: 3 });
}

#[test]
fn a_block_string_holds_what_the_specification_says() {
    let text = "{ a(s: \"\"\"\n  one \\\"\"\" two\n    three\n\"\"\") }";
    assert_eq!(given(text), Value::String("one \"\"\" two\n  three".to_owned()));
}

#[test]
fn what_the_executors_parser_does_not_read_runs_as_it_was_validated() {
    for (text, same) in [
        ("query($a: [ ID ! ] !) { n(a: $a) }", "query($a: [ID!]!) { n(a: $a) }"),
        ("{ ... on#c\nT { a } }", "{ ... on T { a } }"),
        (r#"{ a(b: "\u{1F600}\uD83D\uDE00\u{22}") }"#, "{ a(b: \"😀😀\\\"\") }"),
        ("fragment f on#c\nT { a } { ...f }", "fragment f on T { a } { ...f }"),
    ] {
        let expected = without_places(json(&parse_query(same).unwrap()));
        let misread = parse_query(text).map_or(true, |other| without_places(json(&other)) != expected);
        assert!(misread, "{text}: the executor's parser reads it by now");
        assert_eq!(without_places(json(&read(text).unwrap())), expected, "{text}");
    }
}

#[test]
fn a_number_beyond_64_bits_is_refused_where_it_stands() {
    let told = read("{\n a(x: 1e400) }").err().unwrap();
    assert_eq!((told.len(), told[0].location), (1, Some((2, 7))));
    assert!(!told[0].message.contains("400"));
}
