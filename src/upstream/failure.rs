//! Why an attempt gave no answer, in few words: for logs and metrics, never with a token or a body in them.

use std::error::Error;
use std::io;
use std::time::Duration;

/// Why there is no answer that can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody listens.
    #[error("connection refused")]
    Refused,
    /// No connection within its time.
    #[error("timed out connecting")]
    ConnectTimedOut,
    /// No name, no route, no TLS.
    #[error("cannot connect: {0}")]
    CannotConnect(String),
    /// The attempt took too long.
    #[error("timed out")]
    TimedOut,
    /// The request that asked ran out of time: no fault of the upstream.
    #[error("the request's own time is over")]
    OutOfTime,
    /// The connection ended before the answer did.
    #[error("the connection broke off")]
    BrokenOff,
    /// It was not asked: it failed too often just now.
    #[error("not asked: its circuit breaker is open")]
    BreakerOpen,
    /// It was not asked: too many calls are under way and wait already.
    #[error("not asked: too many calls wait for it")]
    Crowded,
    /// The question cannot be put on the wire.
    #[error("the request cannot be sent as it is")]
    Unsendable,
    /// A status that says all there is to say.
    #[error("status {0}")]
    Status(u16),
    /// The content type is not JSON's.
    #[error("not JSON")]
    NotJson,
    /// The body is not one JSON object whose keys are unique.
    #[error("not a JSON object")]
    NoObject,
    /// The body is longer than so many bytes.
    #[error("over {0} bytes")]
    TooLong(usize),
    /// An object, but not what was asked for.
    #[error("{0}")]
    Unexpected(&'static str),
}

/// A failed attempt, and how long the upstream wants to be left alone.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    pub(super) retry_after: Option<Duration>,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self { failure, retry_after: None }
    }
}

impl Failure {
    /// What an error of the HTTP client comes to.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Self::ConnectTimedOut,
            (true, false) if is_refusal(error) => Self::Refused,
            (true, false) => Self::CannotConnect(innermost(error)),
            (false, true) => Self::TimedOut,
            (false, false) if error.is_builder() => Self::Unsendable,
            (false, false) => Self::BrokenOff,
        }
    }

    /// Whether the upstream is to blame, and its breaker counts it; `None` where that shows nothing either way.
    pub(super) fn blames_upstream(&self) -> Option<bool> {
        match self {
            Self::Status(408 | 429) => Some(true),
            Self::Status(status) => Some(!(400..500).contains(status)),
            Self::OutOfTime | Self::Unsendable | Self::BreakerOpen | Self::Crowded => None,
            _ => Some(true),
        }
    }

    /// Whether the same question may be answered better in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::Refused
            | Self::ConnectTimedOut
            | Self::CannotConnect(_)
            | Self::TimedOut
            | Self::BrokenOff
            | Self::NotJson
            | Self::NoObject => true,
            Self::OutOfTime
            | Self::Unsendable
            | Self::BreakerOpen
            | Self::Crowded
            | Self::TooLong(_)
            | Self::Unexpected(_) => false,
        }
    }

    /// The metric's label.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::Refused | Self::ConnectTimedOut | Self::CannotConnect(_) => "not_connected",
            Self::TimedOut => "timed_out",
            Self::OutOfTime => "out_of_time",
            Self::BrokenOff => "broken_off",
            Self::Unsendable => "unsendable",
            Self::BreakerOpen | Self::Crowded => "refused",

            Self::Status(status) => outcome_of_status(*status),
            Self::NotJson | Self::NoObject | Self::TooLong(_) | Self::Unexpected(_) => "no_answer",
        }
    }
}

/// The metric's label of a status.
pub(super) fn outcome_of_status(status: u16) -> &'static str {
    match status {
        200 => "success",
        300..=399 => "redirect",
        429 => "rate_limited",
        400..=499 => "client_error",
        500..=599 => "server_error",
        _ => "no_answer",
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

fn is_refusal(error: &reqwest::Error) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|io| io.kind() == io::ErrorKind::ConnectionRefused)
}

/// The innermost cause of what went wrong before a request was sent. The outer ones name the URL. What a peer's
/// certificate may say is cut to one short line.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map_or_else(String::new, |cause| cause.to_string());
    cause.chars().filter(|c| !c.is_control()).take(200).collect()
}
