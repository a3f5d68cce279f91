//! Both servers over a world in a temporary directory, and a client for them.

use super::{Running, World, start_access_manager, start_ledger};
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;

/// A sandbox of one test.
pub(super) struct Sandbox {
    pub(super) directory: TempDir,
    pub(super) world: Arc<World>,
    pub(super) access_manager: Running,
    pub(super) ledger: Running,
    client: Client,
}

impl Sandbox {
    pub(super) async fn start() -> Self {
        Self::within(tempfile::tempdir().unwrap()).await
    }

    async fn within(directory: TempDir) -> Self {
        let any = "127.0.0.1:0".parse().unwrap();
        let world = Arc::new(World::load_or_create(directory.path()).unwrap());
        Self {
            directory,
            access_manager: start_access_manager(Arc::clone(&world), any).await.unwrap(),
            ledger: start_ledger(Arc::clone(&world), any).await.unwrap(),
            world,
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Stops both servers, and starts them anew from the file alone.
    pub(super) async fn restart(self) -> Self {
        self.access_manager.stop().await;
        self.ledger.stop().await;
        drop(self.world);
        Self::within(self.directory).await
    }

    /// A request to the ledger with the viewer's token.
    pub(super) fn ask_ledger(&self, path: &str) -> RequestBuilder {
        self.ledger(Method::GET, path).header(AUTHORIZATION, bearer(&self.world.tokens().viewer))
    }

    /// A request to the ledger.
    pub(super) fn ledger(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.ledger.url()))
    }

    /// A request to Access Manager.
    pub(super) fn access_manager(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.access_manager.url()))
    }
}

pub(super) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Sends it; the status and the JSON body.
pub(super) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let media_type = response.headers().get("content-type").cloned();
    let text = response.text().await.unwrap();
    assert_eq!(media_type.as_ref().map(|v| v.as_bytes()), Some(&b"application/json"[..]), "{status}: {text}");
    (status, serde_json::from_str(&text).unwrap())
}

/// Sends it; the status and the error's code, after a look at the error's form.
pub(super) async fn refusal(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    assert_eq!(members(&body), ["code", "message", "title"], "{body}");
    assert!(body["title"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    (status, body["code"].as_str().unwrap().to_owned())
}

/// The names of an object's members, in order of the alphabet.
pub(super) fn members(body: &Value) -> Vec<&str> {
    let mut names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// Tokens that look right and are not, each with what is wrong with it.
pub(super) async fn bad_tokens(world: &World) -> Vec<(&'static str, String)> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use serde_json::json;

    let tokens = world.tokens();
    let parts: Vec<&str> = tokens.viewer.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let admins = tokens.admin.split('.').nth(1).unwrap();
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());

    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = World::load_or_create(elsewhere.path()).unwrap();
    let public = serde_json::to_value(world.key().key_set()).unwrap()["keys"][0]["x"].clone();
    let public = URL_SAFE_NO_PAD.decode(public.as_str().unwrap()).unwrap();
    let hmac = Header::new(Algorithm::HS256);
    let mut expired = claims.clone();
    expired["exp"] = json!(jiff::Timestamp::now().as_second() - 60);
    vec![
        ("no JWT", "secret".to_owned()),
        ("signed by another sandbox", stranger.sign(&claims).unwrap()),
        ("another's claims", [parts[0], admins, parts[2]].join(".")),
        ("no signature", [parts[0], parts[1], ""].join(".")),
        ("alg none", [&encoded(json!({"alg": "none", "typ": "JWT"})), parts[1], ""].join(".")),
        (
            "HMAC with the public key",
            jsonwebtoken::encode(&hmac, &claims, &EncodingKey::from_secret(&public)).unwrap(),
        ),
        ("expired", world.sign(&expired).unwrap()),
    ]
}
