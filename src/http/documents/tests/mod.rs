//! What a document is told before anything of it runs.

mod copies;
mod cost;
mod messages;
mod schema;
mod variables;

use super::*;
use serde_json::json;

const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

fn documents() -> Documents {
    within(Limits::default())
}

fn within(limits: Limits) -> Documents {
    Documents::new(&crate::graphql::sdl(), limits).unwrap().with_introspection(true)
}

/// What one operation costs.
fn cost(text: &str, values: Value) -> Result<u64, &'static str> {
    let documents = documents();
    let document = documents.prepare(text).map_err(|errors| errors[0].code)?;
    let operation = document.operation(None).unwrap();
    let cost = documents.cost(&document, operation, values.as_object().unwrap());
    cost.map(|cost| cost.requested).map_err(|errors| errors[0].code)
}

fn codes(text: &str) -> Vec<&'static str> {
    match documents().prepare(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.code).collect(),
    }
}

fn variables(text: &str, values: Value) -> Vec<String> {
    let documents = documents();
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    let operation = document.operation(None).unwrap();
    let errors = documents
        .check_variables(&document, operation, values.as_object().unwrap(), 1_000)
        .err()
        .unwrap_or_default();
    errors.into_iter().map(|error| error.message).collect()
}

/// Documents of the service as a subgraph.
fn of_a_subgraph() -> Documents {
    let (_, sdl) = crate::graphql::subgraph().unwrap();
    Documents::new(&sdl, Limits::default()).unwrap()
}

#[test]
fn documents_are_validated_before_anything_runs() {
    let too_deep = format!("{{ holder(id: 1) {}", "{ aliasAccounts { nodes { holder ".repeat(8));
    let too_deep = format!("{too_deep} {{ id }} {}", "}".repeat(25));
    let fragments: String =
        (0..20).map(|i| format!("fragment f{i} on Holder {{ ...f{j} x: id ...f{j} }} ", j = i + 1)).collect();
    let laughs = format!("{{ holder(id: 1) {{ ...f0 }} }} {fragments} fragment f20 on Holder {{ id }}");
    for (text, expected) in [
        ("{ holder(id: \"x\") { id } }".to_owned(), None),
        ("{".to_owned(), Some("GRAPHQL_PARSE_FAILED")),
        (String::new(), Some("GRAPHQL_PARSE_FAILED")),
        ("{ nothing }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("{ holder { id } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("{ holder(id: 1) { a: id a: name } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        ("query($a: Int!) { holder(id: 1) { aliasAccounts(after: $a) { nodes { id } } } }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
        (
            format!("{{ aliasAccountByLedgerAccount(ledgerId: \"x\", accountId: \"{ID}\") {{ id }} }}"),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            format!("query($l: UUID! = 7) {{ aliasAccountByLedgerAccount(ledgerId: $l, accountId: \"{ID}\") {{ id }} }}"),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"a\", document: \"1\", naturalPerson: {birthDate: \"2023-02-29\"}}) { holder { id } } }".to_owned(),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"a\", document: \"1\", metadata: [1]}) { holder { id } } }".to_owned(),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (too_deep, Some("QUERY_TOO_COMPLEX")),
        (laughs, Some("QUERY_TOO_COMPLEX")),
    ] {
        assert_eq!(codes(&text).first().copied(), expected, "{text}");
    }
}

#[test]
fn what_would_fail_while_a_mutation_runs_is_found_before() {
    let holder = |more: &str| {
        format!(
            "createHolder(input: {{type: LEGAL_PERSON, name: \"n\", document: \"1\" {more}}}) {{ userErrors {{ code }} }}"
        )
    };
    for metadata in ["{k: $nope}", "{k: FOO}", "{k: 1, k: 2}", "{k: [{l: 1, l: 2}]}"] {
        let text = format!("mutation {{ {} }}", holder(&format!("metadata: {metadata}")));
        assert_eq!(codes(&text).first(), Some(&"GRAPHQL_VALIDATION_FAILED"), "{text}");
    }
    assert_eq!(codes(&format!("mutation {{ {} }}", holder("metadata: {k: 1, l: \"x\", m: true}"))), [""; 0]);
    assert_eq!(codes("{ holder(id: 123456789012345678901234567890) { id } }"), ["GRAPHQL_VALIDATION_FAILED"]);
    let told = variables("query($i: ID!) { holder(id: $i) { id } }", json!({"i": 18446744073709551615_u64}));
    assert_eq!(told, ["$1 does not fit: an ID is text ($1: variable 1 of the operation)"]);
    // A default makes a nullable variable fit a place that takes no null; a null given all the same does not.
    let text = "mutation($n: String = \"x\") { createHolder(input: {type: LEGAL_PERSON, name: $n, document: \"1\"}) { userErrors { code } } }";
    assert_eq!(
        variables(text, json!({"n": null})),
        ["$1 is null: give a value, or leave it out for its default ($1: variable 1 of the operation)"]
    );
    assert_eq!(variables(text, json!({})), [""; 0]);
}

#[test]
fn a_field_given_twice_in_an_input_object_is_refused() {
    let text = "mutation { createHolder(input: {type: LEGAL_PERSON, name: \"a\", name: \"b\", document: \"1\"}) { userErrors { code } } }";
    assert_eq!(codes(text), ["GRAPHQL_VALIDATION_FAILED"]);
}

#[test]
fn texts_are_as_strict_as_the_specification() {
    for (text, at) in [
        ("{ holderByDocument(document: \"\\\n\") { id } }", (1, 31)),
        ("query \"x\" query { __typename }", (1, 7)),
        ("\"\\q\" query A { __typename }", (1, 2)),
        ("\"\\u{110000}\" query A { __typename }", (1, 2)),
        ("{ holderByDocument(document: \"\\u{000000041}\") { id } }", (1, 31)),
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert_eq!((errors[0].code, errors[0].location), ("GRAPHQL_PARSE_FAILED", Some(at)), "{text}");
    }
    let errors = documents().prepare("\"été\" query A { nothing }").err().unwrap();
    assert_eq!(
        errors[0].location,
        Some((1, 19)),
        "columns are bytes, and a description takes as many as before"
    );
    let long = format!("\"{}\" query A {{ __typename }}", "a".repeat(40_000));
    assert!(documents().prepare(&long).is_ok(), "a description is one token");
}
