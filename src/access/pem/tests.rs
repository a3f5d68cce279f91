//! Which files of public keys are taken.

use super::super::signer::{Signer, UNUSABLE};
use super::*;

#[test]
fn a_file_may_hold_keys_of_every_kind_with_text_around_them() {
    let [rsa, p256, ed25519] = Signer::all();
    let text = format!(
        "from the key room\r\n{}\n{}# and\n{}",
        rsa.pem().replace('\n', "\r\n"),
        p256.pem(),
        ed25519.pem()
    );
    let keys = PublicKeys::of_pem(&text).unwrap();
    for algorithm in Algorithm::ALL {
        assert_eq!(keys.of(algorithm).count(), 1, "{algorithm:?}");
    }
    assert_eq!(format!("{keys:?}"), "PublicKeys([PublicKey(RS256), PublicKey(ES256), PublicKey(EdDSA)])");
}

#[test]
fn a_file_of_anything_else_is_refused_with_the_reason() {
    let good = Signer::ed25519().pem();
    let body = good.lines().nth(1).unwrap();
    for (text, why) in [
        (String::new(), PemFault::NoKey),
        ("not a key".to_owned(), PemFault::NoKey),
        (body.to_owned(), PemFault::NoKey),
        (good.replace("PUBLIC", "PRIVATE"), PemFault::Private),
        (format!("{good}{}", good.replace("PUBLIC", "RSA PRIVATE")), PemFault::Private),
        (good.replace("PUBLIC KEY", "CERTIFICATE"), PemFault::Other),
        (good.replace("PUBLIC", "RSA PUBLIC"), PemFault::Other),
        (good.replace("-----END PUBLIC KEY-----", ""), PemFault::Broken),
        (good.replace(body, "not base64!"), PemFault::Broken),
        (good.replace(body, ""), PemFault::BadKey(1, "is no public key of RSA, P-256 or Ed25519")),
        // A bare Ed25519 key without the structure that says so.
        (
            good.replace(body, &STANDARD.encode([7; 32])),
            PemFault::BadKey(1, "is no public key of RSA, P-256 or Ed25519"),
        ),
        (good.repeat(17), PemFault::TooMany),
    ] {
        assert_eq!(PublicKeys::of_pem(&text), Err(why), "{text}");
    }
    assert!(PublicKeys::of_pem(&good.repeat(16)).is_ok());
}

#[test]
fn a_key_that_is_short_or_of_another_kind_is_refused_by_its_place() {
    for (kind, pem) in UNUSABLE {
        let text = format!("{}{pem}", Signer::p256().pem());
        let fault = PublicKeys::of_pem(&text).unwrap_err();
        let PemFault::BadKey(2, why) = fault else { panic!("{kind}: {fault}") };
        let expected = if kind.starts_with("RSA") { "2048 bits" } else { "is no public key" };
        assert!(why.contains(expected), "{kind}: {why}");
    }
}
