//! Notices requests that a proxy has forwarded for somebody else. This service is internal: where such requests come,
//! somebody may have put it on the edge. They are served all the same, counted, and warned about once an hour.

use crate::telemetry::metrics::FORWARDED_REQUESTS;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What proxies write the client's address into.
const HEADERS: [&str; 2] = ["forwarded", "x-forwarded-for"];

const WARN_EVERY: Duration = Duration::from_secs(60 * 60);

/// When it was last warned.
#[derive(Debug, Default)]
struct Notice(Mutex<Option<Instant>>);

impl Notice {
    /// Whether it is time for a warning, which then counts as given.
    fn is_due(&self, now: Instant) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now.saturating_duration_since(last) >= WARN_EVERY);
        if due {
            *last = Some(now);
        }
        due
    }
}

/// The same routes, whose requests are looked at.
pub(super) fn noticed(routes: Router) -> Router {
    routes.layer(from_fn_with_state(Arc::new(Notice::default()), notice))
}

async fn notice(State(notice): State<Arc<Notice>>, request: Request, next: Next) -> Response {
    if let Some(header) = HEADERS.into_iter().find(|name| request.headers().contains_key(*name)) {
        metrics::counter!(FORWARDED_REQUESTS).increment(1);
        if notice.is_due(Instant::now()) {
            // Never the value: it is somebody's address.
            tracing::warn!(
                header,
                "a proxy forwards requests of others to this service: it must not be reachable from outside \
                 (told at most once an hour; holdergraph_forwarded_requests_total counts them)"
            );
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_warned_at_once_and_then_once_an_hour() {
        let (notice, began) = (Notice::default(), Instant::now());
        let due = |minutes: u64| notice.is_due(began + Duration::from_secs(60 * minutes));
        assert_eq!(
            [0, 0, 1, 59, 60, 61, 119, 120, 500].map(due),
            [true, false, false, false, true, false, false, true, true]
        );
    }

    #[test]
    fn a_clock_that_other_threads_have_read_later_does_no_harm() {
        let (notice, began) = (Notice::default(), Instant::now());
        assert!(notice.is_due(began + WARN_EVERY));
        assert!(!notice.is_due(began));
    }
}
