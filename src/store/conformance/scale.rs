//! How much data the tests are run over that need much of it.

/// Of so many records, the share that `TEST_SCALE` names (a number above 0; a tenth where it is not set), yet never
/// fewer than `least`.
pub(crate) fn scaled(full: usize, least: usize) -> usize {
    let share = std::env::var("TEST_SCALE").map_or(0.1, |text| text.parse::<f64>().unwrap());
    assert!(share > 0.0, "TEST_SCALE is {share}");
    ((full as f64 * share) as usize).max(least)
}
