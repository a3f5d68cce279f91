//! A file of keys that changes while the service runs.

use super::signer::Signer;
use super::{assert_refused, assert_taken, claims, read, yes_man};
use crate::app::App;
use crate::tls::{counted, eventually, replace};
use serde_json::json;
use std::path::Path;

const TAKEN: &str = "holdergraph_secret_reloads_total{of=\"auth_public_keys\",outcome=\"taken\"}";
const REFUSED: &str = "holdergraph_secret_reloads_total{of=\"auth_public_keys\",outcome=\"refused\"}";

/// Puts keys into the file.
fn write(file: &Path, keys: &[&Signer]) {
    replace(file, &keys.iter().map(|key| key.pem()).collect::<String>());
}

#[tokio::test]
async fn a_key_in_the_file_is_replaced_without_a_restart_and_a_broken_file_takes_none_away() {
    let (old, new) = (Signer::ed25519(), Signer::rsa());
    let (by_old, by_new) = (old.token("old", &claims(json!({}))), new.token("new", &claims(json!({}))));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keys.pem");
    write(&file, &[&old]);
    let (access_manager, _) = yes_man().await;
    let settings =
        [("PLUGIN_AUTH_ADDRESS", access_manager.as_str()), ("AUTH_PUBLIC_KEY_FILE", file.to_str().unwrap())];
    let app = App::serve(&App::upstreams(), &settings);
    assert_taken(&read(&app, &by_old).await, "before");
    assert_refused(&read(&app, &by_new).await, "before");

    write(&file, &[&old, &new]);
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 1).await;
    assert_taken(&read(&app, &by_old).await, "while both are there");
    assert_taken(&read(&app, &by_new).await, "rotated in");

    replace(&file, "hunter2");
    app.signal("HUP");
    eventually("refused", async || counted(&app, REFUSED).await == 1).await;
    assert_taken(&read(&app, &by_old).await, "while the file is broken");

    write(&file, &[&new]);
    app.signal("HUP");
    eventually("taken", async || counted(&app, TAKEN).await == 2).await;
    assert_refused(&read(&app, &by_old).await, "rotated out");
    assert_taken(&read(&app, &by_new).await, "after");
    let log = app.log();
    assert!(log.contains("AUTH_PUBLIC_KEY_FILE: the file holds no") && !log.contains("hunter2"), "{log}");
}
