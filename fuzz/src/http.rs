//! Requests: whatever comes in, the answer has a documented status and form, no fault of ours in it, and no value of
//! the request in a message.
//!
//! An input is written as HTTP/1.1 writes a request, without the version: method and target, headers, an empty line, the
//! body. Lines end with `\n`. Several requests, one after the other on one service, have a line of `%%` between them.

use super::canary;
use super::service;
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt;
use serde_json::Value;
use std::cell::RefCell;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// Between the requests of an input.
const SEPARATOR: &[u8] = b"\n%%\n";
/// Most requests of an input.
const REQUESTS_MAX: usize = 4;
/// So many inputs share a service: a new one costs as much as many requests, and its store grows.
const INPUTS_MAX: usize = 2_000;
/// Every status that is documented.
const STATUSES: [u16; 14] = [200, 204, 304, 400, 401, 404, 405, 406, 408, 413, 414, 415, 429, 503];
/// Codes that would be a fault of ours, or of the store, and with which nothing here is answered.
const FAULTS: [&str; 4] = ["INTERNAL", "UNREADABLE", "STORE_UNAVAILABLE", "TIMEOUT"];

/// Headers in which a client finds its own ids again.
const ECHOED: [&str; 2] = ["x-request-id", "traceparent"];

struct Service {
    routes: Router,
    runtime: Runtime,
    inputs: usize,
    _folder: TempDir,
}

thread_local! {
    static SERVICE: RefCell<Option<Service>> = const { RefCell::new(None) };
}

/// Takes one input.
pub fn run(input: &[u8]) {
    SERVICE.with_borrow_mut(|service| {
        let used = service.take_if(|service| service.inputs >= INPUTS_MAX);
        drop(used);
        let service = service.get_or_insert_with(Service::new);
        service.inputs += 1;
        for request in parts(input).into_iter().take(REQUESTS_MAX) {
            if let Some(request) = read(request) {
                service.judge(request);
            }
        }
    });
}

fn parts(input: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), input);
    while let Some(at) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

/// The request, if a server could have read it as one.
fn read(input: &[u8]) -> Option<Request<Body>> {
    let (head, body) = match input.windows(2).position(|window| window == b"\n\n") {
        Some(at) => (&input[..at], &input[at + 2..]),
        None => (input, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (method, target) = first.split_once(' ')?;
    let mut request = Request::new(Body::from(body.to_vec()));
    *request.method_mut() = Method::from_bytes(method.as_bytes()).ok()?;
    *request.uri_mut() = target.parse::<Uri>().ok().filter(|uri| uri.path().starts_with('/'))?;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        request.headers_mut().append(name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?);
    }
    Some(request)
}

impl Service {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let (registry, folder) = service::registry();
        let routes = runtime.block_on(async { service::routes(registry) });
        Self { routes, runtime, inputs: 0, _folder: folder }
    }

    fn judge(&self, request: Request<Body>) {
        let is_graphql = request.uri().path() == "/graphql";
        let is_head = request.method() == Method::HEAD;
        let (status, headers, body) = self.runtime.block_on(async {
            let Ok(answer) = self.routes.clone().oneshot(request).await;
            let (parts, body) = answer.into_parts();
            let Ok(body) = body.collect().await else { panic!("a body that breaks off") };
            (parts.status, parts.headers, body.to_bytes())
        });
        assert!(STATUSES.contains(&status.as_u16()), "status {status}");
        for (_, value) in headers.iter().filter(|(name, _)| !ECHOED.contains(&name.as_str())) {
            canary::told(&String::from_utf8_lossy(value.as_bytes()));
        }
        if is_head {
            assert!(body.is_empty(), "a body in the answer to HEAD");
        } else if is_graphql && !body.is_empty() {
            graphql(status, &headers, &body);
        }
    }
}

/// The answer of the GraphQL endpoint: one, or those of a batch.
fn graphql(status: StatusCode, headers: &HeaderMap, body: &[u8]) {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(media.starts_with("application/") && media.contains("json"), "an answer as {media:?}");
    match serde_json::from_slice(body).expect("an answer is JSON") {
        Value::Array(answers) => answers.iter().for_each(|answer| one(status, answer)),
        answer => one(status, &answer),
    }
}

fn one(status: StatusCode, answer: &Value) {
    let members = answer.as_object().expect("an answer is an object");
    assert!(members.contains_key("data") || members.contains_key("errors"), "an answer without a word");
    if status != StatusCode::OK {
        assert!(members.get("data").is_none_or(Value::is_null), "data with status {status}");
    }
    let Some(errors) = members.get("errors") else { return };
    let errors = errors.as_array().expect("errors are a list");
    assert!(!errors.is_empty(), "an empty list of errors");
    for error in errors {
        canary::told(error["message"].as_str().expect("a message is text"));
        let code = error["extensions"]["code"].as_str().expect("an error has a code");
        assert!(!FAULTS.contains(&code), "{error}");
        if !members.contains_key("data") {
            // Nothing was executed, so nothing of the request may be in it but its own id.
            let mut error = error.clone();
            error["extensions"]["requestId"].take();
            canary::told(&error.to_string());
        }
    }
}
