//! One table of bad tokens, each of which is refused with 401 and asked of nobody, and of good ones, which pass.

use super::signer::{Signer, hmac};
use super::{KeyServer, READ, Reply, assert_refused, assert_taken, claims, now, read, with, yes_man};
use crate::app::{App, send};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::Ordering;

const ISSUER: &str = "https://sso.internal";
const AUDIENCE: &str = "holdergraph";

/// What is sent, and what it is.
type Bad = (String, Vec<String>);

fn good(changes: Value) -> Value {
    let mut all = json!({"iss": ISSUER, "aud": [AUDIENCE, "ledger"]});
    all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims(all)
}

fn encoded(part: &str) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// A header that is no Bearer token, or more than one, around a token that is good.
fn headers(token: &str) -> Vec<Bad> {
    let bearer = format!("Bearer {token}");
    [
        ("no header", vec![]),
        ("an empty header", vec![String::new()]),
        ("no token", vec!["Bearer".to_owned()]),
        ("another scheme", vec![format!("Basic {token}")]),
        ("no scheme", vec![token.to_owned()]),
        ("two tokens in one header", vec![format!("{bearer}, {bearer}")]),
        ("the same header twice", vec![bearer.clone(), bearer.clone()]),
        ("a second, empty header", vec![bearer.clone(), String::new()]),
        ("a second header of another scheme", vec![bearer, "Basic eDp5".to_owned()]),
    ]
    .map(|(what, values)| (what.to_owned(), values))
    .into()
}

