//! The search guard.

use super::load;

#[test]
fn a_hundred_look_ups_a_minute_may_find_nobody_unless_the_operator_says_otherwise() {
    let limit = |changes: &[(&str, &str)]| load(changes).unwrap().lookup_miss_limit;
    assert_eq!(limit(&[]), Some(100));
    assert_eq!(limit(&[("LOOKUP_MISS_LIMIT", "")]), Some(100), "a value that was lost takes no guard away");
    assert_eq!(limit(&[("LOOKUP_MISS_LIMIT", "7")]), Some(7));
    assert_eq!(limit(&[("LOOKUP_MISS_LIMIT", "off")]), None);
}

#[test]
fn the_start_warns_where_nobody_is_kept_from_guessing() {
    let warns = |changes: &[(&str, &str)]| {
        let warnings = load(changes).unwrap().warnings();
        warnings.contains(&"LOOKUP_MISS_LIMIT=off: nobody is kept from guessing documents".to_owned())
    };
    assert!(!warns(&[]));
    assert!(warns(&[("LOOKUP_MISS_LIMIT", "off")]));
}
