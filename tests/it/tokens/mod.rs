//! Tokens where keys are configured: which are taken, which are refused, and what happens when the key server does not
//! do what it should.

mod corpus;
mod key_file;
mod key_servers;
mod organizations;
mod refused_settings;
#[path = "../../../src/access/signer.rs"]
mod signer;

use crate::app::{Answer, App, send};
use axum::Router;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const READ: &str = "{ holder(id: \"0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b\") { id } }";

/// A server of the test's own, on loopback.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// An Access Manager that allows everything to everybody: so what it is not asked, something else has refused.
async fn yes_man() -> (String, Arc<AtomicUsize>) {
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = asked.clone();
    let allow = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { axum::Json(json!({"authorized": true})) }
    };
    let health = get(|| async { "healthy" });
    (serve(Router::new().route("/v1/authorize", post(allow)).route("/health", health)).await, asked)
}

/// What a key server answers.
#[derive(Clone)]
struct Reply {
    status: u16,
    content_type: &'static str,
    location: Option<String>,
    body: String,
}

impl Reply {
    fn keys(keys: &[Value]) -> Self {
        Self::of(200, "application/json", json!({ "keys": keys }).to_string())
    }

    fn of(status: u16, content_type: &'static str, body: String) -> Self {
        Self { status, content_type, location: None, body }
    }

    fn down() -> Self {
        Self::of(503, "text/plain", "down for today".to_owned())
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let response = Response::builder().status(self.status).header(CONTENT_TYPE, self.content_type);
        let response = match self.location {
            Some(location) => response.header(LOCATION, location),
            None => response,
        };
        response.body(self.body.into()).unwrap()
    }
}

/// A key server that answers as the test says.
struct KeyServer {
    url: String,
    reply: Arc<Mutex<Reply>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    async fn start(reply: Reply) -> Self {
        let (reply, asked) = (Arc::new(Mutex::new(reply)), Arc::new(AtomicUsize::new(0)));
        let (says, count) = (reply.clone(), asked.clone());
        let answer = move || {
            count.fetch_add(1, Ordering::SeqCst);
            let reply = says.lock().unwrap().clone();
            async move { reply }
        };
        let url = format!("{}/jwks.json", serve(Router::new().route("/jwks.json", get(answer))).await);
        Self { url, reply, asked }
    }

    fn says(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64
}

/// A person's claims, changed so; a null takes one away.
fn claims(changes: Value) -> Value {
    let mut claims = json!({"type": "normal-user", "owner": "lerian", "sub": "7f3c0a52", "exp": now() + 600});
    for (name, value) in changes.as_object().unwrap() {
        let claims = claims.as_object_mut().unwrap();
        match value {
            Value::Null => claims.remove(name),
            value => claims.insert(name.clone(), value.clone()),
        };
    }
    claims
}

/// A request with these values of Authorization and no other.
fn with(request: RequestBuilder, values: &[&str]) -> RequestBuilder {
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.headers_mut().remove(AUTHORIZATION);
    for value in values {
        request.headers_mut().append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    RequestBuilder::from_parts(client, request)
}

/// The answer to a query, by this token.
async fn ask(app: &App, token: &str, query: &str) -> Answer {
    send(with(app.request(query, json!({})), &[&format!("Bearer {token}")])).await
}

async fn read(app: &App, token: &str) -> Answer {
    ask(app, token, READ).await
}

fn assert_taken(answer: &Answer, what: &str) {
    assert_eq!((answer.status, &answer.body), (200, &json!({"data": {"holder": null}})), "{what}");
}

fn assert_only_errors(answer: &Answer, what: &str) {
    let keys: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["errors"], "{what}: {}", answer.body);
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{what}: {}", answer.body);
    assert_eq!(answer.headers["www-authenticate"], "Bearer", "{what}");
    assert_eq!(answer.body["errors"][0]["extensions"]["retryable"], json!(false), "{what}");
    assert_only_errors(answer, what);
}

fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.code()), (503, "AUTHORIZATION_UNAVAILABLE"), "{what}: {}", answer.body);
    assert_eq!(answer.body["errors"][0]["extensions"]["retryable"], json!(true), "{what}");
    assert_eq!(answer.headers["retry-after"], "2", "{what}");
    assert_only_errors(answer, what);
}
