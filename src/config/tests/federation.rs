//! Whether the service is a subgraph of a federated graph.

use super::{faulty, load};

#[test]
fn the_service_is_no_subgraph_unless_the_operator_says_so() {
    let enabled = |changes: &[(&str, &str)]| load(changes).unwrap().federation.enabled;
    assert!(!enabled(&[]));
    assert!(!enabled(&[("FEDERATION_ENABLED", "false")]));
    assert!(enabled(&[("FEDERATION_ENABLED", "true")]));
    assert_eq!(faulty(&load(&[("FEDERATION_ENABLED", "2")]).unwrap_err()), ["FEDERATION_ENABLED"]);
}
