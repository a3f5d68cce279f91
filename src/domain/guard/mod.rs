//! The guard over what is stored in clear (rule 12): texts that look like somebody's personal data are refused.
//!
//! It recognises shapes with a check of their own (check digits, Luhn, mod 97) or an unmistakable mark (`@`, `+`),
//! wherever they stand in a text as a word of their own: parts of a UUID or of a longer number are no match.

mod cards;
mod contacts;
mod iban;
mod taxpayers;

use super::fault::{Fault, FaultCode, Faults, FieldPath};
use super::text::is_invisible;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// What the guard does with a match (`METADATA_GUARD`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GuardMode {
    /// The input is refused.
    #[default]
    Reject,
    /// The input is taken and the operator is told.
    Warn,
    /// Nothing is judged.
    Off,
}

/// The guard as the operator has set it.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    mode: GuardMode,
    allowed: BTreeSet<String>,
}

impl Guard {
    /// A guard with its mode and the keys that it does not judge (`METADATA_GUARD_ALLOW`).
    pub fn new(mode: GuardMode, allowed: impl IntoIterator<Item = String>) -> Self {
        Self { mode, allowed: allowed.into_iter().collect() }
    }

    /// Judges a metadata key by itself.
    pub fn judge_key(&self, faults: &mut Faults, path: &FieldPath, key: &str) {
        let bare: String =
            key.to_lowercase().chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).collect();
        if SENSITIVE_KEYS.contains(&bare.as_str()) {
            self.report(faults, path, key, "is a name of personal data");
        }
    }

    /// Judges a text stored in clear; `name` is its metadata key or field.
    pub fn judge_text(&self, faults: &mut Faults, path: &FieldPath, name: &str, text: &str) {
        if let Some(what) = self.mode_is_on().then(|| looks_like(text)).flatten() {
            self.report(faults, path, name, what);
        }
    }

    /// Judges a number: only a CPF's or CNPJ's digits are looked for.
    pub fn judge_number(&self, faults: &mut Faults, path: &FieldPath, name: &str, number: &str) {
        if let Some(what) = self.mode_is_on().then(|| taxpayers::find_bare(number)).flatten() {
            self.report(faults, path, name, what);
        }
    }

    fn mode_is_on(&self) -> bool {
        self.mode != GuardMode::Off
    }

    fn report(&self, faults: &mut Faults, path: &FieldPath, name: &str, what: &str) {
        if self.allowed.contains(name) {
            return;
        }
        let message = format!(
            "{what}, and this field is stored in clear: keep personal data in the sealed fields. If it is none, the \
             operator can list the key in METADATA_GUARD_ALLOW or relax METADATA_GUARD"
        );
        let fault = Fault::new(FaultCode::MetadataSensitive, path.clone(), message);
        match self.mode {
            GuardMode::Reject => faults.faults.push(fault),
            GuardMode::Warn => faults.warnings.push(fault),
            GuardMode::Off => {}
        }
    }
}

/// Keys that name personal data, in lower case and without `_`, `-`, `.` and spaces.
const SENSITIVE_KEYS: [&str; 20] = [
    "cpf",
    "cnpj",
    "rg",
    "ssn",
    "passport",
    "passportnumber",
    "document",
    "documentnumber",
    "taxid",
    "email",
    "emailaddress",
    "phone",
    "phonenumber",
    "mobile",
    "iban",
    "accountnumber",
    "cardnumber",
    "pan",
    "birthdate",
    "dateofbirth",
];

/// What a text seems to hold, as the start of a sentence.
fn looks_like(text: &str) -> Option<&'static str> {
    let mut text: Vec<char> =
        text.nfkc().filter(|c| c.is_whitespace() || !is_invisible(*c)).map(plain).collect();
    hide_uuids(&mut text);
    // The groups of an IBAN may look like a card or a CPF too, so the longest shape comes first.
    iban::find(&text)
        .or_else(|| taxpayers::find(&text))
        .or_else(|| cards::find(&text))
        .or_else(|| contacts::find(&text))
}

/// All dashes are one, and so are slashes and spaces: a document is no other for being written with another.
fn plain(c: char) -> char {
    match c {
        '\u{2d7}' | '\u{58a}' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2796}' => '-',
        '\u{2044}' | '\u{2215}' => '/',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Makes UUIDs one word each: their groups of digits may look like anything.
fn hide_uuids(text: &mut [char]) {
    for start in 0..text.len() {
        let Some(span) = text.get_mut(start..start + 36) else { return };
        let is_uuid = span.iter().enumerate().all(|(i, c)| match i {
            8 | 13 | 18 | 23 => *c == '-',
            _ => c.is_ascii_hexdigit(),
        });
        if is_uuid {
            span.fill('x');
        }
    }
}

/// The character before a position, if there is one.
fn before(text: &[char], start: usize) -> Option<char> {
    start.checked_sub(1).and_then(|i| text.get(i)).copied()
}

/// Whether a match from `start` to `end` stands as a word of its own: no letter or digit touches it, and no digit
/// beyond one `.`, which would make it a part of a longer number.
fn stands_alone(text: &[char], start: usize, end: usize) -> bool {
    begins_word(text, start) && ends_word(text, end)
}

fn begins_word(text: &[char], start: usize) -> bool {
    !joined(before(text, start), start.checked_sub(2).and_then(|i| text.get(i)).copied())
}

fn ends_word(text: &[char], end: usize) -> bool {
    !joined(text.get(end).copied(), text.get(end.saturating_add(1)).copied())
}

fn joined(near: Option<char>, far: Option<char>) -> bool {
    match near {
        Some('.') => far.is_some_and(|c| c.is_ascii_digit()),
        near => near.is_some_and(char::is_alphanumeric),
    }
}

#[cfg(test)]
mod tests;
