//! Files that change while the service runs.

use super::super::app::App;
use super::{Mounted, authority, counted, eventually, identity, reaches, trusting};

const TAKEN: &str = "holdergraph_tls_reloads_total{of=\"own_port\",outcome=\"taken\"}";
const REFUSED: &str = "holdergraph_tls_reloads_total{of=\"own_port\",outcome=\"refused\"}";

#[tokio::test]
async fn new_connections_get_the_new_certificate_and_open_ones_go_on() {
    let (first, second) = (authority(), authority());
    let files = |certificate, key: &super::Authority| {
        let certificate: &super::Authority = certificate;
        [("tls.crt", certificate.path("server.pem")), ("tls.key", key.path("server.key"))]
    };
    let mounted = Mounted::new(&files(&first, &first));
    let (certificate, key) = (mounted.file("tls.crt"), mounted.file("tls.key"));
    let mut app = App::serve(&App::upstreams(), &[("TLS_CERT_FILE", &certificate), ("TLS_KEY_FILE", &key)]);
    app.client = trusting(&first).build().unwrap();
    assert_eq!(app.get("/health").await.0, 200);
    let expires = "holdergraph_tls_certificate_expires_timestamp_seconds{setting=\"TLS_CERT_FILE\"}";
    eventually("told", async || app.metrics().await.contains(expires)).await;

    mounted.swap(&files(&second, &second));
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    assert!(reaches(trusting(&second), &app).await);
    assert!(!reaches(trusting(&first), &app).await);
    // This client trusts the first alone, so it can only have kept its connection.
    assert_eq!(app.get("/health").await.0, 200);

    // A key that is not the certificate's, then a file that is none, then one that is gone.
    mounted.swap(&files(&first, &second));
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 1).await;
    assert!(reaches(trusting(&second), &app).await);
    assert!(app.log().contains("is not the key of the certificate in TLS_CERT_FILE"), "{}", app.log());
    std::fs::write(&certificate, "hunter2").unwrap();
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 2).await;
    std::fs::remove_file(&certificate).unwrap();
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 3).await;
    assert!(reaches(trusting(&second), &app).await);
    assert_eq!(app.get("/health").await.0, 200);

    // And what is mended is taken.
    std::fs::copy(first.path("server.pem"), &certificate).unwrap();
    std::fs::remove_file(&key).unwrap();
    std::fs::copy(first.path("server.key"), &key).unwrap();
    app.signal("HUP");
    eventually("taken", async || reaches(trusting(&first), &app).await).await;
    let log = app.log();
    assert!(!log.contains("hunter2"), "{log}");
    for authority in [&first, &second] {
        let key = std::fs::read_to_string(authority.path("server.key")).unwrap();
        assert!(!key.lines().any(|line| log.contains(line)), "{log}");
    }
    app.stop();
}

#[tokio::test]
async fn the_authorities_of_clients_change_with_their_file() {
    let (server, first, second) = (authority(), authority(), authority());
    let files = |authority: &super::Authority| [("ca.crt", authority.path("ca.pem"))];
    let mounted = Mounted::new(&files(&first));
    let app = super::serve(&App::upstreams(), &server, &[("TLS_CLIENT_CA_FILE", &mounted.file("ca.crt"))]);
    let by = |authority: &super::Authority| trusting(&server).identity(identity(authority, "server"));
    for authority in [&first, &second] {
        // Whatever it is for otherwise: it may be shown by a client.
        authority.sign("server", super::CLIENT);
    }
    assert!(reaches(by(&first), &app).await && !reaches(by(&second), &app).await);
    mounted.swap(&files(&second));
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    assert!(reaches(by(&second), &app).await && !reaches(by(&first), &app).await);
}
