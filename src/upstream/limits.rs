//! What bounds the calls of an upstream; the defaults are those that the operators' documentation tells.

use std::time::Duration;

/// How long a connection may take, where the operator says nothing.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long one attempt may take with everything in it, where the operator says nothing.
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);

/// The bounds of one upstream.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long one attempt may take with everything in it.
    pub attempt_timeout: Duration,
    /// How often a call may be tried again after its first attempt.
    pub retries: u32,
    /// Most attempts under way at once.
    pub in_flight: usize,
    /// Most calls that wait for a place among those; whoever comes then is turned away.
    pub waiting: usize,
    /// After so many failures in a row nothing is asked for a while.
    pub breaker_failures: u32,
    /// How long that while is; then one call at a time tries whether it works again.
    pub breaker_open: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            attempt_timeout: DEFAULT_ATTEMPT_TIMEOUT,
            retries: 2,
            in_flight: 64,
            waiting: 256,
            breaker_failures: 5,
            breaker_open: Duration::from_secs(10),
        }
    }
}
