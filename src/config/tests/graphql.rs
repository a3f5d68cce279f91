//! Which ways of asking are served.

use super::load;

#[test]
fn serve_takes_named_operations_over_post_and_tells_nobody_its_schema() {
    let graphql = load(&[]).unwrap().graphql;
    assert!(!graphql.introspection && !graphql.get && graphql.operation_name_required);
    assert_eq!(graphql.batch_max, 10);
    let graphql = load(&[
        ("INTROSPECTION_ENABLED", "true"),
        ("GET_ENABLED", "true"),
        ("OPERATION_NAME_REQUIRED", "false"),
        ("BATCH_MAX", "100"),
    ]);
    let graphql = graphql.unwrap().graphql;
    assert!(graphql.introspection && graphql.get && !graphql.operation_name_required);
    assert_eq!(graphql.batch_max, 100);
}

#[test]
fn graphiql_that_cannot_ask_for_the_schema_is_warned_about() {
    for (graphiql, introspection, warned) in [
        ("true", "false", true),
        ("true", "true", false),
        ("false", "false", false),
        ("false", "true", false),
    ] {
        let changes = [("GRAPHIQL_ENABLED", graphiql), ("INTROSPECTION_ENABLED", introspection)];
        let warnings = load(&changes).unwrap().warnings();
        assert_eq!(warnings.len(), usize::from(warned), "{graphiql} {introspection}: {warnings:?}");
        let told = "GRAPHIQL_ENABLED=true with INTROSPECTION_ENABLED=false: GraphiQL cannot load the schema";
        assert!(warnings.iter().all(|warning| warning.starts_with(told)), "{warnings:?}");
    }
}
