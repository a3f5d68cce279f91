//! The headers that a request is told by.

use crate::domain::ids::OrganizationId;
use crate::registry::ports::access::BadToken;
use crate::registry::ports::call::fresh_traceparent;
use crate::telemetry::traces::{Parent, RequestSpan};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use uuid::Uuid;

/// The header that names the organization.
pub(super) const ORGANIZATION: &str = "x-organization-id";
/// The header that names the request.
pub(super) const REQUEST_ID: &str = "x-request-id";
/// W3C trace context.
pub(super) const TRACEPARENT: &str = "traceparent";

/// What other tracing systems say of the same trace.
const TRACESTATE: &str = "tracestate";

/// What a request is told by in logs, errors and traces; both go back with the answer.
pub(super) struct Ids {
    pub(super) request_id: String,
    pub(super) traceparent: String,
}

impl Ids {
    /// The client's own id or a fresh one, and the place in the trace.
    pub(super) fn of(headers: &HeaderMap, span: &RequestSpan) -> Self {
        Self { request_id: request_id(headers), traceparent: span.traceparent().to_owned() }
    }

    /// Where nobody knows.
    pub(super) fn unknown() -> Self {
        Self { request_id: "unknown".to_owned(), traceparent: fresh_traceparent() }
    }
}

/// The client's own id of the request, where it is one that may stand in a log; else a fresh one.
fn request_id(headers: &HeaderMap) -> String {
    let fits = |text: &&str| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(fits);
    given.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// The client's span that the request belongs to (W3C Trace Context). What is malformed or there twice is none.
pub(super) fn parent(headers: &HeaderMap) -> Option<Parent> {
    let mut values = headers.get_all(TRACEPARENT).iter();
    let (Some(traceparent), None) = (values.next(), values.next()) else { return None };
    // A list may be spread over several headers.
    let states: Vec<&str> =
        headers.get_all(TRACESTATE).iter().filter_map(|value| value.to_str().ok()).collect();
    Parent::read(traceparent.to_str().ok()?, &states.join(","))
}

/// The value of the one Authorization header, if there is one.
pub(super) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, BadToken> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(Some).map_err(|_| BadToken("the Authorization header is not printable ASCII"))
        }
        (Some(_), Some(_)) => Err(BadToken("there are several Authorization headers: send one")),
    }
}

/// The organization that the request is for, or what is wrong with the header.
pub(super) fn organization(headers: &HeaderMap) -> Result<OrganizationId, &'static str> {
    let mut values = headers.get_all(ORGANIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Err("X-Organization-Id is missing: send the organization's UUID"),
        (Some(_), Some(_)) => Err("X-Organization-Id is there more than once: send it once"),
        (Some(value), None) => value
            .to_str()
            .ok()
            .and_then(OrganizationId::parse)
            .ok_or("X-Organization-Id is no UUID: write it as 36 characters with dashes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_request_id_that_may_stand_in_a_log_is_kept_and_any_other_replaced() {
        assert_eq!(request_id(&headers(REQUEST_ID, &["bff-42.7"])), "bff-42.7");
        for wrong in ["", "a b", "a\"b", &"x".repeat(129)] {
            assert_ne!(request_id(&headers(REQUEST_ID, &[wrong])), wrong);
        }
    }

    #[test]
    fn a_trace_context_is_passed_on_and_a_broken_or_doubled_one_replaced() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let told = |values: &[&str]| {
            let span = RequestSpan::begin(parent(&headers("traceparent", values)));
            Ids::of(&HeaderMap::new(), &span).traceparent
        };
        assert_eq!(told(&[good]), good);
        for wrong in [&[][..], &[""], &["00-0-0-01"], &[&good.to_uppercase()], &[good, good]] {
            let made = told(wrong);
            assert_ne!(made, good);
            assert_eq!(told(&[&made]), made);
        }
    }

    #[test]
    fn the_organization_is_one_uuid() {
        let id = "0190A3B4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
        assert_eq!(organization(&headers(ORGANIZATION, &[id])).unwrap().to_string(), id.to_lowercase());
        for wrong in [&[][..], &[id, id], &["x"], &[""], &["0190a3b47c2d7e1f8a9b0c1d2e3f4a5b"]] {
            assert!(organization(&headers(ORGANIZATION, wrong)).is_err(), "{wrong:?}");
        }
    }
}
