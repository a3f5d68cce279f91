//! Access Manager's decisions, as a client meets them: what each of its answers comes to, who shares one, for how long
//! one is kept, and what personal data in clear needs.

mod kept;
mod manager;
mod outcomes;
mod personal;
mod shared;

use super::app::{Answer, App, send};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Settings of a service that asks this Access Manager and waits for as long as it takes.
fn patient<'a>(url: &'a str, cache_ttl: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("PLUGIN_AUTH_ADDRESS", url),
        ("AUTH_CACHE_TTL", cache_ttl),
        ("REQUEST_TIMEOUT", "2m"),
        ("UPSTREAM_CONNECT_TIMEOUT", "1m"),
        ("UPSTREAM_ATTEMPT_TIMEOUT", "1m"),
    ]
}

/// The answer to somebody with this token.
async fn answer_to(app: &App, token: &str, query: &str, variables: Value) -> Answer {
    send(request_by(app, token, query, variables)).await
}

fn request_by(app: &App, token: &str, query: &str, variables: Value) -> reqwest::RequestBuilder {
    let (client, request) = app.request(query, variables).build_split();
    let mut request = request.unwrap();
    request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().unwrap());
    reqwest::RequestBuilder::from_parts(client, request)
}

/// The same claims with another signature.
fn forged(token: &str) -> String {
    let (head, signature) = token.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    signature[0] ^= 1;
    format!("{head}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A number of the service's metrics; 0 where it is not there yet.
async fn metric(app: &App, line: &str) -> u64 {
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    let line = format!("{line} ");
    metrics.lines().find_map(|found| found.strip_prefix(&line)).map_or(0, |number| number.parse().unwrap())
}
