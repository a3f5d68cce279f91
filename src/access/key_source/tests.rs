//! A key server that answers in every way.

use super::super::key_set::KeySet;
use super::super::signer::Signer;
use super::*;
use crate::upstream::stand_in::{PATIENT, Reply, StandIn, json as whole, nobody, raw};
use serde_json::json;

async fn fetch(base: &Url, attempt_timeout: Duration) -> Result<Vec<u8>, NoAnswer> {
    let url = base.join("/keys?p=of-tokens").unwrap();
    KeyUrl::new(url, PATIENT, attempt_timeout, &UpstreamTls::default()).unwrap().fetch().await
}

#[tokio::test]
async fn a_key_set_is_fetched_from_the_url_as_it_is() {
    let set = json!({"keys": [Signer::ed25519().jwk("a")]});
    for content_type in ["application/json", "application/jwk-set+json; charset=utf-8"] {
        let server = StandIn::always(raw(200, content_type, set.to_string())).await;
        let body = fetch(&server.base, PATIENT).await.unwrap();
        assert_eq!(KeySet::read(&body).unwrap().len(), 1);
        let seen = server.seen();
        assert_eq!(seen.len(), 1);
        assert!(
            seen[0].line.contains("GET") && seen[0].line.contains("/keys?p=of-tokens"),
            "{}",
            seen[0].line
        );
        assert!(!seen[0].headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn anything_but_json_with_status_200_is_no_answer() {
    let long = format!(r#"{{"keys":[],"more":"{}"}}"#, "x".repeat(LONGEST));
    for (reply, why) in [
        (raw(200, "text/html", "<html></html>"), NoAnswer::NotJson),
        (Reply::Whole { status: 200, content_type: None, body: b"{}".to_vec() }, NoAnswer::NotJson),
        (raw(200, "application/json", long), NoAnswer::TooLong),
        (whole(201, &json!({"keys": []})), NoAnswer::Status(201)),
        (whole(404, &json!({})), NoAnswer::Status(404)),
        (whole(500, &json!({})), NoAnswer::Status(500)),
        (Reply::Redirect(302, "/elsewhere"), NoAnswer::Status(302)),
        (Reply::BrokenOff, NoAnswer::BrokenOff),
        (Reply::Never, NoAnswer::TimedOut),
        (Reply::Stuck, NoAnswer::TimedOut),
    ] {
        let attempt_timeout = reply.attempt_timeout();
        let server = StandIn::always(reply.clone()).await;
        assert_eq!(fetch(&server.base, attempt_timeout).await, Err(why), "{reply:?}");
        assert_eq!(server.seen().len(), 1, "a redirect is not followed, and nothing is tried again");
    }
    let (_socket, base) = nobody();
    let error = fetch(&base, PATIENT).await.unwrap_err();
    assert!(matches!(error, NoAnswer::NotConnected(_)), "{error}");
    assert!(!error.to_string().contains("of-tokens"), "{error}");
}

#[tokio::test]
async fn a_set_of_a_hundred_keys_with_their_certificates_is_fetched_whole() {
    let signer = Signer::rsa();
    let with_chain = |id: i32| {
        let mut jwk = signer.jwk(&id.to_string());
        jwk["x5c"] = json!(["M".repeat(2_700), "M".repeat(2_700), "M".repeat(2_700)]);
        jwk
    };
    let set = json!({"keys": (0..100).map(with_chain).collect::<Vec<_>>()});
    let server = StandIn::always(whole(200, &set)).await;
    let body = fetch(&server.base, PATIENT).await.unwrap();
    assert_eq!(KeySet::read(&body).unwrap().len(), 100);
}
