//! The caller's trace context (W3C Trace Context), as its headers tell it.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use std::str::FromStr;

/// More of `tracestate` than the specification asks anyone to pass on is not passed on.
const TRACESTATE_MAX: usize = 512;

/// The span of a caller that a request belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent(pub(super) SpanContext);

impl Parent {
    /// What `traceparent` says; `None` where it is malformed, so that a new trace is begun. A malformed `tracestate`
    /// costs that header alone.
    pub fn read(traceparent: &str, tracestate: &str) -> Option<Self> {
        let parts: Vec<&str> = traceparent.split('-').collect();
        let ["00", trace, parent, flags] = parts.as_slice() else { return None };
        if ![(trace, 32), (parent, 16), (flags, 2)].iter().all(|(text, length)| is_hex(text, *length)) {
            return None;
        }
        let (trace, parent) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(parent).ok()?);
        let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
        let state = Some(tracestate).filter(|state| state.len() <= TRACESTATE_MAX && is_list(state));
        let state = state.and_then(|state| TraceState::from_str(state).ok()).unwrap_or_default();
        let context = SpanContext::new(trace, parent, flags, true, state);
        context.is_valid().then_some(Self(context))
    }
}

/// Upper case is malformed here.
fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether each member is a pair: the SDK would take one without a key, and lose part of a value with `=` in it.
fn is_list(state: &str) -> bool {
    let mut members = state.split(',').map(str::trim).filter(|member| !member.is_empty());
    members.all(|member| {
        let pair = member.split_once('=');
        pair.is_some_and(|(key, value)| !key.is_empty() && !value.is_empty() && !value.contains('='))
    })
}

/// The header that tells of this span.
pub(super) fn traceparent(context: &SpanContext) -> String {
    let (trace, span, flags) = (context.trace_id(), context.span_id(), context.trace_flags().to_u8());
    format!("00-{trace}-{span}-{flags:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_good_context_is_read_and_told_again_as_it_came() {
        let Parent(context) = Parent::read(GOOD, "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE").unwrap();
        assert_eq!(traceparent(&context), GOOD);
        assert_eq!(context.trace_state().header(), "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assert!(context.is_sampled() && context.is_remote());
        let Parent(unsampled) = Parent::read(&GOOD.replace("-01", "-00"), "").unwrap();
        assert!(!unsampled.is_sampled());
    }

    #[test]
    fn a_malformed_traceparent_is_no_parent() {
        for wrong in [
            "",
            "00-0-0-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            &GOOD.to_uppercase(),
            &format!("{GOOD}-x"),
            &GOOD.replace('4', "+"),
        ] {
            assert_eq!(Parent::read(wrong, "a=b"), None, "{wrong}");
        }
    }

    #[test]
    fn a_malformed_or_overlong_tracestate_costs_that_header_alone() {
        for wrong in ["no pair", "=x", "a=", "a==x", "UPPER=x", &format!("a={}", "b".repeat(600))] {
            let Parent(context) = Parent::read(GOOD, wrong).unwrap();
            assert_eq!(context.trace_state().header(), "", "{wrong}");
        }
    }
}
