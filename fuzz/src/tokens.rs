//! Tokens and the keys that prove them: no token is taken that no key signed, and nothing panics.
//!
//! The first byte of an input says what the rest is: `h` an Authorization header, `e` edits of a genuine token, `s` a
//! header and claims that are signed whatever they say, `k` a key set, `p` a file of public keys. In key sets and files
//! `@rsa`, `@p256` and `@ed25519` stand for the keys of this process.

#[allow(
    clippy::duplicate_mod,
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "the unit tests and the tests over HTTP have this file too, each of them uses a part of it"
)]
#[path = "../../src/access/signer.rs"]
mod signer;

use super::canary;
use super::edits::edited;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::FutureExt;
use holdergraph::access::{ExpectedClaims, Open, PublicKeys, Verifier};
use holdergraph::registry::ports::access::{AccessManager, Identity, Unidentified};
use serde_json::{Value, json};
use signer::Signer;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The keys' names, as inputs write them.
const NAMES: [&str; 3] = ["rsa", "p256", "ed25519"];
/// Genuine tokens hold for a day.
const DAY: u64 = 24 * 60 * 60;
/// How far clocks may be apart, in seconds, and one more for the time that passes here.
const LEEWAY: f64 = 31.0;

struct Keys {
    signers: [Signer; 3],
    /// A genuine token of each.
    tokens: [String; 3],
    by_file: Open,
    by_set: Open,
    /// Tokens are only decoded.
    unproven: Open,
}

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);

/// Takes one input.
pub fn run(input: &[u8]) {
    let Some((what, rest)) = input.split_first() else { return };
    match what {
        b'h' => KEYS.header(&String::from_utf8_lossy(rest)),
        b'e' => KEYS.edited(rest),
        b's' => KEYS.signed(rest),
        b'k' => KEYS.key_set(rest),
        b'p' => KEYS.file(&String::from_utf8_lossy(rest)),
        _ => {}
    }
}

impl Keys {
    fn new() -> Self {
        let signers = Signer::all();
        let claims =
            json!({"type": "normal-user", "owner": "lerian", "sub": "7f3c0a52", "exp": now() as u64 + DAY});
        let tokens = [0, 1, 2].map(|i| signers[i].token(NAMES[i], &claims));
        let pem: String = signers.iter().map(Signer::pem).collect();
        let jwks = [0, 1, 2].map(|i| signers[i].jwk(NAMES[i]));
        let set = json!({"keys": jwks}).to_string();
        let expected = ExpectedClaims::default;
        let keys = PublicKeys::of_pem(&pem).expect("three public keys");
        let by_set = Verifier::by_key_set(set.as_bytes(), expected()).expect("three public keys");
        let keys = Self {
            signers,
            tokens,
            by_file: Open::new(Verifier::by_keys(keys, expected())),
            by_set: Open::new(by_set),
            unproven: Open::new(Verifier::none(expected())),
        };
        for token in &keys.tokens {
            assert!(keys.proving().iter().all(|open| identify(open, &bearer(token)).is_ok()));
        }
        keys
    }

    /// Those that prove signatures.
    fn proving(&self) -> [&Open; 2] {
        [&self.by_file, &self.by_set]
    }

    /// Any text: these keys signed none that an input could hold.
    fn header(&self, authorization: &str) {
        for open in self.proving() {
            assert!(identify(open, authorization).is_err(), "a token is taken that nobody signed");
        }
        if let Ok(identity) = identify(&self.unproven, authorization) {
            sound(&identity);
        }
    }

    /// A key, a part of its token, whether its bytes or its text are edited, and edits.
    fn edited(&self, input: &[u8]) {
        let [key, part, what, edits @ ..] = input else { return };
        let genuine = &self.tokens[usize::from(*key) % 3];
        let mut parts: Vec<String> = genuine.split('.').map(str::to_owned).collect();
        let part = &mut parts[usize::from(*part) % 3];
        *part = match what % 2 {
            0 => {
                let bytes = BASE64_URL_SAFE_NO_PAD.decode(&part).expect("a part is base64url");
                BASE64_URL_SAFE_NO_PAD.encode(edited(&bytes, edits))
            }
            _ => String::from_utf8_lossy(&edited(part.as_bytes(), edits)).into_owned(),
        };
        let token = parts.join(".");
        for open in self.proving() {
            // Spaces around a token are no part of it.
            let is_genuine = token.trim_matches(' ') == genuine;
            assert_eq!(identify(open, &bearer(&token)).is_ok(), is_genuine, "an edited token");
        }
        if let Ok(identity) = identify(&self.unproven, &bearer(&token)) {
            sound(&identity);
        }
    }

