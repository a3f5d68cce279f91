//! Throw-away.
fn main() {}
