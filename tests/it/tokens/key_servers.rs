//! Key servers that rotate, are down, come back or lie.

use super::signer::Signer;
use super::{KeyServer, Reply, assert_refused, assert_taken, assert_unavailable, claims, read, yes_man};
use crate::app::{App, PATIENCE};
use futures::future::join_all;
use serde_json::json;
use std::time::Instant;

async fn service(key_server: &str) -> App {
    let (access_manager, _) = yes_man().await;
    App::serve(&App::upstreams(), &[("PLUGIN_AUTH_ADDRESS", &access_manager), ("AUTH_JWKS_URL", key_server)])
}

async fn metrics(app: &App) -> String {
    app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_key_that_was_rotated_in_is_taken_at_once_and_one_that_was_rotated_out_refused() {
    let (old, new) = (Signer::ed25519(), Signer::rsa());
    let (by_old, by_new) = (old.token("old", &claims(json!({}))), new.token("new", &claims(json!({}))));
    for (both, after) in [(true, vec![old.jwk("old"), new.jwk("new")]), (false, vec![new.jwk("new")])] {
        let key_server = KeyServer::start(Reply::keys(&[old.jwk("old")])).await;
        let app = service(&key_server.url).await;
        assert_taken(&read(&app, &by_old).await, "before");
        key_server.says(Reply::keys(&after));
        assert_taken(&read(&app, &by_old).await, "before the service can know");
        assert_taken(&read(&app, &by_new).await, "rotated in");
        match both {
            true => assert_taken(&read(&app, &by_old).await, "while both are there"),
            false => assert_refused(&read(&app, &by_old).await, "rotated out"),
        }
        assert_eq!(key_server.asked(), 2);
    }
}

#[tokio::test]
async fn tokens_without_a_kid_are_taken_while_an_old_and_a_new_key_are_published() {
    let signers = [Signer::p256(), Signer::p256()];
    let set = [signers[0].jwk("old"), signers[1].jwk("new")];
    let app = service(&KeyServer::start(Reply::keys(&set)).await.url).await;
    let unnamed = |signer: &Signer| signer.token_of(&json!({"alg": "ES256"}), &claims(json!({})));
    for signer in &signers {
        assert_taken(&read(&app, &unnamed(signer)).await, "one of the two");
    }
    assert_refused(&read(&app, &unnamed(&Signer::p256())).await, "a stranger's");
}

#[tokio::test]
async fn a_doubled_kid_takes_only_its_own_keys_out_of_use() {
    let (one, other, good) = (Signer::ed25519(), Signer::ed25519(), Signer::ed25519());
    let set = [one.jwk("a"), other.jwk("a"), good.jwk("b")];
    let app = service(&KeyServer::start(Reply::keys(&set)).await.url).await;
    assert_taken(&read(&app, &good.token("b", &claims(json!({})))).await, "the others go on");
    for signer in [one, other] {
        assert_refused(&read(&app, &signer.token("a", &claims(json!({})))).await, "doubled");
    }
    assert!(app.log().contains("different keys of one algorithm with the same kid"), "{}", app.log());
}

#[tokio::test]
async fn many_tokens_of_unknown_keys_cause_one_reload_and_are_refused() {
    let signer = Signer::ed25519();
    let key_server = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let app = service(&key_server.url).await;
    assert_taken(&read(&app, &signer.token("a", &claims(json!({})))).await, "known");
    let tokens: Vec<String> =
        (0..20).map(|n| signer.token(&format!("made-up-{n}"), &claims(json!({})))).collect();
    for _ in 0..2 {
        for answer in join_all(tokens.iter().map(|token| read(&app, token))).await {
            assert_refused(&answer, "unknown");
        }
    }
    assert_eq!(key_server.asked(), 2);
    assert!(metrics(&app).await.contains(r#"holdergraph_key_set_loads_total{outcome="success"} 2"#));
}

#[tokio::test]
async fn while_the_key_server_is_down_known_keys_serve_and_unknown_ones_are_unavailable() {
    let signer = Signer::p256();
    let key_server = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let app = service(&key_server.url).await;
    let (known, unknown) = (signer.token("a", &claims(json!({}))), signer.token("b", &claims(json!({}))));
    assert_taken(&read(&app, &known).await, "up");
    key_server.says(Reply::down());
    assert_unavailable(&read(&app, &unknown).await, "down");
    assert_taken(&read(&app, &known).await, "stale");
    let (status, body) = app.get("/readyz").await;
    assert!(
        status == 200 && body.contains("degraded") && body.contains("AUTH_JWKS_URL: status 503"),
        "{body}"
    );
    assert!(metrics(&app).await.contains(r#"holdergraph_key_set_loads_total{outcome="status"}"#));
}

#[tokio::test]
async fn the_start_needs_no_key_server_and_its_coming_up_is_noticed() {
    let signer = Signer::ed25519();
    let key_server = KeyServer::start(Reply::down()).await;
    let app = service(&key_server.url).await;
    let token = signer.token("a", &claims(json!({})));
    assert_unavailable(&read(&app, &token).await, "down at the start");
    key_server.says(Reply::keys(&[signer.jwk("a")]));
    let began = Instant::now();
    while read(&app, &token).await.status != 200 {
        assert!(began.elapsed() < PATIENCE, "it never came up");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let nobody = service("http://127.0.0.1:9/jwks.json").await;
    assert_unavailable(&read(&nobody, &token).await, "nobody listens");
}

#[tokio::test]
async fn a_key_server_that_lies_makes_no_forged_token_pass() {
    let (signer, other) = (Signer::rsa(), Signer::rsa());
    let honest = KeyServer::start(Reply::keys(&[signer.jwk("a")])).await;
    let set = Reply::keys(&[signer.jwk("a")]).body;
    let secret = json!({"kty": "oct", "kid": "a", "alg": "HS256", "k": "c2VjcmV0"});
    let changed = |name: &str, value: serde_json::Value| {
        let mut jwk = signer.jwk("a");
        jwk[name] = value;
        Reply::keys(&[jwk])
    };
    let mut redirect = Reply::of(302, "application/json", set.clone());
    redirect.location = Some(honest.url.clone());
    let token = signer.token("a", &claims(json!({})));
    let with_secret = super::signer::hmac(
        jsonwebtoken::Algorithm::HS256,
        &json!({"alg": "HS256", "kid": "a"}),
        b"secret",
        &claims(json!({})),
    );
    for (what, lie) in [
        ("a page", Reply::of(200, "text/html", set.clone())),
        ("a page that says JSON", Reply::of(200, "application/json", "<html></html>".to_owned())),
        ("garbage", Reply::of(200, "application/json", set[..set.len() - 9].to_owned())),
        ("too much", Reply::of(200, "application/json", format!("{}{}", " ".repeat(1024 * 1024), set))),
        ("a redirect", redirect),
        ("created", Reply::of(201, "application/json", set)),
        ("a shared secret", Reply::keys(&[secret])),
        ("a key for encryption", changed("use", json!("enc"))),
        ("a key of another algorithm", changed("alg", json!("RS512"))),
        ("a key with its private half", changed("d", json!("AQAB"))),
        ("two keys of one name", Reply::keys(&[signer.jwk("a"), other.jwk("a")])),
        ("no key", Reply::keys(&[])),
    ] {
        let liar = KeyServer::start(lie).await;
        let app = service(&liar.url).await;
        assert_unavailable(&read(&app, &token).await, what);
        assert_refused(&read(&app, &with_secret).await, what);
    }
    assert_eq!(honest.asked(), 0, "a redirect is not followed");
}
