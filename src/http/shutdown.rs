//! Serving HTTP/1.1, over TLS or without, and leaving without a lost request. On the signal `/readyz` turns to 503 while
//! requests are still taken, so that load balancers turn away first, and each answer ends its connection, so that pools
//! do; then nothing new is accepted, idle connections are closed, and running requests may end within a grace.

use super::handshake::Tls;
use super::peer::Peer;
use super::requests::{Begun, answered};
use axum::Router;
use futures::FutureExt;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

pub use super::signals::{hangups, signals};

#[cfg(test)]
mod tests;

/// From the end of one request to the end of the next one's headers: slow senders end here, and connections that
/// nobody uses. Longer than the minute for which common load balancers keep a connection, so that they close first.
const NEXT_REQUEST_WITHIN: Duration = Duration::from_secs(75);

/// When nothing is accepted any more, so long a head may still take that has begun to come on a connection without any
/// request: what is not a request by then holds up nobody.
const LAST_HEAD_WITHIN: Duration = Duration::from_secs(1);

/// So many connections may wait to be accepted: what tokio asks of the machine.
const BACKLOG: usize = 1024;

/// A token of 16 KiB fits four times.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// Whether the service has been told to leave. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on this replica wants no new requests.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it wants no new requests.
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// How a server leaves.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Set when the signal comes; `/readyz` reads it.
    pub draining: Draining,
    /// How long requests are still taken after the signal.
    pub drain: Duration,
    /// How long running requests then have to end.
    pub grace: Duration,
    last_head: Duration,
}

impl Leaving {
    /// By these times.
    pub fn new(draining: Draining, drain: Duration, grace: Duration) -> Self {
        Self { draining, drain, grace, last_head: LAST_HEAD_WITHIN }
    }
}

/// Serves until `signal` ends, then leaves. Returns how many connections were cut in the middle of a request.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    signal: impl Future<Output = ()>,
    leaving: Leaving,
) -> usize {
    let (close, closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(async {
        signal.await;
        leaving.draining.begin();
        tokio::time::sleep(leaving.drain).await;
    });
    let begin = |(stream, address): (TcpStream, SocketAddr)| {
        let served = Served { router: router.clone(), peer: Peer::at(address), leaving: leaving.clone() };
        connection(stream, tls.clone(), served, closing.clone())
    };
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = next_connection(|| listener.accept()) => {
                connections.spawn(begin(accepted));
            }
            Some(ended) = connections.join_next() => note(ended),
        }
    }
    // Whom the machine has let in already may have sent a request.
    for _ in 0..BACKLOG {
        let Some(Ok(accepted)) = listener.accept().now_or_never() else { break };
        connections.spawn(begin(accepted));
    }
    drop(listener);
    drop(close);
    finish(connections, leaving.grace).await
}

/// Waits for the connections at most that long, and cuts the rest.
async fn finish(mut connections: JoinSet<()>, grace: Duration) -> usize {
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            note(ended);
        }
    };
    if tokio::time::timeout(grace, all_ended).await.is_ok() {
        return 0;
    }
    let cut = connections.len();
    tracing::warn!(cut, "requests were cut, they had not ended within SHUTDOWN_TIMEOUT");
    connections.shutdown().await;
    cut
}

/// What a connection is served, and where it comes from.
struct Served {
    router: Router,
    peer: Peer,
    leaving: Leaving,
}

/// One connection. Its handshake is its own affair: no other connection waits for it, and when all are to close it has
/// no longer than a last head, for its request may be on its way.
async fn connection(stream: TcpStream, tls: Option<Tls>, served: Served, mut closing: watch::Receiver<()>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let Some(tls) = tls else { return requests(stream, served, closing).await };
    let secured = tokio::select! {
        secured = tls.secure(stream) => secured,
        () = async {
            // Nothing is ever sent: the sender goes when all are to close.
            drop(closing.changed().await);
            tokio::time::sleep(served.leaving.last_head).await;
        } => None,
    };
    if let Some(stream) = secured {
        requests(stream, served, closing).await;
    }
}

/// The requests of a connection, until it ends by itself or, once all are to close, after the present one.
async fn requests<S: AsyncRead + AsyncWrite + Unpin + 'static>(
    stream: S,
    Served { router, peer, leaving }: Served,
    mut closing: watch::Receiver<()>,
) {
    let begun = Begun::default();
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(NEXT_REQUEST_WITHIN)
        .max_header_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), answered(router, peer, leaving.draining, begun.clone()));
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        // Nothing is ever sent: the sender goes when all are to close.
        _ = closing.changed() => {
            serving.as_mut().graceful_shutdown();
            tokio::select! {
                biased;
                ended = serving.as_mut() => ended,
                () = begun.has_come() => serving.await,
                () = tokio::time::sleep(leaving.last_head) => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn note(ended: Result<(), JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        tracing::error!("a connection ended in a panic");
    }
}

/// The next connection. What ails the machine (too many open files, no memory) is waited out: ending the server for
/// it would turn a shortage into an outage.
async fn next_connection<S, F: Future<Output = io::Result<S>>>(accept: impl Fn() -> F) -> S {
    let mut pause = Duration::from_millis(10);
    loop {
        match accept().await {
            Ok(stream) => return stream,
            Err(error) if is_the_clients(&error) => {
                tracing::debug!(%error, "a client left before it was served")
            }
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted now; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
