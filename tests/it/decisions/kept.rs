//! What is kept of Access Manager's answers, and for whom. For how long is judged by a virtual clock, beside the code.

use super::super::app::App;
use super::manager::{Manager, json as of_json, yes};
use super::{answer_to, forged, patient};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use holdergraph::domain::time::Timestamp;
use serde_json::json;

const HOLDERS: &str = "{ holders { totalCount } }";
const ALIASES: &str = "{ aliasAccounts { totalCount } }";

#[tokio::test]
async fn a_permission_is_asked_for_once_and_then_reused() {
    let upstreams = App::upstreams();
    let token = upstreams.token("admin");
    for (cache_ttl, expected) in [("5m", 1), ("off", 5), ("0", 5), ("0s", 5)] {
        let manager = Manager::always(yes());
        let app = App::serve(&upstreams, &patient(&manager.url, cache_ttl));
        for _ in 0..5 {
            assert_eq!(answer_to(&app, &token, HOLDERS, json!({})).await.status, 200);
        }
        assert_eq!(manager.asked().len(), expected, "AUTH_CACHE_TTL={cache_ttl}");
    }
}

#[tokio::test]
async fn what_is_kept_outlives_an_outage_for_its_own_token_and_permission_alone() {
    let upstreams = App::upstreams();
    let token = upstreams.token("admin");
    let manager = Manager::always(yes());
    let app = App::serve(&upstreams, &patient(&manager.url, "5m"));
    assert_eq!(answer_to(&app, &token, HOLDERS, json!({})).await.body["errors"], json!(null));
    manager.answers(of_json("500 Internal Server Error", "{}"));
    let both = "{ holders { totalCount } aliasAccounts { totalCount } }";
    let answer = answer_to(&app, &token, both, json!({})).await;
    assert_eq!(answer.code(), "AUTHORIZATION_UNAVAILABLE");
    assert_eq!(answer.body["data"], json!({"holders": {"totalCount": 0}, "aliasAccounts": null}));
    let answer = answer_to(&app, &forged(&token), HOLDERS, json!({})).await;
    assert_eq!((answer.status, answer.code()), (200, "AUTHORIZATION_UNAVAILABLE"));
}

#[tokio::test]
async fn an_outage_is_never_kept() {
    let upstreams = App::upstreams();
    let token = upstreams.token("admin");
    let manager = Manager::always(of_json("500 Internal Server Error", "{}"));
    let app = App::serve(&upstreams, &patient(&manager.url, "5m"));
    assert_eq!(answer_to(&app, &token, ALIASES, json!({})).await.code(), "AUTHORIZATION_UNAVAILABLE");
    manager.answers(yes());
    assert_eq!(answer_to(&app, &token, ALIASES, json!({})).await.body["errors"], json!(null));
}

#[tokio::test]
async fn a_token_that_is_only_taken_because_clocks_differ_is_asked_about_each_time() {
    let upstreams = App::upstreams();
    let manager = Manager::always(yes());
    let app = App::serve(&upstreams, &patient(&manager.url, "5m"));
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let expired = Timestamp::now().0 / 1000;
    let claims = json!({"type": "normal-user", "owner": "lerian", "sub": "a", "exp": expired});
    let token = format!("{}.{}.{}", part(json!({"alg": "RS256"})), part(claims), part(json!("signature")));
    for _ in 0..3 {
        assert_eq!(answer_to(&app, &token, HOLDERS, json!({})).await.status, 200);
    }
    assert_eq!(manager.asked().len(), 3);
}
