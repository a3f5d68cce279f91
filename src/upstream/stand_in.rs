//! A server for tests of the clients: on loopback, it answers as the test says and keeps what it was asked.

use super::Limits;
use crate::registry::ports::access::{Asked, Identity, Organizations};
use crate::registry::ports::call::Call;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use futures::stream::{self, StreamExt};
use secrecy::SecretString;
use serde_json::Value;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use url::Url;

/// Long enough to never be what a test is about.
pub(crate) const PATIENT: Duration = Duration::from_secs(60);
/// For the tests that are about running out of time.
pub(crate) const IMPATIENT: Duration = Duration::from_millis(50);
/// What no error, log or `Debug` may show.
pub(crate) const TOKEN: &str = "e30.e30.dGhlLXNlY3JldC1zaWduYXR1cmU";
pub(crate) const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// How it is answered.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Whole {
        status: u16,
        content_type: Option<&'static str>,
        body: Vec<u8>,
    },
    /// With this `Location`.
    Redirect(u16, &'static str),
    /// Status 200, and the connection ends in the middle of the body.
    BrokenOff,
    /// Status 200, and the body never ends.
    Stuck,
    /// Not at all.
    Never,
}

/// A body of JSON with its content type.
pub(crate) fn json(status: u16, body: &Value) -> Reply {
    Reply::Whole { status, content_type: Some("application/json"), body: body.to_string().into_bytes() }
}

/// Any body with any content type.
pub(crate) fn raw(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Reply {
    Reply::Whole { status, content_type: Some(content_type), body: body.into() }
}

/// The beginning of a permission; what follows decides.
const BEGINNING: &str = r#"{"authorized": true, "#;

impl Reply {
    async fn into_response(self) -> Response {
        let response = Response::builder();
        let beginning = stream::iter([Ok::<_, io::Error>(BEGINNING)]);
        let as_json = Response::builder().header(header::CONTENT_TYPE, "application/json");
        match self {
            Self::Whole { status, content_type, body } => {
                let response = response.status(status);
                match content_type {
                    Some(content_type) => response.header(header::CONTENT_TYPE, content_type),
                    None => response,
                }
                .body(Body::from(body))
            }
            Self::Redirect(status, location) => {
                response.status(status).header(header::LOCATION, location).body(Body::empty())
            }
            Self::BrokenOff => {
                let end = stream::iter([Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
                as_json.body(Body::from_stream(beginning.chain(end)))
            }
            Self::Stuck => as_json.body(Body::from_stream(beginning.chain(stream::pending()))),
            Self::Never => std::future::pending().await,
        }
        .unwrap()
    }

    /// The attempt's time-out to test this with.
    pub(crate) fn attempt_timeout(&self) -> Duration {
        if matches!(self, Self::Never | Self::Stuck) { IMPATIENT } else { PATIENT }
    }
}

/// The server; it ends with the test.
pub(crate) struct StandIn {
    pub(crate) base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Answers everything like this.
    pub(crate) async fn always(reply: Reply) -> Self {
        Self::start(move |_| std::future::ready(reply.clone())).await
    }

    /// Answers each request as this function says.
    pub(crate) async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(Seen) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let router = axum::Router::new().fallback(move |request: Request<Body>| async move {
            let (parts, body) = request.into_parts();
            let line = format!("{} {}", parts.method, parts.uri);
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let request = Seen { line, headers: parts.headers, body };
            kept.lock().unwrap().push(request.clone());
            answer(request).await.into_response().await
        });
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, seen, server }
    }

    /// What it was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An address where nobody listens, as long as the socket is kept.
pub(crate) fn nobody() -> (TcpSocket, Url) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let base = Url::parse(&format!("http://{}", socket.local_addr().unwrap())).unwrap();
    (socket, base)
}

/// A call by someone with [`TOKEN`] and time enough.
pub(crate) fn call(asked_as: Asked) -> Call {
    Call {
        identity: Identity {
            token: Some(SecretString::from(TOKEN)),
            subject: "lerian/7f3c".to_owned(),
            expires: None,
            asked_as,
            organizations: Organizations::Any,
        },
        request_id: "request-1".to_owned(),
        traceparent: TRACEPARENT.to_owned(),
        client_address: None,
        deadline: Instant::now().into_std() + PATIENT,
    }
}

/// The bounds of a client that makes one attempt, with this time for it.
pub(crate) fn limits(attempt_timeout: Duration) -> Limits {
    Limits { connect_timeout: PATIENT, attempt_timeout, retries: 0, ..Limits::default() }
}

/// Lets so much time go by at once, for whatever goes by the runtime's clock.
pub(crate) async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
