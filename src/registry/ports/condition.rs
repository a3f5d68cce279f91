//! How the way to an upstream stands: what an operator wants to know of it.

/// Whether an upstream is asked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// It is.
    Closed,
    /// One call at a time tries whether it works again.
    HalfOpen,
    /// It failed too often and is left alone for a while.
    Open,
}

impl BreakerState {
    /// Its name, for operators.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::HalfOpen => "half-open",
            Self::Open => "open",
        }
    }
}

/// The way to one upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its circuit breaker.
    pub breaker: BreakerState,
    /// Calls under way.
    pub in_flight: usize,
    /// Calls that wait for a place among those.
    pub waiting: usize,
}
