//! A body that tells the log of calls when it was sent to its end, or that it was not.

use super::calls::Call;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body of a call that is under way until the last byte.
pub(super) struct Counted {
    body: Body,
    /// So much is still to come, where that is known.
    left: Option<u64>,
    call: Option<Call>,
}

impl Counted {
    /// This body, in an answer with these headers.
    pub(super) fn new(body: Body, headers: &HeaderMap, call: Call) -> Self {
        let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let mut counted = Self { left: told.or_else(|| body.size_hint().exact()), call: Some(call), body };
        if counted.body.is_end_stream() {
            counted.end();
        }
        counted
    }

    fn end(&mut self) {
        self.call.take().into_iter().for_each(Call::end);
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let (Some(Ok(frame)), Some(left)) = (&frame, &mut self.left) {
            let sent = frame.data_ref().map_or(0, Bytes::len);
            *left = left.saturating_sub(u64::try_from(sent).unwrap_or(u64::MAX));
        }
        match &frame {
            // With its last byte, not after it: then the client has it, and may have sent its next request.
            Some(Ok(_)) if self.left == Some(0) || self.body.is_end_stream() => self.end(),
            Some(Ok(_)) => {}
            // Broken off: the call is dropped before its end.
            Some(Err(_)) => self.call = None,
            None => self.end(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
