//! Why something is no GraphQL request at all.

use super::accept::Media;
use super::reply::{self, Reply};
use axum::http::StatusCode;

/// Why something is no GraphQL request; nothing of it is repeated.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// 400: the client can mend it.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn reply(self, media: Media) -> Reply {
        reply::bad_request(media, self.status, &self.message)
    }
}
