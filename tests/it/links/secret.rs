//! The secret of the service's client, which Access Manager and its file change while the service runs.

use super::super::app::App;
use super::super::calls::text;
use super::super::tls::{counted, eventually, replace};
use super::own_token;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

const TAKEN: &str = "holdergraph_secret_reloads_total{of=\"midaz_client_secret\",outcome=\"taken\"}";
const REFUSED: &str = "holdergraph_secret_reloads_total{of=\"midaz_client_secret\",outcome=\"refused\"}";

const PENDING: &str = "holdergraph_secret_pending{of=\"midaz_client_secret\"}";

/// The sandbox's Access Manager.
struct Manager<'a>(&'a App);

impl Manager<'_> {
    async fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", text(&self.0.info, "/accessManager"));
        self.0.client.request(method, url).json(body).send().await.unwrap().json().await.unwrap()
    }

    /// How it has answered log-ins until now.
    async fn log_ins(&self) -> Vec<u64> {
        let told = self.ask(Method::GET, "/_sandbox/calls", &json!({})).await;
        let calls = told["calls"].as_array().unwrap().iter();
        let log_ins = calls.filter(|call| call["path"] == json!("/v1/login/oauth/access_token"));
        log_ins.filter_map(|call| call["status"].as_u64()).collect()
    }
}

#[tokio::test]
async fn a_changed_secret_is_logged_in_with_at_once_and_a_wrong_one_takes_nothing_away() {
    let upstreams = App::sandbox();
    let manager = Manager(&upstreams);
    let [(_, id), (_, own)] = own_token(&upstreams);
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("secret");
    let write = |secret: &str| replace(&file, &format!("{secret}\n"));
    write(&own);
    let settings = [("MIDAZ_CLIENT_ID", id.as_str()), ("MIDAZ_CLIENT_SECRET_FILE", file.to_str().unwrap())];
    let app = App::serve(&upstreams, &settings);
    let link = async |account: usize| app.link(&app.holder().await, &upstreams.account(account)).await;
    link(0).await;
    assert_eq!(manager.log_ins().await, [200]);

    manager.ask(Method::PUT, "/_sandbox/client", &json!({"secret": "hunter2-second"})).await;
    write("hunter2-second");
    app.signal("HUP");
    // No request needs a token meanwhile.
    eventually("logged in", async || manager.log_ins().await == [200, 200]).await;
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    assert_eq!(counted(&app, PENDING).await, 0);
    link(1).await;

    // A wrong one shows, and the token that is held serves on.
    write("hunter2-wrong");
    app.signal("HUP");
    eventually("refused there", async || manager.log_ins().await.get(..3) == Some(&[200, 200, 401])).await;
    link(2).await;
    eventually("told", async || app.log().contains("Access Manager gives this service no token of its own"))
        .await;
    // It is none that was taken: whoever takes the old one away now would be without.
    eventually("refused", async || counted(&app, REFUSED).await == 1).await;
    assert_eq!((counted(&app, TAKEN).await, counted(&app, PENDING).await), (1, 1));
    // What is no secret is not even tried.
    write("");
    app.signal("HUP");
    eventually("refused here", async || counted(&app, REFUSED).await == 2).await;
    write("hunter2-second");
    app.signal("HUP");
    eventually("mended", async || manager.log_ins().await.last() == Some(&200)).await;
    eventually("taken again", async || counted(&app, TAKEN).await == 2).await;
    assert_eq!(counted(&app, PENDING).await, 0);
    link(3).await;
    let log = app.log();
    assert!(log.contains("Access Manager gives this service a token for its changed secret"), "{log}");
    assert!(!log.contains("hunter2") && !log.contains(&own), "{log}");
    app.stop();
}
