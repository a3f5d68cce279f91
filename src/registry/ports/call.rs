//! What every outgoing question needs to know of the request that it is asked for.

use super::access::Identity;
use std::time::Instant;

/// One request's caller, trace and time limit.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub identity: Identity,
    /// The request's id, in logs and errors.
    pub request_id: String,
    /// W3C trace context, passed on to both upstreams.
    pub traceparent: String,
    /// When the request must have ended.
    pub deadline: Instant,
}
