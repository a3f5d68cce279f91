//! Which tokens are taken, as far as no key is needed.

use super::{bad, encoded, identify, now, open, person_and, token, token_of};
use crate::registry::ports::access::AccessManager;
use secrecy::ExposeSecret;
use serde_json::json;

const RS256: &str = r#"{"alg":"RS256"}"#;
const CLAIMS: &str = r#"{"type":"normal-user","owner":"lerian","sub":"7f3c0a52"}"#;

#[tokio::test]
async fn tokens_of_every_accepted_form_are_taken() {
    for good in [
        format!("Bearer {}", token_of(RS256, CLAIMS)),
        format!("bearer {}", token_of(r#"{"alg":"ES256","typ":"at+jwt","kid":"k"}"#, CLAIMS)),
        format!("BEARER   {} ", token_of(r#"{"alg":"EdDSA"}"#, CLAIMS)),
        format!("Bearer {}", token(&person_and(json!({"exp": now() + 3600, "nbf": now() - 3600})))),
        format!("Bearer {}", token(&person_and(json!({"exp": now() as f64 + 0.5})))),
        format!("Bearer {}", token(&person_and(json!({"exp": 1e300, "nbf": 0})))),
        format!("Bearer {}", token(&person_and(json!({"nested": {"a": [1, {"b": null}]}})))),
    ] {
        let identity = identify(Some(&good)).await.unwrap();
        let sent = good.split_once(' ').unwrap().1.trim();
        assert_eq!(identity.token.unwrap().expose_secret(), sent, "{good}");
    }
}

#[tokio::test]
async fn the_longest_token_has_16_kib() {
    let start = format!("Bearer {}.{}.", encoded(RS256), encoded(CLAIMS));
    let longest = format!("{start}{}", "A".repeat("Bearer ".len() + 16 * 1024 - start.len()));
    assert!(identify(Some(&longest)).await.is_ok());
    assert!(identify(Some(&format!("{longest}A"))).await.unwrap_err().0.contains("16 KiB"));
}

/// Every row: what is sent, and a word of the reason.
fn bad_tokens() -> Vec<(String, &'static str)> {
    let good = token_of(RS256, CLAIMS);
    let parts: Vec<&str> = good.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let mut bad: Vec<(String, &str)> = [
        (String::new(), "`Bearer <token>`"),
        ("Bearer".to_owned(), "`Bearer <token>`"),
        (good.clone(), "`Bearer <token>`"),
        (format!("Basic {good}"), "`Bearer <token>`"),
        (format!("Bearer:{good}"), "`Bearer <token>`"),
        (format!("Bearer\t{good}"), "`Bearer <token>`"),
        ("Bearer ".to_owned(), "three parts"),
        ("Bearer undefined".to_owned(), "three parts"),
        (format!("Bearer {}", "A".repeat(16 * 1024 + 1)), "16 KiB"),
        (format!("Bearer {header}.{claims}"), "three parts"),
        (format!("Bearer {good}.{signature}"), "three parts"),
        (format!("Bearer {good} {good}"), "three parts"),
        (format!("Bearer {good}, Bearer {good}"), "three parts"),
        (format!("Bearer {header}.{claims} .{signature}"), "base64url"),
        (format!("Bearer {header}=.{claims}.{signature}"), "base64url"),
        (format!("Bearer {header}.{claims}.a+b/"), "base64url"),
        (format!("Bearer {header}.{claims}.é"), "base64url"),
        (format!("Bearer {header}.{claims}.AB"), "base64url"),
        (format!("Bearer {header}.{claims}."), "no signature"),
        (format!("Bearer {header}..{signature}"), "claims must be"),
        (format!("Bearer .{claims}.{signature}"), "header must be"),
        ("Bearer ..".to_owned(), "header must be"),
    ]
    .into();
    bad.extend(bad_headers().map(|(header, why)| (format!("Bearer {}", token_of(header, CLAIMS)), why)));
    bad.extend(bad_claims().map(|claims| {
        (format!("Bearer {}", token_of(RS256, claims)), "claims must be a JSON object with unique keys")
    }));
    bad.extend(bad_times().map(|(times, why)| (format!("Bearer {}", token(&person_and(times))), why)));
    bad
}

fn bad_headers() -> impl Iterator<Item = (&'static str, &'static str)> {
    let not_objects =
        ["", "RS256", "[]", r#"["RS256"]"#, r#""alg""#, r#"{"alg":"RS256""#, r#"{"alg":"RS256"}{}"#];
    let algorithms = [
        r"{}",
        r#"{"alg":null}"#,
        r#"{"alg":["RS256"]}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{"alg":""}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS384"}"#,
        r#"{"alg":"PS256"}"#,
        r#"{"alg":"ES384"}"#,
        r#"{"alg":"rs256"}"#,
        r#"{"ALG":"RS256"}"#,
    ];
    let others = [
        (r#"{"alg":"RS256","alg":"none"}"#, "header must be a JSON object with unique keys"),
        (r#"{"alg":"none","\u0061lg":"RS256"}"#, "header must be a JSON object with unique keys"),
        (r#"{"alg":"RS256","crit":["exp"]}"#, "`crit`"),
        (r#"{"alg":"RS256","b64":false}"#, "`b64`"),
        (r#"{"alg":"RS256","kid":7}"#, "`kid`"),
        (r#"{"alg":"RS256","kid":null}"#, "`kid`"),
    ];
    not_objects
        .map(|header| (header, "header must be a JSON object"))
        .into_iter()
        .chain(algorithms.map(|header| (header, "`alg` must be RS256, ES256 or EdDSA")))
        .chain(others)
}

fn bad_claims() -> impl Iterator<Item = &'static str> {
    [
        "not json",
        "null",
        "[]",
        r#"[{"type":"normal-user"}]"#,
        r#"{"sub":"a","sub":"b"}"#,
        r#"{"type":"normal-user","owner":"lerian","sub":"a","type":"app"}"#,
        r#"{"exp":1e999}"#,
        r#"{"exp":NaN}"#,
    ]
    .into_iter()
}

fn bad_times() -> impl Iterator<Item = (serde_json::Value, &'static str)> {
    [
        (json!({"exp": now() - 31}), "has expired"),
        (json!({"exp": 0}), "has expired"),
        (json!({"exp": 1.5}), "has expired"),
        (json!({"exp": -1}), "`exp` must be a number"),
        (json!({"exp": null}), "`exp` must be a number"),
        (json!({"exp": "4102444800"}), "`exp` must be a number"),
        (json!({"exp": true}), "`exp` must be a number"),
        (json!({"exp": [4_102_444_800_u64]}), "`exp` must be a number"),
        (json!({"nbf": now() + 3600}), "not valid yet"),
        (json!({"nbf": "0"}), "`nbf` must be a number"),
        (json!({"exp": now() + 3600, "nbf": {}}), "`nbf` must be a number"),
    ]
    .into_iter()
}

#[tokio::test]
async fn bad_tokens_are_refused_with_the_reason_and_never_shown() {
    let tokens = bad_tokens();
    assert!(tokens.len() >= 40);
    for (authorization, why) in tokens {
        let shown: String = authorization.chars().take(80).collect();
        let error = identify(Some(&authorization)).await.expect_err(&shown);
        assert!(error.0.contains(why), "{shown}: {error}");
        // Off does not mean that anything goes.
        assert_eq!(bad(open().identify(Some(&authorization)).await).err(), Some(error), "{shown}");
    }
    assert!(identify(None).await.unwrap_err().0.contains("there is no token"));
}

#[test]
fn clocks_may_be_thirty_seconds_apart() {
    let at = |claims: serde_json::Value, now| super::super::token::read(&token(&claims), now).is_ok();
    assert!(at(json!({"exp": 1000}), 1029.9));
    assert!(!at(json!({"exp": 1000}), 1030.0));
    assert!(at(json!({"nbf": 1000}), 970.0));
    assert!(!at(json!({"nbf": 1000}), 969.9));
}

#[test]
fn a_signature_is_needed_even_where_it_is_not_checked() {
    let unsigned = format!("{}.{}.", encoded(RS256), encoded(CLAIMS));
    assert!(super::super::token::read(&unsigned, 0.0).is_err());
}
