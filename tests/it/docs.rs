//! docs/operations.md and README.md are true: every request on them is made, in its order, and answered as the page
//! says. Ids, times and cursors are other each time; everything else is compared letter by letter.

use super::app::{App, send};
use super::shape::schema;
use apollo_compiler::ExecutableDocument;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const PAGE: &str = include_str!("../../docs/operations.md");
const README: &str = include_str!("../../README.md");

/// A fenced block: what stands behind the fence, and the text in it.
pub(crate) fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind.to_owned(), text.join("\n")));
        }
    }
    blocks
}

/// One example: the document, its variables and its answer.
struct Example {
    query: String,
    variables: Value,
    answer: Value,
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for (kind, text) in blocks(page) {
        let parse = || serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        match kind.as_str() {
            "graphql" => {
                examples.push(Example { query: text, variables: json!({}), answer: Value::Null });
            }
            "json variables" => examples.last_mut().unwrap().variables = parse(),
            "json answer" => examples.last_mut().unwrap().answer = parse(),
            _ => {}
        }
    }
    examples
}

/// The page's own ids and cursors, with what stands for them in this run.
type Known = BTreeMap<String, String>;

fn translated(value: &Value, known: &Known) -> Value {
    match value {
        Value::String(text) => json!(known.get(text).unwrap_or(text)),
        Value::Array(values) => values.iter().map(|value| translated(value, known)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), translated(value, known))).collect()
        }
        other => other.clone(),
    }
}

/// Whether a text is other in every run: an id, an instant, a cursor.
fn is_fresh(name: &str, text: &str) -> bool {
    uuid::Uuid::parse_str(text).is_ok()
        || name.to_lowercase().ends_with("cursor")
        || (name.ends_with("At") && text.parse::<jiff::Timestamp>().is_ok())
}

/// Compares an answer with the page's and learns what is fresh in it.
fn compare(at: &str, name: &str, page: &Value, real: &Value, known: &mut Known) {
    match (page, real) {
        (Value::Object(page), Value::Object(real)) => {
            let names = |of: &serde_json::Map<String, Value>| of.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(page), names(real), "{at}: {real:?}");
            for (name, value) in page {
                compare(&format!("{at}.{name}"), name, value, &real[name], known);
            }
        }
        (Value::Array(page), Value::Array(real)) => {
            assert_eq!(page.len(), real.len(), "{at}");
            for (index, (page, real)) in page.iter().zip(real).enumerate() {
                compare(&format!("{at}.{index}"), name, page, real, known);
            }
        }
        (Value::String(page), Value::String(real)) if is_fresh(name, page) && is_fresh(name, real) => {
            let first = known.entry(page.clone()).or_insert_with(|| real.clone());
            assert!(first == real || name.ends_with("At"), "{at}: the page means {first}, not {real}");
        }
        _ => assert_eq!(page, real, "{at}"),
    }
}

/// What no page can say beforehand.
fn without_request_ids(mut answer: Value) -> Value {
    for error in answer.get_mut("errors").and_then(Value::as_array_mut).into_iter().flatten() {
        error["extensions"].as_object_mut().unwrap().remove("requestId");
    }
    answer
}

#[tokio::test]
async fn every_request_of_the_page_is_answered_as_it_says() {
    let app = App::sandbox();
    let (_, ids) = blocks(PAGE).into_iter().find(|(kind, _)| kind == "json ids").unwrap();
    let ids: Value = serde_json::from_str(&ids).unwrap();
    let mut known = Known::new();
    known.insert(ids["ledgerId"].as_str().unwrap().to_owned(), app.ledger_id());
    for (index, id) in ids["accountIds"].as_array().unwrap().iter().enumerate() {
        known.insert(id.as_str().unwrap().to_owned(), app.account(index));
    }
    answers_as_it_says(&app, PAGE, known).await;
}

async fn answers_as_it_says(app: &App, page: &str, mut known: Known) {
    for (index, example) in examples(page).into_iter().enumerate() {
        let variables = translated(&example.variables, &known);
        let answer = send(app.request(&example.query, variables)).await;
        let at = format!("example {}", index + 1);
        compare(&at, "", &example.answer, &without_request_ids(answer.body), &mut known);
    }
}

