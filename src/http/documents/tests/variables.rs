//! Variables: where they may stand, and what their values may be.

use super::*;

#[test]
fn every_fault_of_the_variables_is_told_with_its_place_and_without_its_value() {
    let text = "mutation($input: CreateHolderInput!, $alias: CreateAliasAccountInput!) {
        createHolder(input: $input) { holder { id } }
        createAliasAccount(input: $alias) { userErrors { field } }
    }";
    let told = variables(
        text,
        json!({
            "input": {
                "type": "CANARY", "name": 4711, "nickname": "CANARY", "metadata": "CANARY", "CANARY value": 1,
                "naturalPerson": {"birthDate": "CANARY"}, "addresses": "CANARY"
            },
            "alias": {"holderId": true, "ledgerId": "CANARY", "relatedParties": {"name": "a"}}
        }),
    );
    assert_eq!(
        told,
        [
            "$input has a field whose name is not shown, which CreateHolderInput has not",
            "$input has a field whose name is not shown, which CreateHolderInput has not",
            "$input.type must be one of NATURAL_PERSON, LEGAL_PERSON",
            "$input.name does not fit: a String is text",
            "$input.document is required: give a value of type String!",
            "$input.addresses must be an object of type AddressesInput",
            "$input.naturalPerson.birthDate does not fit: a Date is a day that exists, written as 2026-11-23",
            "$input.metadata does not fit: Metadata is a JSON object",
            "$2.holderId does not fit: an ID is text ($2: variable 2 of the operation)",
            "$2.ledgerId does not fit: a UUID is 36 characters with dashes ($2: variable 2 of the operation)",
            "$2.accountId is required: give a value of type UUID! ($2: variable 2 of the operation)",
            "$2.relatedParties.document is required: give a value of type String! ($2: variable 2 of the operation)",
            "$2.relatedParties.role is required: give a value of type RelatedPartyRole! ($2: variable 2 of the operation)",
            "$2.relatedParties.startDate is required: give a value of type Date! ($2: variable 2 of the operation)",
        ]
    );
}

#[test]
fn a_variable_that_stands_in_a_filter_has_a_value() {
    let told = "$1 stands in a filter and has no value: give one, or leave the condition out ($1: variable 1 of the operation)";
    for document in [
        "query($d: String) { holders(filter: {document: $d}) { nodes { id } } }",
        "query($d: HolderFilter) { holders(filter: $d) { nodes { id } } }",
        "query($d: String!, $e: DateTime) { holders(filter: {createdAt: {from: $e}}, after: $d) { nodes { id } } }",
        "query($d: String) { holders { nodes { aliasAccounts(filter: {relatedParty: {document: $d}}) { nodes { id } } } } }",
        "query($d: [ID!]) { ...f } fragment f on Query { holders(filter: {ids: $d}) { nodes { id } } }",
    ] {
        let left_out = if document.contains("$e") { "2" } else { "1" };
        let told = told.replace('1', left_out);
        assert_eq!(
            variables(document, json!({"d": "x"}).clone()).contains(&told),
            left_out == "2",
            "{document}"
        );
        assert!(
            variables(document, json!({}))
                .iter()
                .any(|message| message.starts_with(&format!("${left_out} "))),
            "{document}"
        );
    }
    let defaulted = "query($d: String = \"1\") { holders(filter: {document: $d}) { nodes { id } } }";
    assert!(variables(defaulted, json!({})).is_empty());
    let elsewhere = "query($d: String) { holders(after: $d) { nodes { id } } }";
    assert!(variables(elsewhere, json!({})).is_empty());
}

#[test]
fn a_variable_left_out_gives_way_to_its_arguments_default() {
    let documents = documents();
    let text = "query($s: RecordState, $d: SortDirection, $o: HolderSort = UPDATED_AT, $n: Int) {
        holder(id: 1, state: $s) { id } holders(direction: $d, sort: $o, first: $n) { nodes { id } } }";
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    let operation = document.operation(None).unwrap();
    let complete = |values: Value| {
        let mut values = values.as_object().unwrap().clone();
        document.complete(operation, &mut values);
        Value::Object(values)
    };
    assert_eq!(complete(json!({})), json!({"s": "LIVE", "d": "ASC"}));
    assert_eq!(complete(json!({"s": "ANY"})), json!({"s": "ANY", "d": "ASC"}));
}

#[test]
fn two_operations_of_a_document_know_nothing_of_each_others_variables() {
    let documents = documents();
    let text = "query A($x: HolderSort) { holders(sort: $x) { nodes { id } } }
        query B($x: SortDirection, $d: String) { holders(direction: $x, after: $d) { nodes { id } } ...f }
        query C($d: String) { holders(filter: {document: $d}) { nodes { id } } ...f }
        fragment f on Query { __typename }";
    let document = documents.prepare(text).map_err(|e| format!("{e:?}")).unwrap();
    for (name, completed, told) in
        [("A", json!({"x": "CREATED_AT"}), 0), ("B", json!({"x": "ASC"}), 0), ("C", json!({}), 1)]
    {
        let operation = document.operation(Some(name)).unwrap();
        let mut values = Map::new();
        let checked = documents.check_variables(&document, operation, &values, 1_000);
        assert_eq!(checked.err().map_or(0, |errors| errors.len()), told, "{name}");
        document.complete(operation, &mut values);
        assert_eq!(Value::Object(values), completed, "{name}");
    }
}

#[test]
fn a_long_name_of_a_variable_is_told_by_its_number() {
    let name = "x".repeat(5_000);
    let text = format!("query(${name}: [ID!]!) {{ nodes(ids: ${name}) {{ id }} }}");
    let told = variables(&text, json!({name: [null, "a", null]}));
    let expected =
        [0, 2].map(|i| format!("$1.{i} is null: give a value of type ID! ($1: variable 1 of the operation)"));
    assert_eq!(told, expected);
}

