//! Health, metrics, one server a folder, and a calm end.

use super::app::{App, binary, send};
use serde_json::{Value, json};

#[tokio::test]
async fn health_readyz_version_and_metrics_answer_each_on_its_own_port() {
    let app = App::sandbox();
    app.holder().await;
    assert_eq!(app.get("/health").await.0, 200);
    let (status, body) = app.get("/readyz").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["status"]), (200, &json!("ready")), "{body}");
    for name in ["store", "accessManager", "ledger"] {
        assert_eq!(body["checks"][name]["status"], json!("up"), "{name}");
    }
    assert!(app.get("/version").await.1.contains(env!("CARGO_PKG_VERSION")));
    assert_eq!(app.get("/metrics").await.0, 404);
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for name in [
        "holdergraph_requests_total{operation=\"none\",outcome=\"ok\"} 1",
        "holdergraph_store_calls_total",
        "holdergraph_upstream_calls_total",
    ] {
        assert!(metrics.contains(name), "{name} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn on_sigterm_readyz_is_503_while_requests_are_served_and_then_it_ends_with_0() {
    let upstreams = App::upstreams();
    let mut app = App::serve(&upstreams, &[("DRAIN_SECONDS", "3")]);
    let holder = app.holder().await;
    app.signal("TERM");
    let mut status = 200;
    for _ in 0..200 {
        status = app.get("/readyz").await.0;
        if status == 503 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(status, 503);
    let answer = send(app.request("query($id: ID!) { holder(id: $id) { id } }", json!({"id": holder}))).await;
    assert_eq!(answer.body["data"]["holder"]["id"], json!(holder));
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
}

#[tokio::test]
async fn a_second_server_of_one_folder_is_refused_and_says_why() {
    let app = App::sandbox();
    let output = binary()
        .args(["sandbox", "--json", "--server-address", "127.0.0.1:0", "--ops-address", "127.0.0.1:0"])
        .env("DATA_DIR", app.dir())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(app.dir().to_str().unwrap()) && said.contains("another"), "{said}");
    // And it may not erase what the first one serves.
    let output = binary().args(["sandbox", "--fresh"]).env("DATA_DIR", app.dir()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    app.holder().await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_kill_9() {
    let mut app = App::sandbox();
    let mut made = Vec::new();
    for index in 0..10 {
        let holder = app.holder().await;
        made.push((app.link(&holder, &app.account(index)).await, holder));
    }
    app.signal("KILL");
    app.wait();
    let dir = app.shared_dir();
    drop(app);
    let app = App::sandbox_in(dir, &[]);
    for (alias, holder) in made {
        let answer = app
            .ask("query($id: ID!) { aliasAccount(id: $id) { document holder { id } } }", json!({"id": alias}))
            .await;
        assert_eq!(answer["data"]["aliasAccount"]["holder"]["id"], json!(holder), "{answer}");
    }
}

#[tokio::test]
async fn a_sandbox_never_touches_the_store_of_serve() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[]);
    let holder = app.holder().await;
    let dir = app.stop();
    let before = std::fs::read_dir(dir.path()).unwrap().count();
    for arguments in [&["sandbox"][..], &["sandbox", "--fresh"], &["sandbox", "--fresh", "--json"]] {
        let ended = binary().args(arguments).env("DATA_DIR", dir.path()).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.code() == Some(1) && said.contains("no sandbox made"), "{said}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), before, "nothing is left there");
    }
    // Not even where somebody has copied a sandbox's keys beside it.
    std::fs::copy(upstreams.dir().join("sandbox-keys.env"), dir.path().join("sandbox-keys.env")).unwrap();
    let ended = binary().args(["sandbox", "--fresh"]).env("DATA_DIR", dir.path()).output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
    let app = App::serve_in(dir, &upstreams, &[]);
    let answer = app.ask("query($id: ID!) { holder(id: $id) { name } }", json!({"id": holder})).await;
    assert_eq!(answer["data"]["holder"]["name"], json!("Maria Souza"));
}
