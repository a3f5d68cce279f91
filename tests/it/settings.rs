//! `serve` starts only with settings that it can be trusted with, and names every fault at once.

use super::app::{App, KEYS, binary};
use tempfile::TempDir;

/// What `serve` says when it does not start.
fn refused(settings: &[(&str, &str)]) -> String {
    let dir = TempDir::new().unwrap();
    let output = binary()
        .arg("serve")
        .env("DATA_DIR", dir.path().join("data"))
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!dir.path().join("data").exists(), "nothing is opened before all settings are checked");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn without_any_setting_it_names_all_that_is_missing_at_once() {
    let said = refused(&[]);
    for setting in [
        "PLUGIN_AUTH_ADDRESS",
        "MIDAZ_LEDGER_URL",
        "LCRYPTO_ENCRYPT_SECRET_KEY",
        "LCRYPTO_HASH_SECRET_KEY",
        "AUDIT_SECRET_KEY",
        "ALLOW_INSECURE_TLS",
    ] {
        assert!(said.contains(setting), "{setting} is not in:\n{said}");
    }
}

#[test]
fn each_setting_that_is_not_safe_is_refused_by_name() {
    let good = [
        ("DEPLOYMENT_MODE", "local"),
        ("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:1"),
        ("MIDAZ_LEDGER_URL", "http://127.0.0.1:1"),
        KEYS[0],
        KEYS[1],
        KEYS[2],
        ("SERVER_ADDRESS", "127.0.0.1:0"),
        ("OPS_ADDRESS", "127.0.0.1:0"),
    ];
    let zero = "0".repeat(64);
    for (setting, value, named) in [
        ("PLUGIN_AUTH_ADDRESS", "", "PLUGIN_AUTH_ADDRESS"),
        ("PLUGIN_AUTH_HOST", "http://127.0.0.1:2", "PLUGIN_AUTH_HOST"),
        ("PLUGIN_AUTH_ENABLED", "maybe", "PLUGIN_AUTH_ENABLED"),
        ("MIDAZ_LEDGER_URL", "", "MIDAZ_LEDGER_URL"),
        ("MIDAZ_LEDGER_URL", "ftp://x", "MIDAZ_LEDGER_URL"),
        ("LCRYPTO_HASH_SECRET_KEY", "abc", "LCRYPTO_HASH_SECRET_KEY"),
        ("LCRYPTO_HASH_SECRET_KEY", "my-hash-secret-key", "LCRYPTO_HASH_SECRET_KEY"),
        ("LCRYPTO_HASH_SECRET_KEY", &zero, "LCRYPTO_HASH_SECRET_KEY"),
        (
            "LCRYPTO_HASH_SECRET_KEY",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "LCRYPTO_HASH_SECRET_KEY",
        ),
        ("LCRYPTO_HASH_SECRET_KEY", KEYS[0].1, "LCRYPTO_HASH_SECRET_KEY"),
        ("LCRYPTO_HASH_SECRET_KEY_FILE", "/nowhere/at/all", "LCRYPTO_HASH_SECRET_KEY_FILE"),
        ("AUDIT_SECRET_KEY", "", "AUDIT_SECRET_KEY: is required and not set"),
        ("AUDIT_SECRET_KEY", "my-audit-secret-key", "AUDIT_SECRET_KEY: has 19 characters"),
        ("AUDIT_SECRET_KEY", &zero, "AUDIT_SECRET_KEY: is all zeros"),
        ("AUDIT_SECRET_KEY", KEYS[0].1, "AUDIT_SECRET_KEY: is the same key as LCRYPTO_ENCRYPT_SECRET_KEY"),
        ("AUDIT_SECRET_KEY", KEYS[1].1, "AUDIT_SECRET_KEY: is the same key as LCRYPTO_HASH_SECRET_KEY"),
        ("AUDIT_SECRET_KEY_FILE", "/nowhere/at/all", "AUDIT_SECRET_KEY"),
        ("AUDIT_RETENTION", "23h", "AUDIT_RETENTION"),
        ("AUDIT_STREAM", "kafka", "AUDIT_STREAM"),
        ("DEPLOYMENT_MODE", "prod", "DEPLOYMENT_MODE"),
        ("REQUEST_TIMEOUT", "10", "REQUEST_TIMEOUT"),
        ("SERVER_ADDRESS", "localhost", "SERVER_ADDRESS"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL"),
        ("METADATA_GUARD", "perhaps", "METADATA_GUARD"),
        ("DEPLOYMENT_MODE", "saas", "ALLOW_INSECURE_TLS"),
        ("DEPLOYMENT_MODE", "byoc", "ALLOW_INSECURE_TLS"),
    ] {
        let mut settings: Vec<(&str, &str)> = good.to_vec();
        settings.retain(|(name, _)| *name != setting);
        settings.push((setting, value));
        let said = refused(&settings);
        assert!(said.contains(named), "{setting}={value}: {named} is not in:\n{said}");
        assert!(KEYS.iter().all(|(_, key)| !said.contains(key)), "a key is in:\n{said}");
    }
    let said = refused(&[
        ("PLUGIN_AUTH_ENABLED", "false"),
        ("MIDAZ_LEDGER_URL", "https://x"),
        KEYS[0],
        KEYS[1],
        KEYS[2],
    ]);
    assert!(said.contains("PLUGIN_AUTH_ENABLED") && said.contains("DEPLOYMENT_MODE"), "{said}");
}

#[tokio::test]
async fn outside_local_it_starts_only_with_allow_insecure_tls_and_readyz_shows_it() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[("DEPLOYMENT_MODE", "saas"), ("ALLOW_INSECURE_TLS", "true")]);
    let (status, body) = app.get("/readyz").await;
    assert!(status == 200 && body.contains("ALLOW_INSECURE_TLS"), "{body}");
    assert_eq!(app.get("/graphiql").await.0, 404, "GraphiQL is off in serve");
    let app = App::serve(&upstreams, &[("GRAPHIQL_ENABLED", "true")]);
    assert_eq!(app.get("/graphiql").await.0, 200);
}

