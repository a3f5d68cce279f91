//! Which tokens are proven, and what their claims must say.

use super::super::signer::{Signer, hmac};
use super::super::tests::{now, person_and};
use super::*;
use crate::upstream::stand_in::{PATIENT, StandIn, json as whole};
use jsonwebtoken::Algorithm;
use serde_json::json;

fn claims() -> Value {
    person_and(json!({"exp": now() + 600}))
}

fn by_pem(signers: &[Signer], expected: ExpectedClaims) -> Verifier {
    let pem: String = signers.iter().map(Signer::pem).collect();
    Verifier::by_keys(PublicKeys::of_pem(&pem).unwrap(), expected)
}

async fn verdict(verifier: &Verifier, token: &str) -> Result<Identity, Unidentified> {
    verifier.identify(&format!("Bearer {token}")).await
}

#[tokio::test]
async fn a_token_of_each_algorithm_is_proven_by_the_files_keys_whatever_its_kid() {
    let signers = Signer::all();
    let verifier = by_pem(&signers, ExpectedClaims::default());
    for signer in &signers {
        let unnamed = signer.token_of(&json!({"alg": signer.name()}), &claims());
        for token in [signer.token("anything", &claims()), unnamed] {
            assert_eq!(verdict(&verifier, &token).await.unwrap().subject, "lerian/7f3c0a52");
        }
    }
    // The second key of one algorithm, as while keys are being replaced.
    let two = [Signer::ed25519(), Signer::ed25519()];
    let token = two[1].token("b", &claims());
    assert!(verdict(&by_pem(&two, ExpectedClaims::default()), &token).await.is_ok());
}

#[tokio::test]
async fn a_token_that_no_key_signed_as_it_says_is_refused() {
    let [rsa, p256, ed25519] = Signer::all();
    let stranger = Signer::ed25519().token("a", &claims());
    let genuine = ed25519.token("a", &claims());
    let (_, signature) = genuine.rsplit_once('.').unwrap();
    let other_claims = Signer::ed25519().token("a", &person_and(json!({"sub": "boss", "exp": now() + 600})));
    let (other_claims, _) = other_claims.rsplit_once('.').unwrap();
    let pem = rsa.pem();
    let bad = [
        stranger,
        format!("{other_claims}.{signature}"),
        format!("{genuine}AAAA"),
        rsa.token_of(&json!({"alg": "ES256"}), &claims()),
        p256.token_of(&json!({"alg": "RS256"}), &claims()),
        ed25519.token_of(&json!({"alg": "RS256"}), &claims()),
        rsa.token_by(Algorithm::RS384, "a", &claims()),
        rsa.token_by(Algorithm::RS512, "a", &claims()),
        rsa.token_by(Algorithm::PS256, "a", &claims()),
        hmac(Algorithm::HS256, &json!({"alg": "HS256"}), pem.as_bytes(), &claims()),
        hmac(Algorithm::HS256, &json!({"alg": "RS256"}), pem.as_bytes(), &claims()),
        hmac(Algorithm::HS256, &json!({"alg": "RS256"}), pem.trim().as_bytes(), &claims()),
    ];
    let verifier = by_pem(&[rsa, p256, ed25519], ExpectedClaims::default());
    assert!(verdict(&verifier, &genuine).await.is_ok());
    for token in bad {
        let error = verdict(&verifier, &token).await.expect_err(&token);
        assert!(matches!(error, Unidentified::BadToken(_)), "{token}: {error}");
    }
}

#[tokio::test]
async fn a_token_without_an_end_is_taken_only_where_it_is_not_proven_here() {
    let signer = Signer::ed25519();
    let endless = signer.token("a", &person_and(json!({})));
    assert_eq!(verdict(&Verifier::none(ExpectedClaims::default()), &endless).await.unwrap().expires, None);
    let verifier = by_pem(&[signer], ExpectedClaims::default());
    assert_eq!(verdict(&verifier, &endless).await.unwrap_err(), BadToken("the token has no `exp`").into());
}

#[tokio::test]
async fn issuer_and_audience_are_compared_to_the_letter_also_where_tokens_are_only_decoded() {
    let signer = Signer::ed25519();
    let expected = || ExpectedClaims {
        issuer: Some("https://sso".to_owned()),
        audience: Some("holders".to_owned()),
        organizations_claim: None,
    };
    let token = |iss: Value, aud: Value| {
        signer.token("a", &person_and(json!({"exp": now() + 600, "iss": iss, "aud": aud})))
    };
    let pem = PublicKeys::of_pem(&signer.pem()).unwrap();
    for verifier in [Verifier::by_keys(pem, expected()), Verifier::none(expected())] {
        for good in [json!("holders"), json!(["holders"]), json!(["ledger", "holders"])] {
            assert!(verdict(&verifier, &token(json!("https://sso"), good)).await.is_ok());
        }
        for (iss, aud) in [
            (json!("https://sso/"), json!("holders")),
            (json!("HTTPS://SSO"), json!("holders")),
            (json!(["https://sso"]), json!("holders")),
            (json!(null), json!("holders")),
            (json!("https://sso"), json!("Holders")),
            (json!("https://sso"), json!("holders ")),
            (json!("https://sso"), json!([])),
            (json!("https://sso"), json!(["ledger"])),
            (json!("https://sso"), json!(["holders", 7])),
            (json!("https://sso"), json!({"holders": true})),
            (json!("https://sso"), json!(null)),
        ] {
            let error = verdict(&verifier, &token(iss.clone(), aud.clone())).await;
            assert!(matches!(error, Err(Unidentified::BadToken(_))), "{iss} {aud}");
        }
        let neither = signer.token("a", &claims());
        assert!(verdict(&verifier, &neither).await.is_err());
    }
}

