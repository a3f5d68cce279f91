//! What is made of a key server's answer, and which key a token finds in it.

use super::super::signer::Signer;
use super::*;
use serde_json::json;

fn set(keys: &[Value]) -> Result<KeySet, NoKeySet> {
    KeySet::read(json!({"keys": keys, "more": 1}).to_string().as_bytes())
}

/// How many keys such a token is tried with.
fn keys_of(set: &KeySet, algorithm: Algorithm, id: Option<&str>) -> usize {
    let Found::Keys(keys) = set.find(algorithm, id) else { panic!("{algorithm:?} {id:?}") };
    keys.len()
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
fn of_two_different_keys_of_one_name_neither_is_kept_and_all_others_are() {
    let (one, other, third) = (Signer::ed25519(), Signer::ed25519(), Signer::ed25519());
    let read = set(&[one.jwk("a"), third.jwk("b"), other.jwk("a"), one.jwk("a")]).unwrap();
    assert_eq!((read.len(), read.ambiguous()), (1, 1));
    assert_eq!(read.find(Algorithm::EdDsa, Some("a")), Found::Unfit);
    assert_eq!(keys_of(&read, Algorithm::EdDsa, Some("b")), 1);
    // A token without a name is not tried with them either.
    assert_eq!(keys_of(&read, Algorithm::EdDsa, None), 1);
    assert_eq!(set(&[one.jwk("a"), other.jwk("a")]), Err(NoKeySet::Ambiguous));
    let same = set(&[one.jwk("a"), one.jwk("a")]).unwrap();
    assert_eq!((same.len(), same.ambiguous()), (1, 0));
    // RFC 7517, 4.5: the algorithm tells them apart.
    let both = set(&[one.jwk("a"), other.jwk("a"), Signer::p256().jwk("a")]).unwrap();
    assert_eq!(keys_of(&both, Algorithm::Es256, Some("a")), 1);
    assert_eq!(both.find(Algorithm::EdDsa, Some("a")), Found::Unfit);
}

#[test]
fn a_token_finds_the_key_that_it_names_and_only_for_its_algorithm() {
    let set = set(&[Signer::ed25519().jwk("a"), Signer::p256().jwk("b")]).unwrap();
    let Found::Keys(keys) = set.find(Algorithm::EdDsa, Some("a")) else { panic!() };
    assert_eq!(keys.iter().map(|key| key.algorithm()).collect::<Vec<_>>(), [Algorithm::EdDsa]);
    assert_eq!(set.find(Algorithm::Es256, Some("a")), Found::Unfit);
    assert_eq!(set.find(Algorithm::Rs256, Some("a")), Found::Unfit);
    assert_eq!(set.find(Algorithm::EdDsa, Some("A")), Found::Unknown);
    assert_eq!(set.find(Algorithm::EdDsa, Some("")), Found::Unknown);
}

#[test]
fn a_token_that_names_no_key_finds_all_of_its_algorithm_up_to_sixteen() {
    let unnamed = |signer: Signer| {
        let mut jwk = signer.jwk("-");
        jwk.as_object_mut().unwrap().remove("kid");
        jwk
    };
    let read = set(&[
        Signer::ed25519().jwk("a"),
        Signer::ed25519().jwk("b"),
        unnamed(Signer::ed25519()),
        unnamed(Signer::rsa()),
    ])
    .unwrap();
    assert_eq!(keys_of(&read, Algorithm::Rs256, None), 1);
    assert_eq!(keys_of(&read, Algorithm::EdDsa, None), 3);
    assert_eq!(read.find(Algorithm::Es256, None), Found::Unknown);
    // A key without a name is no answer to a name.
    assert_eq!(read.find(Algorithm::Rs256, Some("c")), Found::Unknown);
    let many: Vec<Value> = (0..20).map(|id| Signer::ed25519().jwk(&id.to_string())).collect();
    assert_eq!(keys_of(&set(&many).unwrap(), Algorithm::EdDsa, None), 16);
}
