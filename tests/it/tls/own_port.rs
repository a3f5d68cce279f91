//! Our own port over TLS.

use super::super::app::App;
use super::super::authority::Authority;
use super::{LOOPBACK, authority, counted, eventually, reaches, serve, trusting};
use reqwest::Client;
use std::process::{Command, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn who_trusts_the_authority_is_served_and_who_does_not_is_not() {
    let upstreams = App::upstreams();
    let ours = authority();
    // The sandbox's own upstreams have no TLS.
    let strict = [("DEPLOYMENT_MODE", "saas"), ("ALLOW_INSECURE_TLS", "true"), ("GRAPHIQL_ENABLED", "true")];
    let app = serve(&upstreams, &ours, &strict);
    assert!(app.base.starts_with("https://"));
    app.holder().await;
    assert_eq!(app.get("/graphiql").await.0, 200);
    let (status, ready) = app.get("/readyz").await;
    assert_eq!(status, 200);
    assert!(ready.contains("the ledger is called without TLS"), "{ready}");
    assert!(!ready.contains("own port") && !app.log().contains("own port"), "{ready}");

    assert!(!reaches(Client::builder(), &app).await);
    assert!(!reaches(trusting(&authority()), &app).await);
    let by_name = app.base.replace("127.0.0.1", "localhost");
    assert!(app.client.get(format!("{by_name}/health")).send().await.is_err(), "the name is checked");
    let refused = "holdergraph_tls_handshake_failures_total{reason=\"refused_by_client\"}";
    eventually("counted", async || counted(&app, refused).await == 3).await;
    app.stop();
}

#[tokio::test]
async fn every_form_of_key_is_taken_and_what_it_says_is_in_no_log() {
    let upstreams = App::upstreams();
    let authority = Authority::new();
    for (name, kind) in [
        ("p256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"][..]),
        ("rsa", &["-newkey", "rsa:2048"]),
        ("ed25519", &["-newkey", "ed25519"]),
    ] {
        authority.sign_key(name, kind, LOOPBACK);
    }
    authority.openssl(&["ec", "-in", "p256.key", "-out", "p256.sec1"]);
    authority.openssl(&["rsa", "-traditional", "-in", "rsa.key", "-out", "rsa.pkcs1"]);
    for (certificate, key, begin) in [
        ("p256.pem", "p256.key", "-----BEGIN PRIVATE KEY-----"),
        ("p256.pem", "p256.sec1", "-----BEGIN EC PRIVATE KEY-----"),
        ("rsa.pem", "rsa.key", "-----BEGIN PRIVATE KEY-----"),
        ("rsa.pem", "rsa.pkcs1", "-----BEGIN RSA PRIVATE KEY-----"),
        ("ed25519.pem", "ed25519.key", "-----BEGIN PRIVATE KEY-----"),
    ] {
        let text = std::fs::read_to_string(authority.path(key)).unwrap();
        assert!(text.starts_with(begin), "{key}");
        let (certificate, key) = (authority.file(certificate), authority.file(key));
        let app = App::serve(
            &upstreams,
            &[("TLS_CERT_FILE", &certificate), ("TLS_KEY_FILE", &key), ("LOG_LEVEL", "trace")],
        );
        assert!(reaches(trusting(&authority), &app).await, "{key}");
        let log = app.log();
        assert!(!text.lines().any(|line| log.contains(line)), "{log}");
        app.stop();
    }
}

#[tokio::test]
async fn a_key_that_others_may_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let upstreams = App::upstreams();
    let authority = authority();
    for (mode, open) in [(0o600, false), (0o640, false), (0o644, true), (0o660, true)] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(authority.path("server.key"), permissions).unwrap();
        let app = serve(&upstreams, &authority, &[]);
        assert_eq!(app.get("/readyz").await.1.contains("TLS_KEY_FILE"), open, "{mode:o}");
        assert_eq!(app.log().contains("TLS_KEY_FILE: other accounts"), open, "{mode:o}");
    }
}

#[tokio::test]
async fn plain_http_is_not_answered_and_the_ops_port_stays_plain() {
    let app = serve(&App::upstreams(), &authority(), &[]);
    let mut stream = TcpStream::connect(app.base.trim_start_matches("https://")).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut said).await;
    assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{said:?}");
    let refused = "holdergraph_tls_handshake_failures_total{reason=\"not_tls\"}";
    eventually("counted", async || counted(&app, refused).await == 1).await;
}

/// What openssl's client says, who trusts the authority and is spoken to by nobody after the handshake.
fn s_client(app: &App, authority: &Authority, options: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args(["s_client", "-connect", app.base.trim_start_matches("https://")])
        .args(["-CAfile", &authority.file("ca.pem"), "-verify_return_error"])
        .args(options)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn nothing_older_than_tls_1_2_is_spoken() {
    let authority = authority();
    let app = serve(&App::upstreams(), &authority, &[]);
    for version in ["-tls1_2", "-tls1_3"] {
        let (connected, said) = s_client(&app, &authority, &[version]);
        assert!(connected && said.contains("Verify return code: 0"), "{version}: {said}");
    }
    for version in ["-tls1", "-tls1_1"] {
        let (connected, said) = s_client(&app, &authority, &[version, "-cipher", "DEFAULT:@SECLEVEL=0"]);
        // The server's own word: so it was really asked.
        assert!(!connected && said.contains("SSL alert number"), "{version}: {said}");
    }
}

#[tokio::test]
async fn http_1_1_is_agreed_on_and_nothing_else() {
    let authority = authority();
    let app = serve(&App::upstreams(), &authority, &[]);
    let (connected, said) = s_client(&app, &authority, &["-alpn", "h2,http/1.1"]);
    assert!(connected && said.contains("ALPN protocol: http/1.1"), "{said}");
    let (connected, said) = s_client(&app, &authority, &["-alpn", "h2"]);
    assert!(!connected && said.contains("alert no application protocol"), "{said}");
}

#[tokio::test]
async fn half_a_handshake_holds_up_neither_others_nor_the_end() {
    let authority = authority();
    let mut app = serve(&App::upstreams(), &authority, &[]);
    let mut halves = Vec::new();
    for sent in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(app.base.trim_start_matches("https://")).await.unwrap();
            stream.write_all(sent).await.unwrap();
            halves.push(stream);
        }
    }
    for _ in 0..10 {
        assert!(reaches(trusting(&authority), &app).await);
    }
    app.signal("TERM");
    assert_eq!(app.wait().code(), Some(0), "{}", app.log());
    assert!(app.log().contains(r#""cut":0"#), "{}", app.log());
    drop(halves);
}
