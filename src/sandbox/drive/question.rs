//! What Access Manager is asked, read beforehand so that a question is in the log while its answer still hangs.

use super::super::access_manager::AUTHORIZE_PATH;
use super::calls::short;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::Method;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

/// What is longer no server of the sandbox takes, so it is no question either.
const MOST: usize = 64 * 1024;

/// May this subject do that? As it was sent; the server may refuse it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Question {
    sub: String,
    resource: String,
    action: String,
    #[serde(default)]
    product: Option<String>,
}

/// The request as it was, its body read up to a bound, and the question where it is one. To have read the body is also
/// what lets the connection notice that a client goes away while it is kept waiting.
pub(super) async fn read(request: Request) -> (Request, Option<Question>) {
    let (parts, body) = request.into_parts();
    let (read, body) = beginning(body).await;
    let asks = parts.method == Method::POST && parts.uri.path() == AUTHORIZE_PATH;
    let asks = asks && read.len() <= MOST;
    let question = if asks { serde_json::from_slice(&read).ok().map(shortened) } else { None };
    (Request::from_parts(parts, body), question)
}

/// What there is of the body up to the bound, and the whole body again.
async fn beginning(body: Body) -> (Bytes, Body) {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    let mut broken = None;
    while read.len() <= MOST && broken.is_none() {
        match stream.next().await {
            Some(Ok(bytes)) => read.extend_from_slice(&bytes),
            Some(Err(error)) => broken = Some(Err(error)),
            None => break,
        }
    }
    let read = Bytes::from(read);
    let again = stream::iter([Ok(read.clone())]).chain(stream::iter(broken)).chain(stream);
    (read, Body::from_stream(again))
}

fn shortened(question: Question) -> Question {
    let Question { sub, resource, action, product } = question;
    Question {
        sub: short(&sub),
        resource: short(&resource),
        action: short(&action),
        product: product.as_deref().map(short),
    }
}
