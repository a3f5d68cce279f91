//! What a request brings once is not copied into thousands of places.

use super::*;

#[test]
fn variables_are_not_copied_into_thousands_of_arguments() {
    let documents = within(Limits { aliases: 500, root_fields: 500, ..Limits::default() });
    let fields: String =
        (0..500).map(|i| format!("a{i}: holderByDocument(document: $d) {{ id }} ")).collect();
    let document = documents.prepare(&format!("query($d: String!) {{ {fields} }}")).ok().unwrap();
    let operation = document.operation(None).unwrap();
    let values = json!({"d": "1"});
    let check = |bytes| documents.check_variables(&document, operation, values.as_object().unwrap(), bytes);
    assert_eq!(check(60_000), Ok(()));
    assert_eq!(check(900_000).unwrap_err()[0].code, "QUERY_TOO_COMPLEX");
}

/// Whether copying its arguments is refused, of the only operation of a document and without any variable's value.
fn copies_too_much(text: &str, request_bytes: usize) -> bool {
    let documents = documents();
    let document = documents.prepare(text).map_err(|errors| format!("{errors:?}")).unwrap();
    let checked =
        documents.check_variables(&document, document.operation(None).unwrap(), &Map::new(), request_bytes);
    checked.is_err_and(|errors| errors[0].code == "QUERY_TOO_COMPLEX" && errors[0].message.contains("copies"))
}

#[test]
fn a_long_literal_is_not_copied_for_each_record() {
    let of_each = |first: u32, arguments: &str| {
        format!(
            "{{ holders(first: {first}) {{ nodes {{ aliasAccounts(first: 1, {arguments}) {{ nodes {{ id }} }} }} }} }}"
        )
    };
    let (long, many) = ("x".repeat(900_000), "\"a\",".repeat(12_000));
    for arguments in [
        format!("after: \"{long}\""),
        format!("filter: {{bankingDetailsBranch: \"{long}\"}}"),
        format!("filter: {{metadata: {{key: \"k\", string: \"{long}\"}}}}"),
        format!("filter: {{ids: [{many}]}}"),
    ] {
        // A request that names its document by a hash is short.
        assert!(copies_too_much(&of_each(100, &arguments), 200), "{}", &arguments[..40]);
        assert!(!copies_too_much(&of_each(1, &arguments), 200), "{}", &arguments[..40]);
    }
    let usual =
        format!("after: \"{}\", filter: {{ids: [{}]}}", "x".repeat(55), format!("\"{ID}\"").repeat(100));
    assert!(!copies_too_much(&of_each(100, &usual), 200));
    let text = of_each(100, &format!("after: \"{long}\""));
    let spread = text.replace("aliasAccounts", "...f } } } fragment f on Holder { aliasAccounts");
    let spread = spread.strip_suffix("} }").unwrap();
    assert!(copies_too_much(spread, 200));
}

#[test]
fn a_long_alias_is_not_written_for_each_record() {
    let text = |length: usize| {
        let alias = "x".repeat(length);
        format!("{{ holders(first: 100) {{ nodes {{ ...f }} }} }} fragment f on Holder {{ {alias}: id }}")
    };
    assert_eq!(codes(&text(255)), [""; 0]);
    let errors = documents().prepare(&text(256)).err().unwrap();
    assert_eq!(errors[0].code, "QUERY_TOO_COMPLEX");
    assert!(errors[0].message.contains("an alias of 256 characters"), "{errors:?}");
}

#[test]
fn a_long_default_of_a_variable_is_not_copied_for_each_record() {
    let text = |first: u32, length: usize| {
        format!(
            "query($a: String = \"{}\") {{ holders(first: {first}) {{ nodes {{ aliasAccounts(first: 1, after: $a) {{
                nodes {{ id }} }} }} }} }}",
            "x".repeat(length)
        )
    };
    assert!(copies_too_much(&text(100, 900_000), 200));
    assert!(!copies_too_much(&text(1, 900_000), 200) && !copies_too_much(&text(100, 55), 200));
}

#[test]
fn a_variable_counts_wherever_it_stands_in_one_argument() {
    let text = format!("query($i: ID! = \"1\") {{ nodes(ids: [{}]) {{ id }} }}", "$i ".repeat(5_000));
    assert!(copies_too_much(&text, 900_000));
    assert!(!copies_too_much(&text, 10_000));
}