    /// A key, and header and claims with a line end between them: signed by that key.
    fn signed(&self, input: &[u8]) {
        let Some((key, rest)) = input.split_first() else { return };
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return };
        let (header, claims) = (&rest[..end], &rest[end + 1..]);
        let encoded = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
        let signer = &self.signers[usize::from(*key) % 3];
        let token = signer.signed(&format!("{}.{}", encoded(header), encoded(claims)));
        for open in self.proving() {
            let Ok(identity) = identify(open, &bearer(&token)) else { continue };
            sound(&identity);
            let read = |part| serde_json::from_slice::<Value>(part).expect("what is taken is JSON");
            let (header, claims) = (read(header), read(claims));
            assert_eq!(header["alg"], signer.name(), "of another algorithm than its key");
            assert!(header.get("crit").is_none() && header.get("b64").is_none(), "not understood");
            let time = |name: &str| claims[name].as_f64();
            assert!(time("exp").is_some_and(|end| now() < end + LEEWAY), "without an end, or beyond it");
            assert!(claims.get("nbf").is_none() || time("nbf").is_some_and(|from| from - LEEWAY <= now()));
        }
    }

    /// A key set proves tokens of the keys in it, and no others.
    fn key_set(&self, set: &[u8]) {
        let text = String::from_utf8_lossy(set);
        let set = match serde_json::from_slice::<Value>(set) {
            Ok(mut set) => {
                self.put_keys(&mut set);
                set.to_string().into_bytes()
            }
            // What is no JSON, or has a key twice in one object, comes as it is.
            Err(_) => set.to_vec(),
        };
        match Verifier::by_key_set(&set, ExpectedClaims::default()) {
            Ok(verifier) => self.proves_only_its_own(&Open::new(verifier), &text),
            Err(why) => canary::told(&why),
        }
    }

    /// A file proves tokens of the keys in it, and no others.
    fn file(&self, text: &str) {
        let mut file = text.to_owned();
        for (name, signer) in NAMES.iter().zip(&self.signers) {
            file = file.replace(&format!("@{name}"), &signer.pem());
        }
        match PublicKeys::of_pem(&file) {
            Ok(keys) => {
                let verifier = Verifier::by_keys(keys, ExpectedClaims::default());
                self.proves_only_its_own(&Open::new(verifier), text);
            }
            Err(why) => canary::told(&why.to_string()),
        }
    }

    fn proves_only_its_own(&self, open: &Open, input: &str) {
        for (name, token) in NAMES.iter().zip(&self.tokens) {
            let has_key = input.contains(&format!("@{name}"));
            assert!(has_key || identify(open, &bearer(token)).is_err(), "a key of nobody proves a token");
        }
    }

    /// Puts these keys in the place of their names: `"@rsa"` is a whole key, `"@rsa.n"` one member of it.
    fn put_keys(&self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.put_keys(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.put_keys(value)),
            Value::String(text) => {
                let Some(wanted) = text.strip_prefix('@') else { return };
                let (name, member) = wanted.split_once('.').unwrap_or((wanted, ""));
                let Some(key) = NAMES.iter().position(|known| *known == name) else { return };
                let jwk = self.signers[key].jwk(name);
                *value = jwk.get(member).cloned().unwrap_or(jwk);
            }
            _ => {}
        }
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Nothing is waited for, as no key server is asked.
fn identify(open: &Open, authorization: &str) -> Result<Identity, Unidentified> {
    let identified = open.identify(Some(authorization)).now_or_never().expect("nothing to wait for");
    if let Err(why) = &identified {
        assert!(matches!(why, Unidentified::BadToken(_)), "{why}");
        canary::told(&why.to_string());
    }
    identified
}

/// A subject that may stand in every log line and audit entry.
fn sound(identity: &Identity) {
    let subject = &identity.subject;
    assert!((1..=256).contains(&subject.chars().count()), "a subject of any length");
    assert!(!subject.chars().any(char::is_control), "a subject with control characters");
    assert!(!subject.starts_with("operator/") && !subject.starts_with("system/"), "a reserved subject");
}
