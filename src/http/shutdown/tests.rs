use super::*;
use crate::tls::tests::authority::Authority;
use crate::tls::tests::own_port;
use axum::Extension;
use axum::routing::get;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::atomic::AtomicUsize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

/// Far beyond what any test takes, so that it never decides one; a test that hangs fails by it.
const LONG: Duration = Duration::from_secs(60);

/// A server on a real socket: `/quick`, and `/slow`, which ends when it is told to.
struct Running {
    address: SocketAddr,
    draining: Draining,
    signal: oneshot::Sender<()>,
    slow_began: Arc<Notify>,
    slow_may_end: Arc<Notify>,
    server: JoinHandle<usize>,
}

async fn running(drain: Duration, grace: Duration) -> Running {
    running_with(None, drain, grace).await
}

async fn running_with(tls: Option<Tls>, drain: Duration, grace: Duration) -> Running {
    running_and_leaving(tls, Leaving::new(Draining::default(), drain, grace)).await
}

async fn running_and_leaving(tls: Option<Tls>, leaving: Leaving) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let draining = leaving.draining.clone();
    let (slow_began, slow_may_end) = (Arc::default(), Arc::default());
    let (began, may_end): (Arc<Notify>, Arc<Notify>) = (Arc::clone(&slow_began), Arc::clone(&slow_may_end));
    let flag = draining.clone();
    let router = Router::new()
        .route("/peer", get(async |Extension(Peer(address)): Extension<Peer>| format!("from {address}.")))
        .route("/quick", get(async move || if flag.has_begun() { "draining" } else { "serving" }))
        .route(
            "/slow",
            get(async move || {
                began.notify_one();
                may_end.notified().await;
                "slow but done"
            }),
        );
    let (signal, told) = oneshot::channel();
    let told = async move { told.await.unwrap() };
    let server = tokio::spawn(serve(listener, tls, router, told, leaving));
    Running { address, draining, signal, slow_began, slow_may_end, server }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

async fn ask(stream: &mut TcpStream, path: &str) {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await.unwrap();
}

/// Reads until the end of this body.
async fn answer(stream: &mut TcpStream, body: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(body) {
        let mut bytes = [0; 1024];
        let read = tokio::time::timeout(LONG, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    text
}

/// Reads what is left until the server closes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match tokio::time::timeout(LONG, stream.read_to_end(&mut bytes)).await.unwrap() {
        Ok(_) => bytes,
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => bytes,
        Err(error) => panic!("{error}"),
    }
}

async fn eventually(condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, waiting).await.unwrap();
}

async fn ended(server: JoinHandle<usize>) -> usize {
    tokio::time::timeout(LONG, server).await.unwrap().unwrap()
}

#[tokio::test]
async fn while_draining_requests_are_still_answered() {
    let running = running(Duration::from_secs(3600), LONG).await;
    let mut kept = running.connect().await;
    ask(&mut kept, "/quick").await;
    assert!(answer(&mut kept, "serving").await.starts_with("HTTP/1.1 200"));
    running.signal.send(()).unwrap();
    eventually(async || running.draining.has_begun()).await;
    ask(&mut kept, "/quick").await;
    answer(&mut kept, "draining").await;
    let mut new = TcpStream::connect(running.address).await.unwrap();
    ask(&mut new, "/quick").await;
    answer(&mut new, "draining").await;
    running.server.abort();
}

#[tokio::test]
async fn while_draining_each_answer_ends_its_connection_and_before_none_does() {
    let running = running(Duration::from_secs(3600), LONG).await;
    let mut kept = running.connect().await;
    for _ in 0..2 {
        ask(&mut kept, "/quick").await;
        let before = answer(&mut kept, "serving").await.to_lowercase();
        assert!(!before.contains("connection: close"), "{before}");
    }
    running.signal.send(()).unwrap();
    eventually(async || running.draining.has_begun()).await;
    for mut stream in [kept, TcpStream::connect(running.address).await.unwrap()] {
        ask(&mut stream, "/quick").await;
        let told = answer(&mut stream, "draining").await.to_lowercase();
        assert_eq!(told.matches("connection: close\r\n").count(), 1, "{told}");
        assert!(rest(&mut stream).await.is_empty());
    }
    running.server.abort();
}

