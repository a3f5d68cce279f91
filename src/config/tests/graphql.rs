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
