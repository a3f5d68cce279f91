//! The rate limit.

use super::load;
use crate::http::rate_limit::Rate;

#[test]
fn there_is_no_limit_unless_the_operator_sets_one() {
    let rate = |changes: &[(&str, &str)]| load(changes).unwrap().rate_limit;
    assert_eq!(rate(&[]), None);
    assert_eq!(rate(&[("RATE_LIMIT_PER_MINUTE", "off")]), None);
    let rated = rate(&[("RATE_LIMIT_PER_MINUTE", "600")]);
    assert_eq!(rated, Some(Rate { per_minute: 600, burst: 600 }), "the burst is as many as in a minute");
    let both = [("RATE_LIMIT_PER_MINUTE", "600"), ("RATE_LIMIT_BURST", "50")];
    assert_eq!(rate(&both), Some(Rate { per_minute: 600, burst: 50 }));
}