#[tokio::test]
async fn the_flow_of_the_readme_is_answered_as_it_says() {
    let app = App::sandbox();
    let examples = examples(README);
    assert_eq!(examples.len(), 3, "create, link, read");
    let link = &examples[1].variables["input"];
    let id = |name: &str| link[name].as_str().unwrap().to_owned();
    let known = [(id("ledgerId"), app.ledger_id()), (id("accountId"), app.account(0))].into();
    answers_as_it_says(&app, README, known).await;

    // Its two failures have no request beside them.
    let failures: Vec<Value> = blocks(README)
        .into_iter()
        .filter(|(kind, _)| kind == "json")
        .map(|(_, text)| without_request_ids(serde_json::from_str(&text).unwrap()))
        .collect();
    let holder = app.holder().await;
    let blocked = app.link_input(&holder, app.info["blockedAccountId"].as_str().unwrap());
    let refused = app.ask(super::app::CREATE_ALIAS, json!({"input": blocked})).await;
    let read = "query($id: ID!) { holder(id: $id) { name } }";
    let forbidden = without_request_ids(app.ask_as("nobody", read, json!({"id": holder})).await);
    assert_eq!(failures, [refused, forbidden]);
}

#[test]
fn every_document_of_both_pages_is_valid() {
    for (kind, text) in [PAGE, README].into_iter().flat_map(blocks).filter(|(kind, _)| kind == "graphql") {
        let read = ExecutableDocument::parse_and_validate(schema(), text.as_str(), kind);
        assert!(read.is_ok(), "{text}");
    }
}

/// Of each mutation, the refusals that the page lists.
fn listed() -> &'static BTreeMap<String, BTreeSet<String>> {
    static LISTED: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
        let (_, table) = PAGE.split_once("| mutation | codes |").unwrap();
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.map(|row| {
            let mut words = row.split('`').skip(1).step_by(2).map(str::to_owned);
            (words.next().unwrap(), words.collect())
        })
        .collect()
    });
    &LISTED
}

/// Whatever a test does, a refusal is one that the page lists of its mutation.
pub(crate) fn assert_listed(mutation: &str, payload: &Value) {
    for error in payload["userErrors"].as_array().into_iter().flatten() {
        let code = error["code"].as_str().unwrap();
        assert!(listed()[mutation].contains(code), "docs/operations.md lists no {code} of {mutation}");
    }
}

#[test]
fn every_mutation_has_its_refusals_on_the_page_and_every_code_a_mutation() {
    let names = |names: Vec<String>| names.into_iter().collect::<BTreeSet<_>>();
    let mutations = schema().get_object("Mutation").unwrap().fields.keys();
    assert_eq!(
        names(listed().keys().cloned().collect()),
        names(mutations.map(ToString::to_string).collect())
    );
    let codes = schema().get_enum("UserErrorCode").unwrap().values.keys();
    let given = listed().values().flatten().cloned().collect();
    assert_eq!(names(given), names(codes.map(ToString::to_string).collect()));
}

#[test]
fn every_operation_and_every_user_error_code_of_the_schema_is_on_the_page() {
    let schema = include_str!("../../schema.graphql");
    let body = |start: &str| {
        let (_, rest) = schema.split_once(start).unwrap();
        rest.split_once("\n}").unwrap().0.to_owned()
    };
    let name = |line: &str| -> Option<String> {
        let line = line.strip_prefix("  ")?;
        let end = line.find(['(', ':', ' ']).unwrap_or(line.len());
        let name = &line[..end];
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_name.then(|| name.to_owned())
    };
    let queries: String = examples(PAGE).iter().map(|example| example.query.clone() + "\n").collect();
    let mut operations = 0;
    for root in ["type Query {", "type Mutation {"] {
        let takes_arguments =
            |line: &&str| name(line).is_some_and(|name| line[2..].starts_with(&format!("{name}(")));
        for operation in body(root).lines().filter(takes_arguments).filter_map(name) {
            assert!(queries.contains(&format!("{operation}(")), "{operation} has no example");
            operations += 1;
        }
    }
    assert_eq!(operations, 23, "10 queries and 13 mutations");
    let codes: Vec<String> = body("enum UserErrorCode {").lines().filter_map(name).collect();
    assert_eq!(codes.len(), 21);
    for code in codes {
        assert!(PAGE.contains(&format!("`{code}`")), "{code} is not on the page");
    }
}
