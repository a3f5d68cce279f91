//! Health, metrics, one server a folder, and a calm end.

use super::app::{App, binary, send};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn health_readyz_and_version_answer_on_both_ports_and_metrics_on_the_ops_port_alone() {
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
    for path in ["/health", "/version"] {
        let of_ops = app.client.get(format!("{}{path}", app.ops)).send().await.unwrap();
        assert_eq!(of_ops.text().await.unwrap(), app.get(path).await.1);
    }
    let of_ops: Value =
        app.client.get(format!("{}/readyz", app.ops)).send().await.unwrap().json().await.unwrap();
    assert_eq!((&of_ops["status"], &of_ops["warnings"]), (&body["status"], &body["warnings"]));
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
    let of_ops = app.client.get(format!("{}/readyz", app.ops)).send().await.unwrap();
    assert_eq!(of_ops.status(), 503);
    // By a connection that is there, and by a new one: each answer says that it is its connection's last.
    let query = "query($id: ID!) { holder(id: $id) { id } }";
    let fresh = reqwest::Client::new();
    for client in [&app.client, &fresh] {
        let request = app.request(query, json!({"id": holder})).build().unwrap();
        let answer = send(reqwest::RequestBuilder::from_parts(client.clone(), request)).await;
        assert_eq!(answer.body["data"]["holder"]["id"], json!(holder));
        assert_eq!(answer.headers["connection"], "close");
    }
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
}

#[tokio::test]
async fn half_a_request_holds_up_the_end_of_nobody_and_a_whole_one_is_answered() {
    let upstreams = App::upstreams();
    let mut app = App::serve(&upstreams, &[("SHUTDOWN_TIMEOUT", "1h"), ("REQUEST_TIMEOUT", "1h")]);
    let address = app.base.trim_start_matches("http://").to_owned();
    let mut half = TcpStream::connect(&address).await.unwrap();
    half.write_all(b"POST /graphql HTTP/1.1\r\nhost: te").await.unwrap();
    // Its head is complete, and its body is not: it is a request.
    let body = json!({"query": "{ __typename }"}).to_string();
    let (first, second) = body.split_at(5);
    let mut whole = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\n\
         x-organization-id: {}\r\ncontent-length: {}\r\n\r\n",
        app.token("admin"),
        app.organization(),
        body.len()
    );
    whole.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    // Whoever is answered now came after both.
    assert_eq!(app.get("/health").await.0, 200);
    app.signal("TERM");
    super::tls::eventually("nothing is accepted", async || TcpStream::connect(&address).await.is_err()).await;
    whole.write_all(second.as_bytes()).await.unwrap();
    let mut answer = String::new();
    whole.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"data":{"__typename":"Query"}}"#),
        "{answer}"
    );
    // An hour is longer than any test may take.
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
    assert!(!app.log().contains("requests were cut"), "{}", app.log());
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
