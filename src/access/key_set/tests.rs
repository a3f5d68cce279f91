//! What is made of a key server's answer, and which key a token finds in it.

use super::super::signer::Signer;
use super::*;
use serde_json::json;

fn set(keys: &[Value]) -> Result<KeySet, NoKeySet> {
    KeySet::read(json!({"keys": keys, "more": 1}).to_string().as_bytes())
}

#[test]
fn keys_that_prove_no_token_are_passed_over_and_the_rest_is_kept() {
    let [rsa, p256, ed25519] = Signer::all();
    let secret = json!({"kty": "oct", "k": "c2VjcmV0", "kid": "b"});
    let read = set(&[rsa.jwk("a"), secret, json!(7), p256.jwk("c"), ed25519.jwk("d")]).unwrap();
    assert_eq!(read.len(), 3);
    assert_eq!(read.find(Algorithm::Rs256, Some("b")), Found::Unknown);
}

#[test]
fn what_is_no_set_of_usable_keys_is_none() {
    for body in
        ["", "{}", "[]", "<html></html>", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, r#"{"keys":[]}{}"#]
    {
        assert_eq!(KeySet::read(body.as_bytes()), Err(NoKeySet::Form), "{body}");
    }
    assert_eq!(set(&[]), Err(NoKeySet::NoUsableKey(None)));
    let only_secret = set(&[json!({"kty": "oct", "k": "c2VjcmV0"})]).unwrap_err();
    assert!(
        only_secret.to_string().ends_with("the last one is a shared secret (`kty` is `oct`)"),
        "{only_secret}"
    );
    let many: Vec<Value> = (0..101).map(|id| json!({"kty": "x", "kid": id.to_string()})).collect();
    assert_eq!(set(&many), Err(NoKeySet::TooMany));
}

#[test]
fn two_different_keys_of_one_name_make_the_set_unusable_and_the_same_key_twice_does_not() {
    let (one, other) = (Signer::ed25519(), Signer::ed25519());
    assert_eq!(set(&[one.jwk("a"), other.jwk("a")]), Err(NoKeySet::Ambiguous));
    assert_eq!(set(&[one.jwk("a"), one.jwk("a")]).unwrap().len(), 1);
    // RFC 7517, 4.5: the algorithm tells them apart.
    let both = set(&[one.jwk("a"), Signer::p256().jwk("a")]).unwrap();
    assert!(matches!(both.find(Algorithm::Es256, Some("a")), Found::Key(_)));
}

#[test]
fn a_token_finds_the_key_that_it_names_and_only_for_its_algorithm() {
    let set = set(&[Signer::ed25519().jwk("a"), Signer::p256().jwk("b")]).unwrap();
    let Found::Key(key) = set.find(Algorithm::EdDsa, Some("a")) else { panic!() };
    assert_eq!(key.algorithm(), Algorithm::EdDsa);
    assert_eq!(set.find(Algorithm::Es256, Some("a")), Found::Unfit);
    assert_eq!(set.find(Algorithm::Rs256, Some("a")), Found::Unfit);
    assert_eq!(set.find(Algorithm::EdDsa, Some("A")), Found::Unknown);
    assert_eq!(set.find(Algorithm::EdDsa, Some("")), Found::Unknown);
}

#[test]
fn a_token_that_names_no_key_finds_the_only_one_of_its_algorithm() {
    let mut unnamed = Signer::rsa().jwk("-");
    unnamed.as_object_mut().unwrap().remove("kid");
    let set = set(&[Signer::ed25519().jwk("a"), Signer::ed25519().jwk("b"), unnamed]).unwrap();
    assert!(matches!(set.find(Algorithm::Rs256, None), Found::Key(_)));
    assert_eq!(set.find(Algorithm::EdDsa, None), Found::Unfit);
    assert_eq!(set.find(Algorithm::Es256, None), Found::Unknown);
    // A key without a name is no answer to a name.
    assert_eq!(set.find(Algorithm::Rs256, Some("c")), Found::Unknown);
}
