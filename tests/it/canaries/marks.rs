//! Values for every sealed field, each with one mark that stands nowhere else, and the search for it.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every sealed text and every idempotency key has it.
pub(super) const MARK: &str = "zqxvk7wj";

/// Sealed days have no room for it.
const DAYS: [&str; 2] = ["1913-07-05", "1817-11-29"];

/// Where something may have leaked to.
pub(super) struct Place {
    pub(super) name: String,
    content: Vec<u8>,
}

impl Place {
    pub(super) fn new(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}

/// The ways in which the mark may be written down.
pub(super) fn writings() -> Vec<Vec<u8>> {
    let wide = |unit: &[u8]| MARK.bytes().flat_map(|byte| [&[byte][..], unit].concat()).collect::<Vec<u8>>();
    let escaped: String = MARK.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let mut writings = vec![
        MARK.as_bytes().to_vec(),
        MARK.to_uppercase().into_bytes(),
        hex::encode(MARK).into_bytes(),
        hex::encode(MARK.to_uppercase()).into_bytes(),
        wide(&[0]),
        escaped.into_bytes(),
    ];
    // Base64 depends on what stands before: three alignments, without the characters that neighbours have part in.
    for before in 0..3_usize {
        for text in [MARK.to_owned(), MARK.to_uppercase()] {
            let padded = [vec![0; before], text.into_bytes()].concat();
            let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            let standard = BASE64_STANDARD_NO_PAD.encode(&padded).into_bytes()[from..to].to_vec();
            let url_safe = BASE64_URL_SAFE_NO_PAD.encode(&padded).into_bytes()[from..to].to_vec();
            writings.extend((standard != url_safe).then_some(url_safe));
            writings.push(standard);
        }
    }
    writings
}

/// What is found in a place that must not be there: the mark in any writing, a sealed day, a secret.
pub(super) fn leaks(place: &Place, secrets: &[String]) -> Vec<String> {
    let content = &place.content;
    let mut found = Vec::new();
    if writings().iter().any(|writing| has(content, writing)) {
        found.push("the mark".to_owned());
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
    let Some((first, rest)) = wanted.split_first() else { return false };
    let mut left = content;
    while let Some(at) = left.iter().position(|byte| byte == first) {
        left = &left[at + 1..];
        if left.starts_with(rest) {
            return true;
        }
    }
    false
}

/// What is stored in clear, by its way from the top of an input, has no mark: metadata, ids, roles, dates.
pub(super) fn value(kind: &str, path: &str, turn: usize) -> Value {
    let name = path.rsplit('/').next().unwrap();
    let clear = ["externalId", "bankingDetails/branch", "bankingDetails/type", "bankingDetails/bankId"];
    match (kind, name) {
        ("HolderType", _) => json!("NATURAL_PERSON"),
        ("RelatedPartyRole", _) => json!("PRIMARY_HOLDER"),
        ("Metadata", _) => json!({"visible": "VISIBLE-MARK"}),
        ("Date", "birthDate" | "foundingDate") => json!(DAYS[turn % 2]),
        ("Date", _) => json!("2024-02-29"),
        (_, "country" | "countryCode") => json!("BR"),
        ("String", _) if clear.contains(&path) => json!(format!("open {turn}")),
        ("String", _) if name.to_lowercase().ends_with("email") => {
            json!(format!("{MARK}.{turn}@example.com"))
        }
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
