//! How long decisions are kept, and whether personal data needs one of its own.

use super::load;
use std::time::Duration;

#[test]
fn permissions_are_kept_for_ten_seconds_unless_the_operator_says_otherwise() {
    let ttl = |changes: &[(&str, &str)]| load(changes).unwrap().decisions.cache_ttl;
    assert_eq!(ttl(&[]), Some(Duration::from_secs(10)));
    assert_eq!(ttl(&[("AUTH_CACHE_TTL", "500ms")]), Some(Duration::from_millis(500)));
    assert_eq!(ttl(&[("AUTH_CACHE_TTL", "5m")]), Some(Duration::from_secs(300)));
    for none in ["0", "0s", "0ms", "off", " off "] {
        assert_eq!(ttl(&[("AUTH_CACHE_TTL", none)]), None, "{none}");
    }
}

#[test]
fn personal_data_needs_a_permission_only_where_a_resource_is_named() {
    let resource = |changes: &[(&str, &str)]| load(changes).unwrap().decisions.pii_resource;
    assert_eq!(resource(&[]), None);
    let named = resource(&[("AUTH_PII_RESOURCE", "holders-pii")]);
    assert_eq!(named.as_deref(), Some("holders-pii"));
}