#[tokio::test]
async fn half_a_head_holds_up_nobody() {
    let mut leaving = Leaving::new(Draining::default(), Duration::ZERO, Duration::from_secs(3600));
    leaving.last_head = Duration::from_millis(20);
    let running = running_and_leaving(None, leaving).await;
    let (mut first, mut second) = (running.connect().await, running.connect().await);
    ask(&mut second, "/quick").await;
    answer(&mut second, "serving").await;
    for stream in [&mut first, &mut second] {
        stream.write_all(b"GET /quick HTTP/1.1\r\nhost: te").await.unwrap();
    }
    // Whoever is answered afterwards knows that both halves were read: this thread serves all of them.
    let mut third = running.connect().await;
    ask(&mut third, "/quick").await;
    answer(&mut third, "serving").await;
    running.signal.send(()).unwrap();
    assert_eq!(ended(running.server).await, 0);
    assert!(rest(&mut first).await.is_empty());
    assert!(rest(&mut second).await.is_empty());
}

#[tokio::test]
async fn a_head_that_gets_complete_in_time_is_a_request_and_is_answered() {
    let mut leaving = Leaving::new(Draining::default(), Duration::ZERO, Duration::from_secs(3600));
    leaving.last_head = LONG;
    let running = running_and_leaving(None, leaving).await;
    let mut late = running.connect().await;
    late.write_all(b"GET /slow HTTP/1.1\r\nhost: te").await.unwrap();
    let mut other = running.connect().await;
    ask(&mut other, "/quick").await;
    answer(&mut other, "serving").await;
    running.signal.send(()).unwrap();
    eventually(async || TcpStream::connect(running.address).await.is_err()).await;
    late.write_all(b"st\r\n\r\n").await.unwrap();
    running.slow_began.notified().await;
    running.slow_may_end.notify_one();
    let told = answer(&mut late, "slow but done").await.to_lowercase();
    assert!(told.starts_with("http/1.1 200") && told.contains("connection: close"), "{told}");
    assert_eq!(ended(running.server).await, 0);
}

#[tokio::test]
async fn a_running_request_ends_before_the_server_does() {
    let running = running(Duration::ZERO, LONG).await;
    let mut slow = running.connect().await;
    ask(&mut slow, "/slow").await;
    running.slow_began.notified().await;
    running.signal.send(()).unwrap();
    // From here on nothing new is accepted.
    eventually(async || TcpStream::connect(running.address).await.is_err()).await;
    assert!(!running.server.is_finished());
    running.slow_may_end.notify_one();
    let text = answer(&mut slow, "slow but done").await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(rest(&mut slow).await.is_empty());
    assert_eq!(ended(running.server).await, 0);
}

#[tokio::test]
async fn idle_connections_are_closed_at_once() {
    let running = running(Duration::ZERO, Duration::from_secs(3600)).await;
    let mut fresh = running.connect().await;
    let mut used = running.connect().await;
    ask(&mut used, "/quick").await;
    answer(&mut used, "serving").await;
    running.signal.send(()).unwrap();
    assert_eq!(ended(running.server).await, 0);
    assert!(rest(&mut fresh).await.is_empty());
    assert!(rest(&mut used).await.is_empty());
}

#[tokio::test]
async fn a_request_that_hangs_is_cut_after_the_grace() {
    let running = running(Duration::ZERO, Duration::from_millis(20)).await;
    let (mut one, mut two) = (running.connect().await, running.connect().await);
    ask(&mut one, "/slow").await;
    running.slow_began.notified().await;
    ask(&mut two, "/slow").await;
    running.slow_began.notified().await;
    running.signal.send(()).unwrap();
    assert_eq!(ended(running.server).await, 2);
    assert!(rest(&mut one).await.is_empty());
    assert!(rest(&mut two).await.is_empty());
}

