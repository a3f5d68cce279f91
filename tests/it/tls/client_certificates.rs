//! Where clients must show a certificate.

use super::super::app::App;
use super::super::health;
use super::{CLIENT, authority, counted, eventually, identity, reaches, serve, trusting};
use reqwest::tls::Version;

#[tokio::test]
async fn only_certificates_of_the_named_authority_get_in() {
    let (ours, theirs) = (authority(), authority());
    for authority in [&ours, &theirs] {
        authority.sign("client", CLIENT);
    }
    ours.sign("another-server", "extendedKeyUsage=serverAuth");
    let ca = ours.file("ca.pem");
    let upstreams = App::upstreams();
    let mut app = serve(&upstreams, &ours, &[("TLS_CLIENT_CA_FILE", &ca)]);
    for version in [Version::TLS_1_2, Version::TLS_1_3] {
        let client = || trusting(&ours).tls_version_min(version).tls_version_max(version);
        let refused = "holdergraph_tls_handshake_failures_total{reason=\"client_certificate\"}";
        let before = counted(&app, refused).await;
        assert!(reaches(client().identity(identity(&ours, "client")), &app).await, "{version:?}");
        assert_eq!(counted(&app, refused).await, before);
        assert!(!reaches(client(), &app).await, "{version:?}: none");
        assert!(!reaches(client().identity(identity(&theirs, "client")), &app).await, "{version:?}: foreign");
        assert!(!reaches(client().identity(identity(&ours, "another-server")), &app).await, "{version:?}");
        eventually("counted", async || counted(&app, refused).await == before + 3).await;
    }
    // Whoever probes on the machine itself needs none, on the other port.
    for path in ["health", "readyz", "version"] {
        let answer =
            trusting(&ours).build().unwrap().get(format!("{}/{path}", app.ops)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    assert_eq!(health::said(&app.ops, &["--ready"]).0, Some(0));
    // It opens the door, and says nothing of who calls.
    app.client = trusting(&ours).identity(identity(&ours, "client")).build().unwrap();
    app.holder().await;
    let request =
        app.client.post(format!("{}/graphql", app.base)).json(&serde_json::json!({"query": "{ a }"}));
    assert_eq!(request.send().await.unwrap().status(), 401);
}
