//! How long and how large a request may be.

use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{duration, whole_number};
use std::time::Duration;

static REQUEST_TIMEOUT: Setting = Setting {
    name: "REQUEST_TIMEOUT",
    flag: "request-timeout",
    value: "DURATION",
    unset: Unset::Default("10s"),
    help: "How long a whole request may take, for example 10s; past it the answer is TIMEOUT.",
};

static UPSTREAM_CONNECT_TIMEOUT: Setting = Setting {
    name: "UPSTREAM_CONNECT_TIMEOUT",
    flag: "upstream-connect-timeout",
    value: "DURATION",
    unset: Unset::Default("1s"),
    help: "How long connecting to Access Manager or the ledger may take, for example 500ms.",
};

static UPSTREAM_ATTEMPT_TIMEOUT: Setting = Setting {
    name: "UPSTREAM_ATTEMPT_TIMEOUT",
    flag: "upstream-attempt-timeout",
    value: "DURATION",
    unset: Unset::Default("2s"),
    help: "How long one attempt at Access Manager or the ledger may take in all, for example 2s.",
};

static UPSTREAM_MAX_IN_FLIGHT: Setting = Setting {
    name: "UPSTREAM_MAX_IN_FLIGHT",
    flag: "upstream-max-in-flight",
    value: "CALLS",
    unset: Unset::Default("64"),
    help: "How many calls of Access Manager may be under way at once, and of the ledger too.\n\
           256 more wait for a place; what comes then is answered as an outage at once.",
};

static UPSTREAM_BREAKER_FAILURES: Setting = Setting {
    name: "UPSTREAM_BREAKER_FAILURES",
    flag: "upstream-breaker-failures",
    value: "FAILURES",
    unset: Unset::Default("5"),
    help: "After so many failures in a row Access Manager or the ledger is left alone for a while.\n\
           So it is when half of at least 10 calls within 10 s fail.",
};

static UPSTREAM_BREAKER_OPEN: Setting = Setting {
    name: "UPSTREAM_BREAKER_OPEN",
    flag: "upstream-breaker-open",
    value: "DURATION",
    unset: Unset::Default("10s"),
    help: "How long that while is; then one call at a time tries whether it works again.",
};

static MAX_BODY_BYTES: Setting = Setting {
    name: "MAX_BODY_BYTES",
    flag: "max-body-bytes",
    value: "BYTES",
    unset: Unset::Default("1048576"),
    help: "How many bytes a request's body may have; a larger one is answered with 413.",
};

pub(super) static GROUP: Group = Group {
    heading: "Limits",
    settings: &[
        &REQUEST_TIMEOUT,
        &UPSTREAM_CONNECT_TIMEOUT,
        &UPSTREAM_ATTEMPT_TIMEOUT,
        &UPSTREAM_MAX_IN_FLIGHT,
        &UPSTREAM_BREAKER_FAILURES,
        &UPSTREAM_BREAKER_OPEN,
        &MAX_BODY_BYTES,
    ],
};

/// Those of commands that ask an upstream and serve no request.
pub(super) static UPSTREAMS: Group = Group {
    heading: "Limits",
    settings: &[
        &UPSTREAM_CONNECT_TIMEOUT,
        &UPSTREAM_ATTEMPT_TIMEOUT,
        &UPSTREAM_MAX_IN_FLIGHT,
        &UPSTREAM_BREAKER_FAILURES,
        &UPSTREAM_BREAKER_OPEN,
    ],
};

/// How long and how large a request may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a whole request.
    pub request_timeout: Duration,
    /// For connecting to an upstream.
    pub upstream_connect_timeout: Duration,
    /// For one attempt at an upstream, connecting included.
    pub upstream_attempt_timeout: Duration,
    /// Most calls of one upstream that are under way at once.
    pub upstream_max_in_flight: usize,
    /// After so many failures in a row an upstream is left alone for a while.
    pub upstream_breaker_failures: u32,
    /// How long that while is.
    pub upstream_breaker_open: Duration,
    /// The largest body of a request.
    pub max_body_bytes: usize,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let request_timeout = reader.value(&REQUEST_TIMEOUT, duration);
        let upstream_connect_timeout = reader.value(&UPSTREAM_CONNECT_TIMEOUT, duration);
        let upstream_attempt_timeout = reader.value(&UPSTREAM_ATTEMPT_TIMEOUT, duration);
        let max_in_flight = reader.value(&UPSTREAM_MAX_IN_FLIGHT, |text| whole_number(text, 1..=10_000));
        let breaker_failures = reader.value(&UPSTREAM_BREAKER_FAILURES, |text| whole_number(text, 1..=1000));
        let breaker_open = reader.value(&UPSTREAM_BREAKER_OPEN, duration);
        let max_body_bytes = reader.value(&MAX_BODY_BYTES, |text| whole_number(text, 1..=1 << 30));
        Ok(Self {
            request_timeout: request_timeout?,
            upstream_connect_timeout: upstream_connect_timeout?,
            upstream_attempt_timeout: upstream_attempt_timeout?,
            upstream_max_in_flight: max_in_flight? as usize,
            upstream_breaker_failures: breaker_failures?,
            upstream_breaker_open: breaker_open?,
            max_body_bytes: max_body_bytes? as usize,
        })
    }
}
