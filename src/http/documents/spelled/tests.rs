//! Each document here is wrong in another way too, which only validation finds: that it is not told shows that a hostile
//! document costs no validation.

use crate::http::documents::{Documents, Limits};

fn told(text: &str) -> Vec<(&'static str, String)> {
    let documents = Documents::new(&crate::graphql::sdl(), Limits::default()).unwrap();
    let errors = documents.prepare(text).err().unwrap();
    errors.iter().map(|error| (error.code, error.message.clone())).collect()
}

fn operations(number: usize) -> String {
    (0..number).map(|index| format!("query a{index} {{ ...F }} ")).collect()
}

#[test]
fn too_many_operations_are_refused_before_they_are_validated() {
    let fragment = "fragment F on Query { nothing }";
    assert_eq!(
        told(&format!("{fragment} {}", operations(21))),
        [(
            "QUERY_TOO_COMPLEX",
            "the document has 21 operations, and at most 20 are allowed: send the rest in a document of its own"
                .to_owned()
        )]
    );
    assert_eq!(told(&format!("{fragment} {}", operations(20)))[0].0, "GRAPHQL_VALIDATION_FAILED");
}

#[test]
fn the_fields_of_all_operations_together_are_bounded_before_they_are_validated() {
    let fragment = |fields: usize| {
        format!("fragment F on Query {{ holder(nothing: 1) {{ {} }} }}", "id ".repeat(fields))
    };
    assert_eq!(
        told(&format!("{} {}", fragment(250), operations(20))),
        [(
            "QUERY_TOO_COMPLEX",
            "the document selects 5020 fields, and at most 5000 are allowed: ask for the rest in a request of its own"
                .to_owned()
        )]
    );
    assert_eq!(told(&format!("{} {}", fragment(249), operations(20)))[0].0, "GRAPHQL_VALIDATION_FAILED");
}

#[test]
fn a_fragment_that_spreads_itself_or_nothing_is_left_to_validation() {
    for text in ["{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }", "{ ...F }"] {
        assert_eq!(told(text)[0].0, "GRAPHQL_VALIDATION_FAILED", "{text}");
    }
}

#[test]
fn a_long_chain_of_fragments_is_refused_before_it_is_validated() {
    let chain: String =
        (0..1_500).map(|index| format!("fragment f{index} on Query {{ ...f{} }} ", index + 1)).collect();
    let told = told(&format!("{{ ...f0 }} {chain} fragment f1500 on Query {{ nothing }}"));
    assert_eq!((told.len(), told[0].0), (1, "QUERY_TOO_COMPLEX"));
    assert!(told[0].1.contains("more than 60 deep"), "{}", told[0].1);
}
