//! A load balancer as ordinary ones are: it asks each server again and again whether it is ready, sends requests in turn to
//! those that are, over connections that it keeps, and sends a request for a second time only where nothing of it was
//! sent the first time.

mod backend;
mod tests;

use super::super::apart;
use backend::Sent;
pub(super) use backend::{Asked, Backend};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// It, at work until it is dropped.
pub(super) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    backends: Mutex<Vec<Arc<Backend>>>,
    turn: AtomicUsize,
    /// How often a server took nothing of a request that was for it.
    sent_again: AtomicUsize,
    /// Requests that it could not have answered.
    failed: Mutex<Vec<String>>,
}

impl Proxy {
    /// Before no server yet.
    pub(super) fn new() -> Self {
        let state = Arc::new(State::default());
        let listener = apart::wait(async { TcpListener::bind("127.0.0.1:0").await.unwrap() });
        let address = listener.local_addr().unwrap();
        let task = apart::go_on(accept(listener, state.clone()));
        Self { address, state, task }
    }

    /// Where clients ask.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One more server, at this base URL; it gets no request before it is ready.
    pub(super) fn add(&self, base: &str) -> Arc<Backend> {
        let backend = Backend::new(base);
        self.state.backends.lock().unwrap().push(backend.clone());
        backend
    }

    /// Forgets a server.
    pub(super) fn remove(&self, backend: &Arc<Backend>) {
        self.state.backends.lock().unwrap().retain(|one| !Arc::ptr_eq(one, backend));
    }

    /// How often a request had to be sent to another server, since the first one took nothing of it.
    pub(super) fn sent_again(&self) -> usize {
        self.state.sent_again.load(Ordering::SeqCst)
    }

    /// Why requests were not answered by a server.
    pub(super) fn failed(&self) -> Vec<String> {
        self.state.failed.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        apart::go_on(serve(stream, state.clone()));
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let answered = service_fn(move |request| {
        let state = state.clone();
        async move { Ok::<_, Infallible>(state.answer(request).await) }
    });
    // A client that goes away is no fault of the servers'.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answered).await);
}

impl State {
    /// The answer of a server, or one that says that there is none.
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (mut head, body) = request.into_parts();
        let Ok(body) = body.collect().await else { return nothing(StatusCode::BAD_REQUEST) };
        // These are of one connection, and this request goes on by another one.
        for own in [CONNECTION, CONTENT_LENGTH] {
            head.headers.remove(own);
        }
        let mut request = Request::from_parts(head, Full::new(body.to_bytes()));
        loop {
            let Some(backend) = self.next() else {
                return self.failed("no server is ready", StatusCode::SERVICE_UNAVAILABLE);
            };
            match backend.send(request).await {
                Sent::Answered(answer) => return answer,
                Sent::Lost(why) => return self.failed(&why, StatusCode::BAD_GATEWAY),
                Sent::Unsent(again) => {
                    self.sent_again.fetch_add(1, Ordering::SeqCst);
                    request = again;
                }
            }
        }
    }

    /// The next in turn of those that are ready.
    fn next(&self) -> Option<Arc<Backend>> {
        let backends = self.backends.lock().unwrap();
        let ready: Vec<_> = backends.iter().filter(|backend| backend.asked() == Asked::Ready).collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        ready.get(turn % ready.len().max(1)).map(|backend| Arc::clone(backend))
    }

    fn failed(&self, why: &str, status: StatusCode) -> Response<Full<Bytes>> {
        self.failed.lock().unwrap().push(why.to_owned());
        nothing(status)
    }
}

fn nothing(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}
