//! CPF and CNPJ, Brazil's taxpayer numbers: by their modulo 11 check digits, bare or punctuated.
//! A CNPJ given out since July 2026 may have capitals among its first twelve characters; their values are those of
//! ASCII less 48.

use super::{before, begins_word, ends_word};

const CPF: &str = "looks like a CPF";
const CNPJ: &str = "looks like a CNPJ";

/// Where the digits (`#`, for a CNPJ's first twelve also letters) of the accepted writings stand. Dots alone are none
/// of them: `192.168.100.15` is an address of a machine.
const WRITINGS: [(&str, &str); 12] = [
    ("###########", CPF),
    ("###.###.###-##", CPF),
    ("###.###.###/##", CPF),
    ("#########-##", CPF),
    ("###-###-###-##", CPF),
    ("### ### ###-##", CPF),
    ("### ### ### ##", CPF),
    ("##############", CNPJ),
    ("##.###.###/####-##", CNPJ),
    ("########/####-##", CNPJ),
    ("## ### ### ####-##", CNPJ),
    ("## ### ### #### ##", CNPJ),
];

/// What may touch a bare one on its left.
const NAMES: [&str; 2] = ["cpf", "cnpj"];

/// Looks for a taxpayer number in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    (0..text.len()).find_map(|start| {
        WRITINGS.iter().find_map(|(writing, what)| {
            let values = read(text.get(start..)?, writing)?;
            let end = start + writing.len();
            (is_apart(text, start, end, writing) && is_valid(&values)).then_some(*what)
        })
    })
}

/// Whether it is no part of something longer. Letters may touch it where its punctuation shows what it is, and its
/// own name may where it is bare.
fn is_apart(text: &[char], start: usize, end: usize, writing: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let shows = !is_bare(writing);
    let left = begins_word(text, start)
        || (is_letter(before(text, start)) && (shows || NAMES.contains(&word_before(text, start).as_str())));
    let right = ends_word(text, end) || (shows && is_letter(text.get(end).copied()));
    left && right
}

fn is_bare(writing: &str) -> bool {
    writing.bytes().all(|mark| mark == b'#')
}

/// The letters and digits right before a position, in small letters; of long words only the end, which is enough to
/// see that they are none of [`NAMES`].
fn word_before(text: &[char], start: usize) -> String {
    let before = text.get(..start).unwrap_or_default().iter().rev();
    let backwards: Vec<char> = before.take(5).copied().take_while(|c| c.is_alphanumeric()).collect();
    backwards.into_iter().rev().flat_map(char::to_lowercase).collect()
}

/// Judges a number's own digits.
pub(super) fn find_bare(number: &str) -> Option<&'static str> {
    let digits: Vec<u32> = number.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    match (digits.len(), is_valid(&digits)) {
        (11, true) => Some(CPF),
        (14, true) => Some(CNPJ),
        _ => None,
    }
}

/// The values of the characters at `#`, if the text begins with this writing.
fn read(text: &[char], writing: &str) -> Option<Vec<u32>> {
    let is_bare = is_bare(writing);
    let mut values = Vec::with_capacity(14);
    for (index, mark) in writing.chars().enumerate() {
        let c = *text.get(index)?;
        match mark {
            '#' => values.push(value(c, is_bare)?),
            mark if mark == c => {}
            _ => return None,
        }
    }
    Some(values)
}

/// Small letters are taken for capitals where the punctuation shows what is meant: bare, they would make one in some
/// hundred hashes a CNPJ.
fn value(c: char, is_bare: bool) -> Option<u32> {
    let c = if is_bare { c } else { c.to_ascii_uppercase() };
    (c.is_ascii_digit() || c.is_ascii_uppercase()).then(|| u32::from(c).saturating_sub(48))
}

fn is_valid(values: &[u32]) -> bool {
    let Some((body, checks)) = values.len().checked_sub(2).and_then(|at| values.split_at_checked(at)) else {
        return false;
    };
    // All characters alike pass the arithmetic, yet were never given out: they are placeholders.
    let placeholder = values.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
    // A CPF weighs its digits 2, 3, 4, … from the right; a CNPJ begins again after 9, and may hold letters.
    let cycle = if values.len() == 11 { 10 } else { 8 };
    let numeric = values.len() == 14 || body.iter().all(|v| *v < 10);
    !placeholder
        && numeric
        && checks.iter().all(|v| *v < 10)
        && checks.first() == Some(&check_digit(body, cycle))
        && checks.last() == Some(&check_digit(&[body, checks.get(..1).unwrap_or_default()].concat(), cycle))
}

fn check_digit(values: &[u32], cycle: usize) -> u32 {
    let weights = (2..).take(cycle).cycle();
    let sum: u32 = values.iter().rev().zip(weights).map(|(value, weight)| value * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}