#[tokio::test]
async fn a_token_is_for_the_organizations_of_its_claim_and_for_none_where_that_is_of_another_form() {
    let id = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";
    let other = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5c";
    let parsed = |id: &str| OrganizationId::parse(id).unwrap();
    let signer = Signer::ed25519();
    let expected = ExpectedClaims {
        organizations_claim: Some("https://x/orgs".to_owned()),
        ..ExpectedClaims::default()
    };
    let verifier = Verifier::by_keys(PublicKeys::of_pem(&signer.pem()).unwrap(), expected);
    for (claim, named) in [
        (json!(id), vec![parsed(id)]),
        (json!(id.to_uppercase()), vec![parsed(id)]),
        (json!([id, other]), vec![parsed(id), parsed(other)]),
        (json!([]), vec![]),
        (json!(null), vec![]),
        (json!("*"), vec![]),
        (json!(""), vec![]),
        (json!(true), vec![]),
        (json!({"0": id}), vec![]),
        (json!([id, 7]), vec![]),
        (json!([id, "*"]), vec![]),
        (json!([[id]]), vec![]),
        (json!(format!("{id},{other}")), vec![]),
        (json!(id.replace('-', "")), vec![]),
    ] {
        let token = signer.token("a", &person_and(json!({"exp": now() + 600, "https://x/orgs": claim})));
        let organizations = verdict(&verifier, &token).await.unwrap().organizations;
        assert_eq!(organizations, Organizations::Only(named), "{claim}");
    }
    let without = verdict(&verifier, &signer.token("a", &claims())).await.unwrap().organizations;
    assert!(without == Organizations::Only(vec![]) && !without.include(parsed(id)));
    let unbound = by_pem(&[Signer::ed25519()], ExpectedClaims::default());
    assert_eq!(unbound.expected.organizations(&claims().as_object().unwrap().clone()), Organizations::Any);
}

#[tokio::test]
async fn a_token_is_proven_by_the_key_of_a_set_that_it_names_and_by_no_other() {
    let [rsa, _, ed25519] = Signer::all();
    let set = json!({"keys": [rsa.jwk("a"), ed25519.jwk("b")]}).to_string();
    let verifier = Verifier::by_key_set(set.as_bytes(), ExpectedClaims::default()).ok().unwrap();
    for good in [rsa.token("a", &claims()), ed25519.token("b", &claims())] {
        assert!(verdict(&verifier, &good).await.is_ok());
    }
    for bad in
        [rsa.token("b", &claims()), ed25519.token("c", &claims()), Signer::ed25519().token("b", &claims())]
    {
        assert!(matches!(verdict(&verifier, &bad).await, Err(Unidentified::BadToken(_))), "{bad}");
    }
    assert!(Verifier::by_key_set(br#"{"keys": []}"#, ExpectedClaims::default()).is_err());
}

/// By the keys that this server publishes, and no claim expected.
fn published(server: &StandIn) -> Verifier {
    let (base, tls) = (server.base.clone(), UpstreamTls::default());
    Verifier::by_url(base, PATIENT, PATIENT, &tls, ExpectedClaims::default()).unwrap()
}

#[tokio::test]
async fn an_expired_token_never_makes_anybody_ask_the_key_server() {
    let signer = Signer::ed25519();
    let server = StandIn::always(whole(200, &json!({"keys": [signer.jwk("a")]}))).await;
    let verifier = published(&server);
    assert!(verdict(&verifier, &signer.token("a", &claims())).await.is_ok());
    let expired = signer.token("gone", &person_and(json!({"exp": now() - 60})));
    assert_eq!(verdict(&verifier, &expired).await.unwrap_err(), BadToken("the token has expired").into());
    assert_eq!(server.seen().len(), 1);
    assert_eq!(verdict(&verifier, &signer.token("gone", &claims())).await.unwrap_err(), NO_SUCH_KEY.into());
    assert_eq!((server.seen().len(), verifier.health()), (2, Ok(())));
}

#[tokio::test]
async fn a_token_without_a_name_is_proven_by_the_old_and_the_new_key_while_both_are_published() {
    let signers = [Signer::ed25519(), Signer::ed25519()];
    let set = json!({"keys": [signers[0].jwk("old"), signers[1].jwk("new")]});
    let server = StandIn::always(whole(200, &set)).await;
    let verifier = published(&server);
    let unnamed = json!({"alg": "EdDSA"});
    for signer in &signers {
        assert!(verdict(&verifier, &signer.token_of(&unnamed, &claims())).await.is_ok());
    }
    let stranger = Signer::ed25519().token_of(&unnamed, &claims());
    assert_eq!(verdict(&verifier, &stranger).await.unwrap_err(), FORGED.into());
    // With a name it is that key and no other.
    assert_eq!(verdict(&verifier, &signers[0].token("new", &claims())).await.unwrap_err(), FORGED.into());
}

#[tokio::test]
async fn without_a_key_set_a_token_is_neither_good_nor_bad() {
    let server = StandIn::always(whole(503, &json!({}))).await;
    let verifier = published(&server);
    let token = Signer::ed25519().token("a", &claims());
    assert_eq!(verdict(&verifier, &token).await.unwrap_err(), Unidentified::Unavailable);
    assert_eq!(verifier.health().unwrap_err(), "the key set of AUTH_JWKS_URL: status 503");
}
