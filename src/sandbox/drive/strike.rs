//! How a request is answered that a rule strikes.

use super::Wording;
use super::faults::{Release, Struck};
use super::rule::Kind;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use std::io;
use std::time::Duration;

/// What the query of a redirected request says, so that it finds the right answer.
const REDIRECTED: &str = "_sandbox=redirected";

/// More than any client should read of one answer.
const BIG: usize = 2 * 1024 * 1024;

const PIECE: usize = 64 * 1024;

/// Looks like a permission to whoever searches a text instead of reading JSON.
const GARBAGE: &str = "this is no JSON: {\"authorized\": true, \"id\": ";

/// Whether the request comes from a redirection of ours.
pub(super) fn is_redirected(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|part| part == REDIRECTED))
}

/// The answer. Where it takes its time, the end of the faults lets it go at once, rightly answered.
pub(super) async fn answer(struck: Struck, wording: Wording, request: Request, next: Next) -> Response {
    let Struck { kind, mut release } = struck;
    tracing::debug!(kind = kind.name(), "a sandbox server strikes a request, as it was told to");
    match kind {
        Kind::Status { status, retry_after } | Kind::Flap { status, retry_after } => {
            failure(wording, status, retry_after)
        }
        Kind::Delay { delay } => {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = release.ended() => {}
            }
            next.run(request).await
        }
        Kind::Hang => {
            release.ended().await;
            next.run(request).await
        }
        Kind::Garbage { status } => (final_status(status), [(CONTENT_TYPE, json())], GARBAGE).into_response(),
        Kind::Redirect { status } => {
            (final_status(status), [(LOCATION, redirection(request.uri()))]).into_response()
        }
        Kind::ContentType => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            with_header(next.run(request).await, CONTENT_TYPE, html)
        }
        Kind::Cut => cut(next.run(request).await).await,
        Kind::Big => big(next.run(request).await).await,
        Kind::Drip { delay } => drip(next.run(request).await, delay, release).await,
    }
}

fn failure(wording: Wording, status: u16, retry_after: Option<u64>) -> Response {
    let told = "the sandbox was told to fail: DELETE /_sandbox/faults ends it".to_owned();
    let response = wording(final_status(status), told).into_response();
    match retry_after {
        Some(seconds) => with_header(response, RETRY_AFTER, HeaderValue::from(seconds)),
        None => response,
    }
}

/// The rule was read within the bounds of a status.
fn final_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn json() -> HeaderValue {
    HeaderValue::from_static("application/json")
}

fn redirection(uri: &Uri) -> HeaderValue {
    let query = uri.query().map(|query| format!("{query}&")).unwrap_or_default();
    // What was a URI's path and query is a header's value too.
    HeaderValue::try_from(format!("{}?{query}{REDIRECTED}", uri.path()))
        .unwrap_or_else(|_| HeaderValue::from_static("/"))
}

/// The first half of the right answer, which says how long the whole would be.
async fn cut(response: Response) -> Response {
    let (response, body) = taken(response).await;
    // Of an empty body too something has to be missing.
    let whole = body.len().max(1);
    let half = body.slice(..body.len() / 2);
    let end = stream::once(async {
        // The connection writes out what it has before it polls again, and meets the end only then.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    streamed(response, Some(whole), stream::iter([Ok(half)]).chain(end))
}

/// Right, and valid JSON still; but who reads it whole has no bound.
async fn big(response: Response) -> Response {
    let (response, body) = taken(response).await;
    let space = Bytes::from(vec![b' '; PIECE]);
    let pieces = stream::iter(0..BIG / PIECE).map(move |_| Ok(space.clone()));
    streamed(response, None, pieces.chain(stream::iter([Ok(body)])))
}

async fn drip(response: Response, delay: Duration, release: Release) -> Response {
    let (response, body) = taken(response).await;
    let whole = body.len();
    let drops = stream::unfold((body, release, true), move |(mut rest, mut release, first)| async move {
        if rest.is_empty() {
            return None;
        }
        if !first {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = release.ended() => return Some((Ok(rest), (Bytes::new(), release, false))),
            }
        }
        let byte = rest.split_to(1);
        Some((Ok(byte), (rest, release, false)))
    });
    streamed(response, Some(whole), drops)
}

/// The answer without its body, and the body. The sandbox's own answers are whole in memory, so none breaks off.
async fn taken(response: Response) -> (Response, Bytes) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Response::from_parts(parts, Body::empty()), body)
}

/// The answer with this body instead, whole when it has this length.
fn streamed(
    mut response: Response,
    length: Option<usize>,
    body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Response {
    let headers = response.headers_mut();
    headers.remove(TRANSFER_ENCODING);
    headers.remove(CONTENT_LENGTH);
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = Body::from_stream(body);
    response
}

fn with_header(mut response: Response, name: HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().insert(name, value);
    response
}
