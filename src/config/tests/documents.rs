//! How much one document may ask for.

use super::{faulty, load};
use crate::http::documents::Limits;

#[test]
fn the_defaults_of_the_settings_are_those_of_the_measure() {
    let documents = load(&[]).unwrap().documents;
    let limits = Limits {
        depth: documents.depth_max,
        cost: documents.cost_max,
        aliases: documents.aliases_max,
        root_fields: documents.root_fields_max,
        mutations: documents.mutations_max,
        directives: documents.directives_max,
        tokens: documents.tokens_max,
    };
    assert_eq!(limits, Limits::default());
}

#[test]
fn each_limit_is_set_by_its_name_and_within_its_range() {
    let wrong = [
        ("DOCUMENT_DEPTH_MAX", "61"),
        ("DOCUMENT_COST_MAX", "0"),
        ("DOCUMENT_ALIASES_MAX", "5001"),
        ("DOCUMENT_ROOT_FIELDS_MAX", "0"),
        ("DOCUMENT_MUTATIONS_MAX", "many"),
        ("DOCUMENT_DIRECTIVES_MAX", "-1"),
        ("DOCUMENT_TOKENS_MAX", "99"),
    ];
    assert_eq!(faulty(&load(&wrong).unwrap_err()), wrong.map(|(name, _)| name));
    let right = load(&[
        ("DOCUMENT_DEPTH_MAX", "1"),
        ("DOCUMENT_COST_MAX", "2"),
        ("DOCUMENT_ALIASES_MAX", "0"),
        ("DOCUMENT_ROOT_FIELDS_MAX", "3"),
        ("DOCUMENT_MUTATIONS_MAX", "4"),
        ("DOCUMENT_DIRECTIVES_MAX", "5"),
        ("DOCUMENT_TOKENS_MAX", "100"),
    ]);
    let set = right.unwrap().documents;
    let numbers =
        [set.depth_max, set.aliases_max, set.root_fields_max, set.mutations_max, set.directives_max];
    assert_eq!((numbers, set.cost_max, set.tokens_max), ([1, 0, 3, 4, 5], 2, 100));
}
