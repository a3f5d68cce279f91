//! Upstreams that break off, and upstreams that put marks where nobody may repeat them from.

use super::marks::MARK;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What an answer says after the request was read.
type Answers = Arc<dyn Fn(usize) -> String + Send + Sync>;

/// A server that answers each connection once, by its number; its address.
async fn serving(answers: Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let answer = answers(next.fetch_add(1, Ordering::Relaxed));
            tokio::spawn(answered(connection, answer));
        }
    });
    format!("http://{address}")
}

async fn answered(mut connection: TcpStream, answer: String) {
    let mut request = [0; 16_384];
    // A client that went away is no matter: what counts is what it says of it.
    let _ = connection.read(&mut request).await;
    let _ = connection.write_all(answer.as_bytes()).await;
    let _ = connection.shutdown().await;
}

/// Its answers end in their middle.
pub(super) async fn that_breaks_off() -> String {
    serving(Arc::new(|_| "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\": ".to_owned())).await
}

/// So many ways to lie there are.
pub(super) const LIES: usize = 8;

/// Its answers are none, one after the other, and full of marks.
pub(super) async fn that_lies() -> String {
    serving(Arc::new(|number| lie(number % LIES))).await
}

fn lie(number: usize) -> String {
    let told = format!(
        "{{\"id\": \"{MARK}\", \"holderId\": \"{MARK}\", \"title\": \"{MARK}\", \"message\": \"{MARK}\", \"code\": \"{MARK}\", \
         \"status\": {{\"code\": \"{MARK}\"}}, \"authorized\": \"{MARK}\", \"version\": \"{MARK}\"}}"
    );
    let json = |status: &str| answer(status, "application/json", "", &told);
    match number {
        0 => json("200 OK"),
        1 => json("400 Bad Request"),
        2 => json("404 Not Found"),
        3 => json(&format!("500 {MARK}")),
        4 => answer(
            "302 Found",
            "text/plain",
            &format!("Location: http://127.0.0.1:9/{MARK}?d={MARK}\r\n"),
            MARK,
        ),
        5 => answer("200 OK", &format!("text/{MARK}"), &format!("X-Said: {MARK}\r\n"), MARK),
        6 => answer("429 Slow", "application/json", &format!("Retry-After: {MARK}\r\n"), MARK),
        _ => format!("{MARK} {MARK}\r\n\r\n"),
    }
}

fn answer(status: &str, content_type: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}
