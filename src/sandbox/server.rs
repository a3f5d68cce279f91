//! A running sandbox server: loopback only, stopped gracefully and within a bound.

use super::drive::{Connection, Drive};
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

/// How long open requests may still take once the server shall stop.
const GRACE: Duration = Duration::from_secs(2);

/// The pause after a connection could not be accepted (too many open files), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running server. Dropping it stops the server too, without waiting for it.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Its base URL, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, lets open requests end for two seconds, and closes what is left then.
    pub async fn stop(self) {
        // Where nobody listens any more, the server has ended already.
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a sandbox server did not end as it should");
        }
    }
}

/// Serves the routes at a loopback address, as they are driven; port 0 takes a free one.
pub(super) async fn start(routes: Router, drive: Drive, address: SocketAddr) -> io::Result<Running> {
    if !address.ip().to_canonical().is_loopback() {
        let message =
            format!("a sandbox server listens on loopback only (127.0.0.1 or [::1]), not on {address}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, routes, drive, stopped));
    Ok(Running { address, stop, task })
}

async fn serve(listener: TcpListener, routes: Router, drive: Drive, mut stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Also when the sender is dropped.
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let accepted = drive.connected();
                    connections.spawn(connection(stream, accepted, routes.clone(), graceful.watcher()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a sandbox server could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(ended) = connections.join_next() => if let Err(error) = ended {
                tracing::error!(%error, "a request to a sandbox server failed");
            },
        }
    }
    drop(listener);
    drive.release();
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::debug!(open = connections.len(), "a sandbox server closes connections that did not end");
    }
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, accepted: Connection, routes: Router, watcher: Watcher) {
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(accepted.clone());
        routes.call(request)
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        // The other side went away, or spoke no HTTP.
        tracing::debug!(%error, "a connection to a sandbox server ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;

    /// Not 127.0.0.1, so that no other test can take a port that was just freed.
    const ANY: &str = "127.0.0.7:0";

    fn routes() -> Router {
        Router::new().route("/", get(|| async { "here" }))
    }

    async fn ask(address: SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_stopped_server_frees_its_address() {
        let first = start(routes(), Drive::default(), ANY.parse().unwrap()).await.unwrap();
        assert!(ask(first.address).await.ends_with("here"));
        assert_eq!(first.url(), format!("http://{}", first.address));
        let address = first.address;
        first.stop().await;
        assert!(TcpStream::connect(address).await.is_err());
        let second = start(routes(), Drive::default(), address).await.unwrap();
        assert!(ask(address).await.ends_with("here"));
        second.stop().await;
    }

    #[tokio::test]
    async fn stopping_ends_although_a_request_never_does() {
        let begun = Arc::new(Notify::new());
        let handler = {
            let begun = Arc::clone(&begun);
            move || {
                begun.notify_one();
                std::future::pending::<()>()
            }
        };
        let running = start(Router::new().route("/", get(handler)), Drive::default(), ANY.parse().unwrap())
            .await
            .unwrap();
        let hung = tokio::spawn(ask(running.address));
        begun.notified().await;
        let mut half = TcpStream::connect(running.address).await.unwrap();
        half.write_all(b"GET / HT").await.unwrap();
        running.stop().await;
        assert_eq!(hung.await.unwrap(), "");
        assert_eq!(half.read(&mut [0; 1]).await.unwrap_or(0), 0);
    }

    #[tokio::test]
    async fn only_loopback_is_served() {
        for outside in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
            let error = start(routes(), Drive::default(), outside.parse().unwrap()).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{outside}");
            assert!(error.to_string().contains("loopback"), "{error}");
        }
    }
}