/// A good token, spoiled in its text.
fn spoiled(token: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("{token}") };
    let reversed: String = signature.chars().rev().collect();
    let boss = encoded(&good(json!({"sub": "boss"})).to_string());
    [
        ("a word", "undefined".to_owned()),
        ("two parts", format!("{header}.{claims}")),
        ("four parts", format!("{token}.{signature}")),
        ("five parts, as an encrypted token", format!("{token}.{signature}.{signature}")),
        ("no signature", format!("{header}.{claims}.")),
        ("a reversed signature", format!("{header}.{claims}.{reversed}")),
        ("a longer signature", format!("{token}AAAA")),
        ("a padded signature", format!("{token}==")),
        ("a signature with stray last bits", with_stray_bits(token)),
        ("a shorter signature", token[..token.len() - 4].to_owned()),
        ("other claims", format!("{header}.{boss}.{signature}")),
        ("alg none, unsigned", format!("{}.{claims}.", encoded(r#"{"alg":"none"}"#))),
    ]
    .map(|(what, token)| (what.to_owned(), token))
    .into()
}

/// The same signature to whoever overlooks that the bits after its last byte are not zero.
fn with_stray_bits(token: &str) -> String {
    let (start, last) = token.split_at(token.len() - 1);
    let stray = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        "w" => "x",
        _ => panic!("a signature of 3n + 1 bytes ends otherwise: {last}"),
    };
    format!("{start}{stray}")
}

/// Tokens of another form than a token has, whose signature is genuine: nothing but their form refuses them.
fn malformed(signer: &Signer, id: &str) -> Vec<(String, String)> {
    let (name, all) = (signer.name(), good(json!({})));
    let (header, claims) = (encoded(&json!({"alg": name, "kid": id}).to_string()), encoded(&all.to_string()));
    let mut padded_header = json!({"alg": name, "kid": id}).to_string();
    if padded_header.len().is_multiple_of(3) {
        padded_header.push(' ');
    }
    // `>` and `?` at each place of three give the letters that the alphabets differ in.
    let text = good(json!({"more": "?>?>?>?>"})).to_string();
    let other_alphabet = STANDARD_NO_PAD.encode(&text);
    assert!(other_alphabet.contains(['+', '/']) && encoded(&text) != other_alphabet);
    let long = encoded(&good(json!({"more": "x".repeat(16 * 1024)})).to_string());
    let members = all.to_string();
    let twice = format!(r#"{},"sub":"7f3c0a52"}}"#, members.strip_suffix('}').unwrap());
    let headed = |header: String| format!("{}.{claims}", encoded(&header));
    [
        ("padding", format!("{}.{claims}", URL_SAFE.encode(padded_header))),
        ("a space within", format!("{header}.{claims} ")),
        ("the other base64 alphabet", format!("{header}.{other_alphabet}")),
        ("over 16 KiB", format!("{header}.{long}")),
        ("no claims", format!("{header}.")),
        ("no header", format!(".{claims}")),
        ("claims that are no JSON", format!("{header}.{}", encoded("sub=boss"))),
        ("claims that are no object", format!("{header}.{}", encoded(&format!("[{members}]")))),
        ("a claim twice", format!("{header}.{}", encoded(&twice))),
        ("alg none with a signature", headed(json!({"alg": "none", "kid": id}).to_string())),
        ("alg nOnE", headed(json!({"alg": "nOnE", "kid": id}).to_string())),
        ("alg in small letters", headed(json!({"alg": name.to_lowercase(), "kid": id}).to_string())),
        ("no alg", headed(json!({"kid": id}).to_string())),
        ("alg as a list", headed(json!({"alg": [name], "kid": id}).to_string())),
        ("alg twice", headed(format!(r#"{{"alg":"{name}","alg":"{name}","kid":"{id}"}}"#))),
        ("a header that is no object", headed(format!("{:?}", ["alg", &name]))),
    ]
    .map(|(what, text)| (format!("{what}, {name}"), signer.signed(&text)))
    .into()
}

/// An ES256 token, whose signature is the genuine one in the form of certificates, or is of zeros.
fn es256(token: &str) -> Vec<(String, String)> {
    let (text, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let number = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let sign: &[u8] = if bytes[zeros] < 0x80 { &[] } else { &[0] };
        let digits = [sign, &bytes[zeros..]].concat();
        [&[0x02, digits.len() as u8], &digits[..]].concat()
    };
    let numbers = [number(&signature[..32]), number(&signature[32..])].concat();
    let der = [&[0x30, numbers.len() as u8], &numbers[..]].concat();
    vec![
        ("ES256 with a DER signature".to_owned(), format!("{text}.{}", URL_SAFE_NO_PAD.encode(der))),
        ("ES256 with zeros".to_owned(), format!("{text}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
    ]
}

/// Signed by nobody who may, or in a way that is not the key's.
fn forged(signer: &Signer, id: &str) -> Vec<(String, String)> {
    let (claims, name) = (good(json!({})), signer.name());
    let stranger = match name.as_str() {
        "RS256" => Signer::rsa(),
        "ES256" => Signer::p256(),
        _ => Signer::ed25519(),
    };
    let embedded =
        json!({"alg": name, "kid": id, "jwk": stranger.jwk(id), "jku": "https://evil.example/jwks.json"});
    let (pem, jwk) = (signer.pem(), signer.jwk(id).to_string());
    let mut forged = vec![
        ("a stranger's, by the genuine name".to_owned(), stranger.token(id, &claims)),
        ("a stranger's, with its key embedded".to_owned(), stranger.token_of(&embedded, &claims)),
        (
            "critical extensions".to_owned(),
            signer.token_of(&json!({"alg": name, "kid": id, "crit": ["exp"]}), &claims),
        ),
        (
            "an unencoded payload".to_owned(),
            signer.token_of(&json!({"alg": name, "kid": id, "b64": false}), &claims),
        ),
        ("a number for a name".to_owned(), signer.token_of(&json!({"alg": name, "kid": 7}), &claims)),
    ];
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for (kind, secret) in [("PEM", &pem), ("JWK", &jwk)] {
            let header = json!({"alg": format!("{algorithm:?}"), "kid": id});
            forged.push((
                format!("{algorithm:?} by the public {kind}"),
                hmac(algorithm, &header, secret.as_bytes(), &claims),
            ));
        }
    }
    let header = json!({"alg": name, "kid": id});
    forged.push((format!("HMAC that says {name}"), hmac(Algorithm::HS256, &header, pem.as_bytes(), &claims)));
    for other in ["RS256", "ES256", "EdDSA"].into_iter().filter(|other| **other != name) {
        forged.push((
            format!("{name} that says {other}"),
            signer.token_of(&json!({"alg": other, "kid": id}), &claims),
        ));
    }
    if name == "ES256" {
        forged.extend(es256(&signer.token(id, &claims)));
    }
    if name == "RS256" {
        let header = json!({"alg": name, "kid": id});
        let by_pss = signer.token_of_by(Algorithm::PS256, &header, &claims);
        forged.push(("PS256 that says RS256".to_owned(), by_pss));
        for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS512] {
            forged
                .push((format!("{algorithm:?} by the genuine key"), signer.token_by(algorithm, id, &claims)));
        }
    }
    forged
}

/// Claims that refuse a token which is genuine.
fn bad_claims() -> Vec<(&'static str, Value)> {
    vec![
        ("expired", json!({"exp": now() - 31})),
        ("expired long ago", json!({"exp": 1})),
        ("without an end", json!({"exp": null})),
        ("an end as text", json!({"exp": (now() + 600).to_string()})),
        ("an end before 1970", json!({"exp": -1})),
        ("an end as a list", json!({"exp": [now() + 600]})),
        ("not valid yet", json!({"nbf": now() + 600})),
        ("a beginning as text", json!({"nbf": "0"})),
        ("another issuer", json!({"iss": "https://sso.internal.evil.example"})),
        ("no issuer", json!({"iss": null})),
        ("issuers as a list", json!({"iss": [ISSUER]})),
        ("another audience", json!({"aud": "ledger"})),
        ("no audience", json!({"aud": null})),
        ("other audiences", json!({"aud": ["ledger", "holdergraphs"]})),
        ("no audience in a list", json!({"aud": []})),
        ("an audience among what is none", json!({"aud": [AUDIENCE, 7]})),
        ("a person without a name", json!({"sub": null})),
        ("a person without an owner", json!({"owner": null})),
        ("an owner with a slash", json!({"owner": "lerian/7f3c0a52"})),
        ("a name with a line break", json!({"sub": "a\nlevel=ERROR"})),
        ("an operator's name", json!({"owner": "operator", "sub": "maria.souza"})),
        ("the service's own name", json!({"type": "application", "sub": "system/link-check"})),
    ]
}

fn corpus(signers: &[Signer]) -> Vec<Bad> {
    let first = signers[0].token("0", &good(json!({})));
    let mut bad = headers(&first);
    let mut tokens = spoiled(&first);
    for (id, signer) in signers.iter().enumerate() {
        tokens.extend(forged(signer, &id.to_string()));
        tokens.extend(malformed(signer, &id.to_string()));
        tokens.extend(
            bad_claims()
                .into_iter()
                .map(|(what, changes)| (what.to_owned(), signer.token(&id.to_string(), &good(changes)))),
        );
    }
    bad.extend(tokens.into_iter().map(|(what, token)| (what, vec![format!("Bearer {token}")])));
    bad
}

async fn refuse_all(app: &App, bad: &[Bad]) {
    for (what, values) in bad {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let answer = send(with(app.request(READ, json!({})), &values)).await;
        assert_refused(&answer, what);
        // No word of a reason repeats a part of the token.
        let said = answer.body.to_string();
        let parts = values.iter().flat_map(|value| value.split(['.', ' '])).filter(|part| part.len() > 20);
        parts.for_each(|part| assert!(!said.contains(part), "{what}: {said}"));
    }
    let log = app.log();
    for part in bad.iter().flat_map(|(_, values)| values).flat_map(|value| value.split(['.', ' '])) {
        assert!(part.len() <= 40 || !log.contains(part), "a part of a token is in the log");
    }
}

async fn take_all(app: &App, signers: &[Signer]) {
    for (id, signer) in signers.iter().enumerate() {
        for (what, changes) in [
            ("plain", json!({})),
            ("one audience", json!({"aud": AUDIENCE})),
            ("expired, within what clocks may differ", json!({"exp": now() - 5})),
            ("valid soon, within what clocks may differ", json!({"nbf": now() + 20})),
            ("an application", json!({"type": "application", "owner": null})),
        ] {
            let answer = read(app, &signer.token(&id.to_string(), &good(changes))).await;
            assert_taken(&answer, &format!("{what}, {}", signer.name()));
        }
        let unnamed = signer.token_of(&json!({"alg": signer.name(), "typ": "JWT"}), &good(json!({})));
        assert_taken(&read(app, &unnamed).await, &format!("without a name, {}", signer.name()));
    }
}

#[tokio::test]
async fn no_bad_token_passes_a_key_set_or_a_pem_file_and_every_good_one_does() {
    let upstreams = App::upstreams();
    let (access_manager, asked) = yes_man().await;
    let signers = Signer::all();
    let bad = corpus(&signers);
    assert!(bad.len() >= 40, "{}", bad.len());

    let set: Vec<Value> =
        (0..).zip(&signers).map(|(id, signer): (u8, _)| signer.jwk(&id.to_string())).collect();
    let key_server = KeyServer::start(Reply::keys(&set)).await;
    let mut pem = tempfile::NamedTempFile::new().unwrap();
    signers.iter().for_each(|signer| pem.write_all(signer.pem().as_bytes()).unwrap());
    let pem_path = pem.path().to_str().unwrap();
    for keys in [("AUTH_JWKS_URL", key_server.url.as_str()), ("AUTH_PUBLIC_KEY_FILE", pem_path)] {
        let settings = [
            keys,
            ("PLUGIN_AUTH_ADDRESS", &access_manager),
            ("AUTH_ISSUER", ISSUER),
            ("AUTH_AUDIENCE", AUDIENCE),
        ];
        let app = App::serve(&upstreams, &settings);
        refuse_all(&app, &bad).await;
        assert_eq!(asked.load(Ordering::SeqCst), 0, "Access Manager is not asked about a bad token");
        take_all(&app, &signers).await;
        assert!(asked.swap(0, Ordering::SeqCst) > 0);
        assert!(!app.log().contains("tokens are decoded, not verified"));
    }
    // No bad token of the table made anybody read the keys again.
    assert_eq!(key_server.asked(), 1);
}

#[tokio::test]
async fn the_sandboxs_own_key_set_proves_its_tokens_and_no_others() {
    let upstreams = App::upstreams();
    let url = format!("{}/.well-known/jwks.json", upstreams.info["accessManager"].as_str().unwrap());
    let app = App::serve(&upstreams, &[("AUTH_JWKS_URL", &url)]);
    for name in ["admin", "editor", "contributor", "viewer"] {
        assert_taken(&read(&app, &app.token(name)).await, name);
    }
    let genuine = app.token("admin");
    let mut bad = headers(&genuine);
    let mut tokens = spoiled(&genuine);
    let set: Value = app.client.get(&url).send().await.unwrap().json().await.unwrap();
    let id = set["keys"][0]["kid"].as_str().unwrap().to_owned();
    tokens.push((
        "a stranger's, by the genuine name".to_owned(),
        Signer::ed25519().token(&id, &good(json!({}))),
    ));
    tokens.push(("another sandbox's".to_owned(), App::upstreams().token("admin")));
    bad.extend(tokens.into_iter().map(|(what, token)| (what, vec![format!("Bearer {token}")])));
    refuse_all(&app, &bad).await;
}
