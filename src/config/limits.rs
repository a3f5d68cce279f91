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

static MAX_BODY_BYTES: Setting = Setting {
    name: "MAX_BODY_BYTES",
    flag: "max-body-bytes",
    value: "BYTES",
    unset: Unset::Default("1048576"),
    help: "How many bytes a request's body may have; a larger one is answered with 413.",
};

pub(super) static GROUP: Group = Group {
    heading: "Limits",
    settings: &[&REQUEST_TIMEOUT, &UPSTREAM_CONNECT_TIMEOUT, &UPSTREAM_ATTEMPT_TIMEOUT, &MAX_BODY_BYTES],
};

/// Those of commands that ask an upstream and serve no request.
pub(super) static UPSTREAMS: Group =
    Group { heading: "Limits", settings: &[&UPSTREAM_CONNECT_TIMEOUT, &UPSTREAM_ATTEMPT_TIMEOUT] };

/// How long and how large a request may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a whole request.
    pub request_timeout: Duration,
    /// For connecting to an upstream.
    pub upstream_connect_timeout: Duration,
    /// For one attempt at an upstream, connecting included.
    pub upstream_attempt_timeout: Duration,
    /// The largest body of a request.
    pub max_body_bytes: usize,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let request_timeout = reader.value(&REQUEST_TIMEOUT, duration);
        let upstream_connect_timeout = reader.value(&UPSTREAM_CONNECT_TIMEOUT, duration);
        let upstream_attempt_timeout = reader.value(&UPSTREAM_ATTEMPT_TIMEOUT, duration);
        let max_body_bytes = reader.value(&MAX_BODY_BYTES, |text| whole_number(text, 1..=1 << 30));
        Ok(Self {
            request_timeout: request_timeout?,
            upstream_connect_timeout: upstream_connect_timeout?,
            upstream_attempt_timeout: upstream_attempt_timeout?,
            max_body_bytes: max_body_bytes? as usize,
        })
    }
}
