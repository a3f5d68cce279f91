//! A door in front of the sandbox's ledger that counts which accounts are asked about, and can be shut.

use crate::apart;
use crate::app::{App, PATIENCE};
use crate::calls::text;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The door.
pub(crate) struct Front {
    /// Its base URL.
    pub(crate) url: String,
    door: Arc<Door>,
    serving: JoinHandle<()>,
}

struct Door {
    ledger: String,
    client: reqwest::Client,
    asked: Mutex<Vec<String>>,
    is_shut: AtomicBool,
    /// Each question needs a connection of its own.
    hangs_up: AtomicBool,
    /// So many more questions about accounts are let through; all others wait.
    answers_left: AtomicUsize,
    waiting: AtomicUsize,
}

impl Front {
    /// In front of the ledger of a sandbox.
    pub(crate) fn of(app: &App) -> Self {
        let door = Arc::new(Door {
            ledger: text(&app.info, "/ledger").to_owned(),
            client: reqwest::Client::new(),
            asked: Mutex::default(),
            is_shut: AtomicBool::new(false),
            hangs_up: AtomicBool::new(false),
            answers_left: AtomicUsize::new(usize::MAX),
            waiting: AtomicUsize::new(0),
        });
        let listener = apart::wait(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(door.clone());
        let serving = apart::go_on(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, door, serving }
    }

    /// From now on it says 503, or lets everybody through again.
    pub(crate) fn shut(&self, shut: bool) {
        self.door.is_shut.store(shut, Ordering::SeqCst);
    }

    /// From now on it ends each connection after one answer.
    pub(crate) fn hang_up(&self) {
        self.door.hangs_up.store(true, Ordering::SeqCst);
    }

    /// Lets so many more questions about accounts through.
    pub(crate) fn answer_only(&self, more: usize) {
        self.door.answers_left.store(more, Ordering::SeqCst);
    }

    /// Waits until a question waits.
    pub(crate) fn wait_for_a_question(&self) {
        let began = Instant::now();
        while self.door.waiting.load(Ordering::SeqCst) == 0 {
            assert!(began.elapsed() < PATIENCE, "nobody asks");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The accounts that were asked about since the last look, sorted.
    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.door.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A question that waits, until it is let through or its client goes away.
struct Waits<'a>(&'a Door);

impl<'a> Waits<'a> {
    fn of(door: &'a Door) -> Self {
        door.waiting.fetch_add(1, Ordering::SeqCst);
        Self(door)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn pass(State(door): State<Arc<Door>>, uri: Uri, headers: HeaderMap) -> Response {
    if door.is_shut.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some((_, account)) = uri.path().split_once("/accounts/") {
        let left =
            || door.answers_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left().is_err() {
            let _waits = Waits::of(&door);
            while left().is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        door.asked.lock().unwrap().push(account.to_owned());
    }
    let mut request = door.client.get(format!("{}{uri}", door.ledger));
    if let Some(token) = headers.get(header::AUTHORIZATION) {
        request = request.header("Authorization", token.clone());
    }
    let answer = request.send().await.unwrap();
    let kind = answer.headers().get("Content-Type").cloned();
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let body = answer.bytes().await.unwrap();
    let mut response = (status, body).into_response();
    if door.hangs_up.load(Ordering::SeqCst) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