#[tokio::test]
async fn secrets_may_come_from_files_and_other_keys_than_the_stores_are_refused() {
    let upstreams = App::upstreams();
    let dir = super::folder::Folder::new();
    let secrets = TempDir::new().unwrap();
    let file = secrets.path().join("encrypt");
    std::fs::write(&file, format!("{}\n", KEYS[0].1)).unwrap();
    let from_file =
        [("LCRYPTO_ENCRYPT_SECRET_KEY", ""), ("LCRYPTO_ENCRYPT_SECRET_KEY_FILE", file.to_str().unwrap())];
    let app = App::serve_in(dir.clone(), &upstreams, &from_file);
    let id = app.holder().await;
    app.stop();
    let app = App::serve_in(dir.clone(), &upstreams, &[]);
    let answer = app.ask("query($id: ID!) { holder(id: $id) { name } }", serde_json::json!({"id": id})).await;
    assert_eq!(answer["data"]["holder"]["name"], "Maria Souza");
    app.stop();

    let refused = |wrong: usize| {
        let mut keys = KEYS;
        let other = "11".to_owned() + &keys[wrong].1[2..];
        keys[wrong].1 = &other;
        let output = binary()
            .arg("serve")
            .envs(super::folder::settings(dir.path()))
            .envs([
                ("DEPLOYMENT_MODE", "local"),
                ("PLUGIN_AUTH_ADDRESS", "http://127.0.0.1:1"),
                ("MIDAZ_LEDGER_URL", "http://127.0.0.1:1"),
                ("SERVER_ADDRESS", "127.0.0.1:0"),
                ("OPS_ADDRESS", "127.0.0.1:0"),
            ])
            .envs(keys)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(0);
    assert!(said.contains("LCRYPTO_ENCRYPT_SECRET_KEY") && said.contains("generation 1"), "{said}");
    let said = refused(2);
    assert!(
        said.contains("AUDIT_SECRET_KEY: is not the key that this store's audit trail was made with"),
        "{said}"
    );
    assert!(!said.contains("LCRYPTO"), "{said}");
}

#[tokio::test]
async fn without_access_manager_a_token_is_optional_on_a_machine_of_ones_own() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")]);
    let mut request = app
        .request(super::app::CREATE_HOLDER, serde_json::json!({"input": super::app::new_holder()}))
        .build()
        .unwrap();
    request.headers_mut().remove("authorization");
    let answer: serde_json::Value = app.client.execute(request).await.unwrap().json().await.unwrap();
    assert!(answer["data"]["createHolder"]["holder"]["id"].is_string(), "{answer}");
    assert!(app.get("/readyz").await.1.contains("PLUGIN_AUTH_ENABLED"));
}
