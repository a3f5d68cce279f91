//! Trusted documents, automatic persisted queries, what may be sent over GET, and the rate limit, as a client and an
//! operator see them.

mod automatic;
mod get;
mod manifest;
mod rate_limit;
mod refused;

use super::app::{Answer, App, send};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const VERSION: &str = "query Version($id: ID!) { holder(id: $id) { id version } }";
const NAME: &str = "query Name($id: ID!) { holder(id: $id) { id name } }";
const PAGE: &str = "query Page { holders { totalCount } }";

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// A manifest file in a folder of its own.
struct Manifest(TempDir);

impl Manifest {
    fn new(documents: &Value) -> Self {
        let manifest = Self(TempDir::new().unwrap());
        manifest.write(&documents.to_string());
        manifest
    }

    fn path(&self) -> String {
        self.0.path().join("persisted-documents.json").to_str().unwrap().to_owned()
    }

    fn write(&self, content: &str) {
        let new = self.0.path().join("new");
        std::fs::write(&new, content).unwrap();
        std::fs::rename(new, self.path()).unwrap();
    }
}

/// `serve` with these settings, and upstreams that live as long as it.
fn serve(settings: &[(&str, &str)]) -> App {
    let upstreams = App::upstreams();
    let mut app = App::serve(&upstreams, settings);
    app.upstreams = Some(Box::new(upstreams));
    app
}

/// The same with a manifest, in this mode.
fn trusting(mode: &str, manifest: &Manifest) -> App {
    serve(&[("TRUSTED_DOCUMENTS", mode), ("TRUSTED_DOCUMENTS_FILE", &manifest.path())])
}

/// A body as it is, by the admin for the main organization.
fn post(app: &App, body: &Value) -> RequestBuilder {
    app.request("", Value::Null).json(body)
}

async fn posted(app: &App, body: &Value) -> Answer {
    send(post(app, body)).await
}

/// The request of an automatic persisted query: its hash, and its text where there is one.
fn persisted(hash: &str, text: Option<&str>, variables: &Value) -> Value {
    let mut body = json!({
        "variables": variables,
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}
    });
    if let Some(text) = text {
        body["query"] = json!(text);
    }
    body
}

/// A request error: no data, one error.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str, message: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.body);
    assert_eq!(answer.body.get("data"), None, "{}", answer.body);
    assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(1));
    let said = answer.body["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains(message), "{said}");
}
