//! CPF and CNPJ, Brazil's taxpayer numbers: by their modulo 11 check digits, bare or punctuated.
//! A CNPJ given out since July 2026 may have capitals among its first twelve characters; their values are those of
//! ASCII less 48.

use super::stands_alone;

const CPF: &str = "looks like a CPF";
const CNPJ: &str = "looks like a CNPJ";

/// Where the digits (`#`, for a CNPJ's first twelve also capitals) of the accepted writings stand.
const WRITINGS: [(&str, &str); 4] =
    [("###########", CPF), ("###.###.###-##", CPF), ("##############", CNPJ), ("##.###.###/####-##", CNPJ)];

/// Looks for a taxpayer number in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    (0..text.len()).find_map(|start| {
        WRITINGS.iter().find_map(|(writing, what)| {
            let digits = read(text.get(start..)?, writing)?;
            let end = start + writing.len();
            (stands_alone(text, start, end) && is_valid(&digits)).then_some(*what)
        })
    })
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
    let mut values = Vec::with_capacity(14);
    for (index, mark) in writing.chars().enumerate() {
        let c = *text.get(index)?;
        match mark {
            '#' => values.push(value(c)?),
            mark if mark == c => {}
            _ => return None,
        }
    }
    Some(values)
}

fn value(c: char) -> Option<u32> {
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
