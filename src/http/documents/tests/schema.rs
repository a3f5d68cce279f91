//! Questions for the schema itself.

use super::*;

#[test]
fn the_introspection_query_of_graphiql_is_no_query_too_complex() {
    let text = "query { __schema { types { fields { args { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } }";
    assert_eq!(codes(text), Vec::<&str>::new());
    let documents = documents();
    let document = documents
        .prepare("{ __typename ...f } fragment f on Query { __schema { __typename } }")
        .ok()
        .unwrap();
    assert!(document.is_introspection(document.operation(None).unwrap()));
    let document = documents.prepare("{ __typename holder(id: 1) { id } }").ok().unwrap();
    assert!(!document.is_introspection(document.operation(None).unwrap()));
}

/// What graphql-js asks, with every option on.
const QUESTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind }
        subscriptionType { name kind } types { ...FullType }
        directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
      fragment FullType on __Type { kind name description specifiedByURL
        fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
        inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
      fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
      fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[test]
fn what_is_answered_of_the_schema_costs_one_for_each_hundred() {
    let types = Schema::parse_and_validate(crate::graphql::sdl(), "schema").unwrap().types.len() as u64;
    // The field at the root, and `types` with the names of all.
    assert_eq!(cost("{ __schema { types { name } } }", json!({})), Ok(1 + (1 + types).div_ceil(100)));
    assert_eq!(cost("{ __schema { __typename } }", json!({})), Ok(1 + 1));
    assert_eq!(cost("{ __typename }", json!({})), Ok(1));
    let aliased: String =
        (0..3).map(|i| format!("a{i}: __schema {{ types {{ name description }} }} ")).collect();
    let text = format!("{{ ...f }} fragment f on Query {{ {aliased} }}");
    assert_eq!(cost(&text, json!({})), Ok(3 + (3 * (1 + 2 * types)).div_ceil(100)));
}

#[test]
fn the_usual_question_for_the_schema_fits_well_and_a_batch_of_many_does_not() {
    let limit = Limits::default().cost;
    let cost = cost(QUESTION, json!({})).unwrap();
    assert!(cost < limit / 2, "{cost}");
    // Of a batch, the sum is held against the same limit.
    assert!(10 * cost > limit, "{cost}");
}

#[test]
fn the_schema_is_not_asked_for_a_million_times() {
    let leaves: String = (0..400).map(|i| format!("a{i}: description ")).collect();
    let circle = "interfaces { possibleTypes { ".repeat(7);
    let bomb = format!(
        "{{ __type(name: \"Node\") {{ possibleTypes {{ {circle} fields {{ {leaves} }} {} }} }} }}",
        "} } ".repeat(7)
    );
    let errors =
        within(Limits { aliases: 5_000, depth: 60, ..Limits::default() }).prepare(&bomb).err().unwrap();
    assert!(errors[0].message.contains("the schema many times over"), "{errors:?}");
    let many: String =
        (0..600).map(|i| format!("a{i}: __schema {{ types {{ fields {{ name }} }} }} ")).collect();
    let errors = within(Limits { aliases: 5_000, root_fields: 5_000, ..Limits::default() })
        .prepare(&format!("{{ {many} }}"))
        .err()
        .unwrap();
    assert!(errors[0].message.contains("the schema many times over"), "{errors:?}");
    assert_eq!(codes(QUESTION), [""; 0]);
}

#[test]
fn without_introspection_the_schema_is_not_told_of() {
    let documents = documents().with_introspection(false);
    let refused = |text: &str| match documents.prepare(text) {
        Ok(_) => None,
        Err(errors) => Some(errors[0].clone()),
    };
    for text in [
        "{ __schema { types { name } } }",
        "{ holder(id: 1) { id } ... on Query { a: __type(name: \"Holder\") { name } } }",
        "{ ...f } fragment f on Query { __schema { __typename } }",
        "query A { __typename } query B { __schema { __typename } }",
    ] {
        let error = refused(text).unwrap();
        assert_eq!(error.code, "GRAPHQL_VALIDATION_FAILED");
        assert!(error.message.contains("schema.graphql") && error.message.contains("INTROSPECTION_ENABLED"));
        assert!(error.location.is_some());
    }
    assert_eq!(refused("{ __typename holder(id: 1) { __typename } }"), None);
    let unknown = refused("{ holdr(id: 1) { id } }").unwrap().message;
    assert!(!unknown.contains("did you mean"), "{unknown}");
}

#[test]
fn a_name_that_is_nearly_one_of_the_schema_is_suggested() {
    // A fragment of an unknown type is told twice: where it is spread there is no such fragment.
    let message = |text: &str| {
        let errors = documents().prepare(text).err().unwrap();
        errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("\n")
    };
    for (text, suggested) in [
        ("{ holdr(id: 1) { id } }", Some("holder")),
        ("{ holder(id: 1) { documentMaskd } }", Some("documentMasked")),
        ("{ holder(id: 1) { Name } }", Some("name")),
        ("{ node(id: 1) { idd } }", Some("id")),
        ("{ node(id: 1) { id ... on Holdr { id } } }", Some("Holder")),
        ("{ node(id: 1) { ...f } } fragment f on AliasAcount { id }", Some("AliasAccount")),
        ("query($s: RecordStat!) { holder(id: 1, state: $s) { id } }", Some("RecordState")),
        ("{ holder(id: 1, stat: LIVE) { id } }", Some("state")),
        ("{ holder(id: 1, state: LIV) { id } }", Some("LIVE")),
        ("{ holders(filter: {documnt: \"1\"}) { nodes { id } } }", Some("document")),
        ("{ holder(id: 1) { qwertyuiop } }", None),
        ("{ holder(id: 1) { x91315026015 } }", None),
    ] {
        let told = message(text);
        let expected = suggested.map(|name| format!(": did you mean `{name}`?"));
        match expected {
            Some(expected) => assert!(told.lines().any(|line| line.ends_with(&expected)), "{text}: {told}"),
            None => assert!(!told.contains("did you mean"), "{text}: {told}"),
        }
        assert!(!told.contains("91315026015"), "{told}");
    }
}
