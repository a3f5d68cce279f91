//! One server behind the load balancer: whether it is ready, and the connections to it.

use super::super::super::apart;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONNECTION, TRANSFER_ENCODING};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Between two questions whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// What it said when it was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Asked {
    Never,
    Ready,
    NotReady,
}

/// What became of a request.
pub(super) enum Sent {
    Answered(Response<Full<Bytes>>),
    /// Nothing of it was sent.
    Unsent(Request<Full<Bytes>>),
    /// It was sent, and there is no answer: nobody knows whether it was carried out.
    Lost(String),
}

pub(in super::super) struct Backend {
    /// Host and port.
    address: String,
    asked: Arc<Mutex<Asked>>,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    answers: AtomicUsize,
    connections: AtomicUsize,
    asking: JoinHandle<()>,
}

impl Backend {
    /// It is asked from now on.
    pub(super) fn new(base: &str) -> Arc<Self> {
        let asked = Arc::new(Mutex::new(Asked::Never));
        let asking = apart::go_on(keep_asking(format!("{base}/readyz"), asked.clone()));
        Arc::new(Self {
            address: base.trim_start_matches("http://").to_owned(),
            asked,
            idle: Mutex::default(),
            answers: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            asking,
        })
    }

    /// What it said when it was asked last.
    pub(in super::super) fn asked(&self) -> Asked {
        *self.asked.lock().unwrap()
    }

    /// From now on it is taken for what it was when it was asked last.
    pub(super) fn stop_asking(&self) {
        self.asking.abort();
    }

    /// How many requests it has answered.
    pub(in super::super) fn answers(&self) -> usize {
        self.answers.load(Ordering::SeqCst)
    }

    /// How many connections were made to it for them.
    pub(in super::super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Sends a request, over a connection that is there or over a new one.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Sent {
        let mut connection = match self.kept() {
            Some(connection) => connection,
            None => match self.connect().await {
                Ok(connection) => connection,
                Err(_) => {
                    // As good as not ready, until it is asked again.
                    *self.asked.lock().unwrap() = Asked::NotReady;
                    return Sent::Unsent(request);
                }
            },
        };
        let answer = match connection.try_send_request(request).await {
            Ok(answer) => answer,
            Err(mut error) => {
                return match error.take_message() {
                    Some(request) => Sent::Unsent(request),
                    None => Sent::Lost(format!("{}: {}", self.address, error.into_error())),
                };
            }
        };
        let (mut head, body) = answer.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return Sent::Lost(format!("{}: half an answer: {error}", self.address)),
        };
        self.answers.fetch_add(1, Ordering::SeqCst);
        // Not where the answer has ended it.
        if connection.ready().await.is_ok() {
            self.idle.lock().unwrap().push(connection);
        }
        for own in [CONNECTION, TRANSFER_ENCODING] {
            head.headers.remove(own);
        }
        Sent::Answered(Response::from_parts(head, Full::new(body)))
    }

    /// The connection that was used last, of those that are still good.
    fn kept(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.lock().unwrap();
        std::iter::from_fn(|| idle.pop()).find(SendRequest::is_ready)
    }

    async fn connect(&self) -> io::Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (connection, at_work) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        self.connections.fetch_add(1, Ordering::SeqCst);
        // What ends it is told to whoever sends by it.
        apart::go_on(async move { drop(at_work.await) });
        Ok(connection)
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

async fn keep_asking(url: String, asked: Arc<Mutex<Asked>>) {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    loop {
        let answer = client.get(&url).send().await;
        let is_ready = answer.is_ok_and(|answer| answer.status() == 200);
        *asked.lock().unwrap() = if is_ready { Asked::Ready } else { Asked::NotReady };
        tokio::time::sleep(ASK_EVERY).await;
    }
}
