//! The load balancer does what it says: else what is proven by it would be proven of nothing.

use super::super::super::tls::eventually;
use super::{Asked, Proxy};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that is ready while it is told so, and answers with its name.
async fn server(name: &'static str) -> (String, Arc<AtomicBool>) {
    let ready = Arc::new(AtomicBool::new(true));
    let told = ready.clone();
    let readyz = get(async move || match told.load(Ordering::SeqCst) {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    });
    let router = Router::new().route("/readyz", readyz).route("/", post(async move || name));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (base, ready)
}

async fn ask(proxy: &Proxy) -> (u16, String) {
    let answer = reqwest::Client::new().post(proxy.url()).body("a").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn requests_go_in_turn_to_those_that_are_ready_over_connections_that_are_kept() {
    let proxy = Proxy::new();
    assert_eq!(ask(&proxy).await.0, 503);
    let ((one, one_ready), (two, _)) = (server("one").await, server("two").await);
    let (one, two) = (proxy.add(&one), proxy.add(&two));
    for backend in [&one, &two] {
        eventually("ready", async || backend.asked() == Asked::Ready).await;
    }
    for _ in 0..5 {
        assert_ne!(ask(&proxy).await, ask(&proxy).await);
    }
    assert_eq!((one.answers(), two.answers()), (5, 5));
    assert_eq!((one.connections(), two.connections()), (1, 1));
    one_ready.store(false, Ordering::SeqCst);
    eventually("not ready", async || one.asked() == Asked::NotReady).await;
    for _ in 0..3 {
        assert_eq!(ask(&proxy).await, (200, "two".to_owned()));
    }
    assert_eq!(proxy.sent_again(), 0);
    proxy.remove(&two);
    assert_eq!(ask(&proxy).await.0, 503);
    assert_eq!(proxy.failed().len(), 2, "{:?}", proxy.failed());
}

#[tokio::test]
async fn what_was_sent_and_not_answered_is_not_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let posts = Arc::new(AtomicUsize::new(0));
    let counted = posts.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).await.unwrap_or(0);
            if bytes[..read].starts_with(b"GET") {
                let ready = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                stream.write_all(ready).await.unwrap();
            } else {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let proxy = Proxy::new();
    let backend = proxy.add(&base);
    eventually("ready", async || backend.asked() == Asked::Ready).await;
    assert_eq!(ask(&proxy).await.0, 502);
    assert_eq!((posts.load(Ordering::SeqCst), proxy.failed().len()), (1, 1));
}

#[tokio::test]
async fn what_nobody_took_is_sent_to_another_server_and_counted() {
    let proxy = Proxy::new();
    let ((one, _), (two, _)) = (server("one").await, server("two").await);
    // Ready once, and not there any more when it is asked for the first time.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone_base = format!("http://{}", gone.local_addr().unwrap());
    let router = Router::new().route("/readyz", get(async || StatusCode::OK));
    let serving = tokio::spawn(async move { axum::serve(gone, router).await.unwrap() });
    let gone = proxy.add(&gone_base);
    eventually("ready", async || gone.asked() == Asked::Ready).await;
    gone.stop_asking();
    serving.abort();
    let _ = serving.await;
    for base in [&one, &two] {
        let backend = proxy.add(base);
        eventually("ready", async || backend.asked() == Asked::Ready).await;
    }
    for _ in 0..3 {
        assert_eq!(ask(&proxy).await.0, 200);
    }
    assert_eq!((proxy.sent_again(), gone.answers(), proxy.failed().len()), (1, 0, 0));
}
