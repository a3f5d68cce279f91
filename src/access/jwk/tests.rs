//! Which keys of a set are taken.

use super::super::signer::Signer;
use super::*;
use serde_json::json;

fn changed(jwk: &Value, changes: &Value) -> Value {
    let mut jwk = jwk.clone();
    for (name, value) in changes.as_object().unwrap() {
        let members = jwk.as_object_mut().unwrap();
        if value == "-" {
            members.remove(name).map(|_| ())
        } else {
            members.insert(name.clone(), value.clone()).map(|_| ())
        };
    }
    jwk
}

#[test]
fn a_key_that_says_little_of_itself_is_taken_for_the_algorithm_of_its_kind() {
    for signer in Signer::all() {
        let jwk = signer.jwk("one");
        for changes in [
            json!({}),
            json!({"alg": "-", "use": "-"}),
            json!({"key_ops": ["verify"]}),
            json!({"x5t": "whatever", "exp": 1}),
        ] {
            let read = read(&changed(&jwk, &changes)).unwrap();
            assert_eq!((read.id.as_deref(), read.key.algorithm().name()), (Some("one"), &*signer.name()));
        }
        assert_eq!(read(&changed(&jwk, &json!({"kid": "-"}))).unwrap().id, None);
    }
}

#[test]
fn zeros_before_a_modulus_change_nothing() {
    let jwk = Signer::rsa().jwk("one");
    let padded = [vec![0], bytes(jwk.as_object().unwrap(), "n").unwrap()].concat();
    assert_eq!(read(&changed(&jwk, &json!({"n": URL_SAFE_NO_PAD.encode(padded)}))), read(&jwk));
}

#[test]
fn a_key_that_does_not_fit_proving_tokens_is_passed_over() {
    let [rsa, p256, ed25519] = Signer::all().map(|signer| signer.jwk("one"));
    let short = URL_SAFE_NO_PAD.encode([0xc5; 128]);
    let even = URL_SAFE_NO_PAD.encode([0xc4; 256]);
    for (jwk, changes, why) in [
        (&rsa, json!({"use": "enc"}), "`use`"),
        (&rsa, json!({"use": 1}), "`use`"),
        (&rsa, json!({"key_ops": ["encrypt", "wrapKey"]}), "`key_ops`"),
        (&rsa, json!({"key_ops": "verify"}), "`key_ops`"),
        (&rsa, json!({"kid": 7}), "`kid`"),
        (&rsa, json!({"alg": "RS512"}), "`alg`"),
        (&rsa, json!({"alg": "PS256"}), "`alg`"),
        (&rsa, json!({"alg": "HS256"}), "`alg`"),
        (&rsa, json!({"alg": "ES256"}), "`alg`"),
        (&rsa, json!({"alg": "none"}), "`alg`"),
        (&rsa, json!({"alg": null}), "`alg`"),
        (&rsa, json!({"d": "AQAB"}), "private"),
        (&ed25519, json!({"d": "AQAB"}), "private"),
        (&rsa, json!({"n": short}), "2048 bits"),
        (&rsa, json!({"n": even}), "unsound"),
        (&rsa, json!({"n": ""}), "2048 bits"),
        (&rsa, json!({"e": "AQ"}), "unsound"),
        (&rsa, json!({"e": "-"}), "lacks a part"),
        (&rsa, json!({"n": 7}), "lacks a part"),
        (&rsa, json!({"n": "+/=="}), "base64url"),
        (&rsa, json!({"kty": "-"}), "lacks a part"),
        (&rsa, json!({"kty": "rsa"}), "another kind"),
        (&rsa, json!({"kty": "oct", "k": "c2VjcmV0"}), "shared secret"),
        (&p256, json!({"crv": "P-384"}), "another kind"),
        (&p256, json!({"alg": "ES384"}), "`alg`"),
        (&p256, json!({"alg": "RS256"}), "`alg`"),
        (&p256, json!({"x": "AAAA"}), "no point"),
        (&p256, json!({"y": p256["x"]}), "no point"),
        (&ed25519, json!({"crv": "X25519"}), "another kind"),
        (&ed25519, json!({"crv": "Ed448"}), "another kind"),
        (&ed25519, json!({"x": "AAAA"}), "no Ed25519"),
    ] {
        let BadKey(said) = read(&changed(jwk, &changes)).expect_err(&changes.to_string());
        assert!(said.contains(why), "{changes}: {said}");
    }
    for nothing in [json!(null), json!("key"), json!([])] {
        assert!(read(&nothing).is_err());
    }
}
