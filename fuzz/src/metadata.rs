//! Metadata: what is taken lies within the limits, is no personal datum that the guard knows, and comes out of the
//! store as it went in.
//!
//! An input is a JSON object, or `g` and an object literal of GraphQL, which goes through a document.

use super::canary;
use super::service;
use async_graphql::Value as Literal;
use async_graphql::parser::types::{ExecutableDocument, Selection};
use holdergraph::domain::fault::{Fault, Faults, FieldPath};
use holdergraph::domain::guard::Guard;
use holdergraph::domain::metadata::{KEY_MAX, KEYS_MAX, Metadata, MetadataPatch, MetadataValue, VALUE_MAX};
use holdergraph::domain::patch::Patch;
use holdergraph::http::documents::Documents;
use holdergraph::registry::ports::terms::metadata_entry;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Whole numbers beyond this, in either direction, are not the same in every client.
const INTEGER_MAX: f64 = 9_007_199_254_740_991.0;
/// Personal data that the guard knows by itself.
const PERSONAL: [&str; 5] =
    ["913.150.260-15", "91315026015", "maria@example.org", "+5511987654321", "GB82 WEST 1234 5698 7654 32"];

static DOCUMENTS: LazyLock<Documents> = LazyLock::new(service::documents);

/// Takes one input.
pub fn run(input: &[u8]) {
    let entries = match input {
        [b'g', literal @ ..] => std::str::from_utf8(literal).ok().and_then(read_literal),
        json => match serde_json::from_slice(json) {
            Ok(Value::Object(entries)) => Some(entries),
            _ => None,
        },
    };
    if let Some(entries) = entries {
        create(&entries);
        update(&entries);
    }
}

/// The entries that a mutation's literal comes to, where its document is valid.
fn read_literal(literal: &str) -> Option<Map<String, Value>> {
    let document = format!(
        "mutation {{ createHolder(input: {{ type: NATURAL_PERSON, name: \"a\", document: \"b\", metadata: {literal} }}) \
         {{ holder {{ id }} }} }}"
    );
    let document = match DOCUMENTS.prepare(&document) {
        Ok(document) => {
            let operation = document.operation(None).ok()?;
            DOCUMENTS.executable(&document, operation, &Map::new()).ok()?
        }
        Err(faults) => {
            faults.iter().for_each(|fault| canary::told(&fault.message));
            return None;
        }
    };
    // A literal may close the input and go on with another mutation: then it is no literal.
    match given(&document)?.into_json().expect("a valid literal has a JSON form") {
        Value::Object(entries) => Some(entries),
        Value::Null => None,
        other => panic!("a valid document gives metadata that is no object: {other}"),
    }
}

fn given(document: &ExecutableDocument) -> Option<Literal> {
    let mut operations = document.operations.iter();
    let (Some((None, operation)), None) = (operations.next(), operations.next()) else { return None };
    let [selection] = operation.node.selection_set.node.items.as_slice() else { return None };
    let Selection::Field(field) = &selection.node else { return None };
    let input = field.node.get_argument("input")?.node.clone().into_const()?;
    match input {
        Literal::Object(fields) => fields.get("metadata").cloned(),
        _ => None,
    }
}

fn path() -> FieldPath {
    FieldPath::input().field("metadata")
}

fn create(entries: &Map<String, Value>) {
    let mut faults = Faults::default();
    let read = Metadata::read(&mut faults, &path(), &Guard::default(), entries);
    if !is_taken(&faults) {
        return;
    }
    within_the_limits(&read);
    let same = |(key, value): (&String, &MetadataValue)| {
        serde_json::to_value(value).ok().as_ref() == entries.get(key)
    };
    assert!(read.0.len() == entries.len() && read.0.iter().all(same), "metadata is not taken as written");
    kept(&read);
}

fn update(entries: &Map<String, Value>) {
    let mut faults = Faults::default();
    let patch = Patch::Set(entries.clone());
    let patch = MetadataPatch::check(&mut faults, &path(), &Guard::default(), &patch);
    if !is_taken(&faults) {
        return;
    }
    let before = Metadata([("a".to_owned(), MetadataValue::Boolean(true))].into());
    let after = before.merged(&mut faults, &path(), &patch);
    if is_taken(&faults) {
        within_the_limits(&after);
        kept(&after);
    }
}

fn is_taken(faults: &Faults) -> bool {
    faults.faults.iter().chain(&faults.warnings).for_each(|fault: &Fault| canary::told(&fault.message));
    faults.faults.is_empty()
}

fn within_the_limits(metadata: &Metadata) {
    assert!(metadata.0.len() <= KEYS_MAX, "too many keys");
    for (key, value) in &metadata.0 {
        assert!((1..=KEY_MAX).contains(&key.chars().count()), "a key of any length");
        assert!(
            !key.starts_with('$') && !key.contains('.') && !key.chars().any(char::is_control),
            "a bad key"
        );
        match value {
            MetadataValue::Text(text) => {
                assert!(text.chars().count() <= VALUE_MAX, "a text of any length");
                assert!(!PERSONAL.contains(&text.trim()), "personal data in a text");
            }
            MetadataValue::Number(number) => {
                let double = number.as_f64().expect("a number has a double");
                assert!(
                    double.is_finite() && (double.fract() != 0.0 || double.abs() <= INTEGER_MAX),
                    "{number}"
                );
                assert!(double != 91_315_026_015.0, "personal data in a number");
            }
            MetadataValue::Boolean(_) => {}
        }
    }
}

/// Both stores keep metadata as JSON text, and find it by terms.
fn kept(metadata: &Metadata) {
    let stored = serde_json::to_string(metadata).expect("metadata has a JSON form");
    let read: Metadata = serde_json::from_str(&stored).expect("what is stored is read again");
    assert!(read == *metadata, "metadata changes in the store");
    for ((key, value), (_, again)) in metadata.0.iter().zip(&read.0) {
        assert_eq!(metadata_entry(key, value), metadata_entry(key, again));
    }
}
