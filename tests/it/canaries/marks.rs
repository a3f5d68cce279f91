//! Values for every sealed field, each with one mark that stands nowhere else, and the search for it.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every sealed text and every idempotency key has it: it is nowhere.
pub(super) const MARK: &str = "zqxvk7wj";

/// What is stored in clear has it: it is in the store, and told to nobody but in data.
pub(super) const OPEN: &str = "kvxjq4zw";

/// What is left of a document, an account or a telephone number when all but its digits is dropped begins so.
pub(super) const DIGITS: &str = "8473192650";

/// Sealed days have no room for any of these.
const DAYS: [&str; 4] = ["1913-07-05", "1817-11-29", "19130705", "18171129"];

/// Where something may have leaked to.
pub(super) struct Place {
    pub(super) name: String,
    content: Vec<u8>,
    holds_open: bool,
}

impl Place {
    /// Where nothing of what was given may be: a log, metrics, the audit trail, errors.
    pub(super) fn new(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), content: content.into(), holds_open: false }
    }

    /// The store, where metadata and the like are in clear.
    pub(super) fn stored(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { holds_open: true, ..Self::new(name, content) }
    }
}

/// The ways in which a mark may be written down.
pub(super) fn writings(mark: &str) -> Vec<Vec<u8>> {
    let wide = |unit: &[u8]| mark.bytes().flat_map(|byte| [&[byte][..], unit].concat()).collect::<Vec<u8>>();
    let each = |form: &dyn Fn(char) -> String| mark.chars().map(form).collect::<String>().into_bytes();
    let mut writings = vec![
        mark.as_bytes().to_vec(),
        mark.to_uppercase().into_bytes(),
        hex::encode(mark).into_bytes(),
        hex::encode(mark.to_uppercase()).into_bytes(),
        hex::encode_upper(mark).into_bytes(),
        wide(&[0]),
        each(&|c| format!("\\u{:04x}", u32::from(c))),
        each(&|c| format!("%{:02X}", u32::from(c))),
        each(&|c| format!("%{:02x}", u32::from(c))),
    ];
    // Base64 depends on what stands before: three alignments, without the characters that neighbours have part in.
    for before in 0..3_usize {
        for text in [mark.to_owned(), mark.to_uppercase()] {
            let padded = [vec![0; before], text.into_bytes()].concat();
            let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            let standard = BASE64_STANDARD_NO_PAD.encode(&padded).into_bytes()[from..to].to_vec();
            let url_safe = BASE64_URL_SAFE_NO_PAD.encode(&padded).into_bytes()[from..to].to_vec();
            writings.extend([standard, url_safe]);
        }
    }
    writings.sort();
    writings.dedup();
    writings
}

/// What is found in a place that must not be there: a mark in any writing, a sealed day, a secret.
pub(super) fn leaks(place: &Place, secrets: &[String]) -> Vec<String> {
    let content = &place.content;
    let mut found = Vec::new();
    for (mark, name) in [(MARK, "the mark"), (OPEN, "what is stored in clear"), (DIGITS, "the digits")] {
        if mark == OPEN && place.holds_open {
            continue;
        }
        let at = writings(mark).iter().find_map(|writing| position(content, writing));
        found.extend(at.map(|at| format!("{name}: …{}…", around(content, at))));
    }
    found.extend(DAYS.iter().filter(|day| has(content, day.as_bytes())).map(|day| (*day).to_owned()));
    let lower = content.to_ascii_lowercase();
    for (index, secret) in secrets.iter().enumerate() {
        let raw = hex::decode(secret).ok();
        let is_there = has(content, secret.as_bytes())
            || has(&lower, secret.to_lowercase().as_bytes())
            || raw.is_some_and(|raw| has(content, &raw));
        found.extend(is_there.then(|| format!("secret {index}")));
    }
    found
}

fn has(content: &[u8], wanted: &[u8]) -> bool {
    position(content, wanted).is_some()
}

fn position(content: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut left = content;
    while let Some(at) = left.iter().position(|byte| byte == first) {
        left = &left[at + 1..];
        if left.starts_with(rest) {
            return Some(content.len() - left.len() - 1);
        }
    }
    None
}

/// What stands around a leak, so that whoever mends it knows where it comes from.
fn around(content: &[u8], at: usize) -> String {
    let part = &content[at.saturating_sub(200)..content.len().min(at + 100)];
    String::from_utf8_lossy(part).into_owned()
}

/// A value for a field, by its way from the top of an input: sealed texts have the mark, those in clear the other one.
pub(super) fn value(kind: &str, path: &str, turn: usize) -> Value {
    let name = path.rsplit('/').next().unwrap();
    let clear = ["externalId", "bankingDetails/branch", "bankingDetails/type", "bankingDetails/bankId"];
    let lower = name.to_lowercase();
    let has_digits = ["document", "phone", "iban", "account"].iter().any(|end| lower.ends_with(end));
    match (kind, name) {
        ("HolderType", _) => json!("NATURAL_PERSON"),
        ("RelatedPartyRole", _) => json!("PRIMARY_HOLDER"),
        ("Metadata", _) => json!({"visible": OPEN, OPEN: OPEN}),
        ("Date", "birthDate" | "foundingDate") => json!(DAYS[turn % 2]),
        ("Date", _) => json!("2024-02-29"),
        (_, "country" | "countryCode") => json!("BR"),
        ("String", _) if clear.contains(&path) => json!(format!("{OPEN} {turn}")),
        ("String", _) if lower.ends_with("email") => json!(format!("{MARK}.{turn}@example.com")),
        ("String", _) if has_digits => json!(format!("{MARK}-ç 847.319.265-0 {} {turn}", number(path))),
        ("String", _) => json!(format!("{MARK}-ç {} {turn}", number(path))),
        (kind, _) => panic!("{path}: no value of the kind {kind} yet"),
    }
}

/// A number for each path, so that values differ.
fn number(path: &str) -> usize {
    static NUMBERS: std::sync::Mutex<BTreeMap<String, usize>> = std::sync::Mutex::new(BTreeMap::new());
    let mut numbers = NUMBERS.lock().unwrap();
    let next = numbers.len();
    *numbers.entry(path.to_owned()).or_insert(next)
}