#[tokio::test]
async fn headers_beyond_the_limits_are_refused() {
    let running = running(Duration::ZERO, LONG).await;
    let large = format!("x-large: {}\r\n", "a".repeat(MAX_HEADER_BYTES));
    let many: String = (0..101).map(|i| format!("x-{i}: a\r\n")).collect();
    let token = format!("authorization: Bearer {}\r\n", "a".repeat(16 * 1024));
    for (headers, status) in [(large, "431"), (many, "431"), (token, "200")] {
        let mut stream = running.connect().await;
        let request = format!("GET /quick HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let text = String::from_utf8(rest(&mut stream).await).unwrap();
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{text}");
    }
    running.server.abort();
}

/// A client that trusts this authority.
fn connector(authority: &Authority) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.path("ca.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

fn tls() -> (Authority, Tls) {
    let authority = Authority::new();
    authority.sign("server", "subjectAltName=IP:127.0.0.1");
    let tls = Tls::new(own_port(&authority, "server").unwrap());
    (authority, tls)
}

#[tokio::test]
async fn a_connection_over_tls_leaves_as_a_plain_one_does() {
    let (authority, tls) = tls();
    let running = running_with(Some(tls), Duration::ZERO, LONG).await;
    let secured = async || {
        let name = ServerName::from(running.address.ip());
        connector(&authority).connect(name, running.connect().await).await.unwrap()
    };
    let (mut slow, mut idle) = (secured().await, secured().await);
    let half = running.connect().await;
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    running.slow_began.notified().await;
    running.signal.send(()).unwrap();
    // Not cut off: the end of the connection is told as TLS tells it, else this is an error.
    assert_eq!(idle.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    assert!(!running.server.is_finished());
    running.slow_may_end.notify_one();
    let mut text = String::new();
    slow.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("slow but done"), "{text}");
    assert_eq!(ended(running.server).await, 0);
    drop(half);
}

/// Not a multi-threaded runtime: the recorder is that of this thread.
#[tokio::test]
async fn a_handshake_has_a_time_of_its_own() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (_authority, tls) = tls();
    let running = running_with(Some(tls.within(Duration::from_millis(20))), Duration::ZERO, LONG).await;
    for sent in [&b""[..], b"\x16\x03\x01"] {
        let mut stream = running.connect().await;
        stream.write_all(sent).await.unwrap();
        assert!(rest(&mut stream).await.is_empty());
    }
    let counted = "holdergraph_tls_handshake_failures_total{reason=\"timed_out\"} 2\n";
    assert!(handle.render().contains(counted), "{}", handle.render());
    running.server.abort();
}

#[tokio::test]
async fn a_shortage_is_waited_out() {
    let tries = AtomicUsize::new(0);
    let accept = || match tries.fetch_add(1, Ordering::SeqCst) {
        // EMFILE and ENFILE: too many open files.
        0 => Err(io::Error::from_raw_os_error(24)),
        1 => Err(io::Error::from_raw_os_error(23)),
        2 => Err(io::ErrorKind::ConnectionAborted.into()),
        _ => Ok("connected"),
    };
    let accept = || std::future::ready(accept());
    assert_eq!(next_connection(accept).await, "connected");
    assert_eq!(tries.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_request_knows_where_its_connection_comes_from_and_no_header_changes_that() {
    let running = running(Duration::ZERO, LONG).await;
    let mut stream = running.connect().await;
    let request = "GET /peer HTTP/1.1\r\nhost: test\r\nx-forwarded-for: 203.0.113.9\r\nforwarded: for=203.0.113.9\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let told = answer(&mut stream, ".").await;
    assert!(told.ends_with("from 127.0.0.1."), "{told}");
}

#[tokio::test]
async fn whom_the_machine_had_let_in_before_the_end_is_answered() {
    // Whether an accepted connection or the end is seen first is left to chance.
    for _ in 0..20 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        ask(&mut client, "/quick").await;
        let router = Router::new().route("/quick", get(async || "quick"));
        let leaving = Leaving::new(Draining::default(), Duration::ZERO, LONG);
        let server = tokio::spawn(serve(listener, None, router, std::future::ready(()), leaving));
        assert!(answer(&mut client, "quick").await.starts_with("HTTP/1.1 200"));
        assert_eq!(ended(server).await, 0);
    }
}