#[test]
fn a_variable_stands_only_where_its_type_may() {
    let create = |declared: &str, input: &str| {
        format!("mutation({declared}) {{ createHolder(input: {input}) {{ userErrors {{ code }} }} }}")
    };
    let rest = "type: LEGAL_PERSON, document: \"1\"";
    for (text, fits) in [
        (create("$n: String!", &format!("{{name: $n, {rest}}}")), true),
        (create("$n: String", &format!("{{name: $n, {rest}}}")), false),
        (create("$n: String = \"n\"", &format!("{{name: $n, {rest}}}")), true),
        (create("$n: String = null", &format!("{{name: $n, {rest}}}")), false),
        (create("$m: String", &format!("{{name: \"n\", metadata: {{a: $m, b: [$m]}}, {rest}}}")), true),
        (create("$m: String", &format!("{{name: \"n\", metadata: {{a: $other, b: $m}}, {rest}}}")), false),
        ("query($i: ID!) { nodes(ids: [$i]) { id } }".to_owned(), true),
        ("query($i: ID) { nodes(ids: [$i]) { id } }".to_owned(), false),
        ("query($i: [ID!]!) { nodes(ids: [$i]) { id } }".to_owned(), false),
        ("query($i: ID!) { holders(filter: {ids: $i}) { nodes { id } } }".to_owned(), false),
        ("query($b: Boolean = null) { __typename @skip(if: $b) }".to_owned(), false),
        ("query($b: Boolean = true) { __typename @skip(if: $b) }".to_owned(), true),
        (
            "query A($s: String!) { ...f } query B($s: String) { ...f }
             fragment f on Query { holders(filter: {metadata: {key: $s, string: \"v\"}}) { nodes { id } } }"
                .to_owned(),
            false,
        ),
    ] {
        let expected = if fits { Vec::new() } else { vec!["GRAPHQL_VALIDATION_FAILED"] };
        assert_eq!(codes(&text), expected, "{text}");
    }
}

#[test]
fn of_an_input_of_alternatives_exactly_one_is_given_and_never_null() {
    const SDL: &str = "directive @oneOf on INPUT_OBJECT
        input Which @oneOf { id: ID name: String }
        type Query { find(which: Which): String }";
    let documents = Documents::new(SDL, Limits::default()).unwrap();
    let verdict = |text: &str, values: Value| {
        let document = documents.prepare(text).map_err(|errors| errors[0].code)?;
        let operation = document.operation(None).unwrap();
        let checked = documents.check_variables(&document, operation, values.as_object().unwrap(), 100);
        checked.map_err(|errors| errors[0].code)
    };
    let invalid = Err("GRAPHQL_VALIDATION_FAILED");
    for (text, expected) in [
        ("{ find(which: {id: 1}) }", Ok(())),
        ("{ find(which: {id: 1, name: \"n\"}) }", invalid),
        ("{ find(which: {id: 1, name: null}) }", invalid),
        ("{ find(which: {id: null}) }", invalid),
        ("{ find(which: {}) }", invalid),
        ("query($i: ID) { find(which: {id: $i}) }", invalid),
        ("query($i: ID = 1) { find(which: {id: $i}) }", invalid),
    ] {
        assert_eq!(verdict(text, json!({})), expected, "{text}");
    }
    assert_eq!(verdict("query($i: ID!) { find(which: {id: $i}) }", json!({"i": 1})), Ok(()));
    let whole = "query($w: Which) { find(which: $w) }";
    for (value, fits) in [
        (json!({"id": 1}), true),
        (json!({"id": 1, "name": "n"}), false),
        (json!({"id": 1, "name": null}), false),
        (json!({"id": null}), false),
        (json!({}), false),
        (json!(null), true),
    ] {
        let expected = if fits { Ok(()) } else { Err("BAD_USER_INPUT") };
        assert_eq!(verdict(whole, json!({"w": value})), expected, "{value}");
    }
}

#[test]
fn a_variable_that_is_not_declared_is_told_alike_in_every_object_of_a_scalar() {
    let metadata = "mutation { createHolder(input: {type: NATURAL_PERSON, name: \"n\", document: \"1\",
        metadata: {k: $unknown}}) { userErrors { code } } }";
    let representation =
        "{ _entities(representations: [{__typename: \"Holder\", id: $unknown}]) { __typename } }";
    for text in [metadata, representation] {
        let errors = of_a_subgraph().prepare(text).err().unwrap();
        let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            told,
            ["a variable in an object of a scalar that its operation does not declare"],
            "{text}"
        );
    }
}

#[test]
fn null_as_a_default_is_refused_where_null_may_not_stand() {
    let delete = "mutation($m: DeletionMode = null) { deleteHolder(input: {id: \"1\", mode: $m}) { userErrors { code } } }";
    let state = "query($s: RecordState = null) { holder(id: 1, state: $s) { id } }";
    for (text, name, good) in [(delete, "m", "HARD"), (state, "s", "ANY")] {
        assert_eq!(
            variables(text, json!({})),
            [
                "$1 has null as its default, and stands where null may not: give a value ($1: variable 1 of the operation)"
            ]
        );
        assert_eq!(variables(text, json!({name: null})).len(), 1, "{text}");
        assert_eq!(variables(text, json!({name: good})), Vec::<String>::new(), "{text}");
    }
    let text = "query($d: String = null) { holders(filter: {document: $d}) { totalCount } }";
    assert_eq!(variables(text, json!({})), Vec::<String>::new(), "null may stand there");
}
