//! Settings of MongoDB, as a process of its own takes them.

use super::super::app::{App, KEYS, binary};

/// What `serve` says when it does not start.
fn refused(settings: &[(&str, &str)]) -> String {
    let output = binary()
        .arg("serve")
        .envs([("PLUGIN_AUTH_ADDRESS", "https://127.0.0.1:1"), ("MIDAZ_LEDGER_URL", "https://127.0.0.1:1")])
        .envs([KEYS[0], KEYS[1], KEYS[2], ("DEPLOYMENT_MODE", "local")])
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!said.contains("hunter2"), "a password is in:\n{said}");
    said
}

#[test]
fn settings_that_are_wrong_are_named_all_at_once_and_no_password_is_shown() {
    let said = refused(&[
        ("MONGO_URI", "mongodb"),
        ("MONGO_PASSWORD", "hunter2"),
        ("MONGO_PORT", "0"),
        ("MONGO_MAX_POOL_SIZE", "many"),
        ("MONGO_TIMEOUT", "5"),
        ("MONGO_TLS_CA_CERT", "hunter2"),
    ]);
    for name in [
        "MONGO_HOST",
        "MONGO_PORT",
        "MONGO_USER",
        "MONGO_MAX_POOL_SIZE",
        "MONGO_TIMEOUT",
        "MONGO_TLS_CA_CERT",
    ] {
        assert!(said.contains(&format!("{name}: ")), "{name} is not in:\n{said}");
    }
}

#[test]
fn without_tls_it_is_refused_outside_local() {
    for mode in ["byoc", "saas"] {
        let said = refused(&[("MONGO_URI", "mongodb://u:hunter2@h/"), ("DEPLOYMENT_MODE", mode)]);
        assert!(said.contains("MONGO_URI: a connection without TLS is refused"), "{said}");
    }
    let said = refused(&[
        ("MONGO_URI", "mongodb://u:hunter2@h/?tls=true&tlsInsecure=true"),
        ("DEPLOYMENT_MODE", "saas"),
    ]);
    assert!(said.contains("MONGO_URI: a server whose certificate is not looked at is refused"), "{said}");
}

#[tokio::test]
async fn where_it_is_allowed_readyz_shows_it_and_metrics_show_the_pool() {
    let uri = std::env::var("TEST_MONGO_URI").expect("TEST_MONGO_URI: see scripts/mongo");
    let name = format!("hg_it_{}", uuid::Uuid::new_v4().simple());
    let upstreams = App::sandbox();
    let app = App::serve(
        &upstreams,
        &[
            ("MONGO_URI", &uri),
            ("MONGO_NAME", &name),
            ("MONGO_MAX_POOL_SIZE", "7"),
            ("DEPLOYMENT_MODE", "saas"),
            ("ALLOW_INSECURE_TLS", "true"),
        ],
    );
    let (status, ready) = app.get("/readyz").await;
    assert!(status == 200 && ready.contains("MongoDB is spoken to without TLS"), "{ready}");
    app.holder().await;
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    for line in [
        "\nholdergraph_mongo_pool_size 7\n",
        "\nholdergraph_mongo_pool_in_use ",
        "\nholdergraph_mongo_pool_idle ",
        "# TYPE holdergraph_mongo_pool_wait_seconds histogram\n",
        "holdergraph_mongo_command_seconds_count{command=\"insert\",outcome=\"ok\"} ",
    ] {
        assert!(metrics.contains(line), "{line} is not in:\n{metrics}");
    }
    app.stop();
    let client = mongodb::Client::with_uri_str(&uri).await.unwrap();
    client.database(&name).drop().await.unwrap();
}
