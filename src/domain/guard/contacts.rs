//! E-mail addresses and telephone numbers written with `+`.

use super::before;

/// Looks for either in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    let at = |wanted: char| text.iter().enumerate().filter(move |(_, c)| **c == wanted).map(|(i, _)| i);
    if at('@').any(|i| is_email_around(text, i)) {
        Some("looks like an e-mail address")
    } else if at('+').any(|i| is_phone_at(text, i)) {
        Some("looks like a telephone number")
    } else {
        None
    }
}

/// A character of a local part before the `@`, and behind it a domain with a top level: `sdk@1.2.3-rc.1` is none.
fn is_email_around(text: &[char], at: usize) -> bool {
    let local = before(text, at).is_some_and(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.\"".contains(c));
    let domain: String =
        text.iter().skip(at + 1).take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '.')).collect();
    let has_host = domain.starts_with(char::is_alphanumeric);
    local && has_host && domain.split('.').skip(1).any(is_top_level)
}

fn is_top_level(label: &str) -> bool {
    label.starts_with("xn--") || (label.chars().count() >= 2 && label.chars().all(char::is_alphabetic))
}

/// `+`, then 8 to 15 digits (ITU-T E.164: none begins with 0) with the usual separators, as a word of its own; further
/// groups of digits may follow.
fn is_phone_at(text: &[char], plus: usize) -> bool {
    let behind = text.get(plus + 1..).unwrap_or_default();
    let first = behind.iter().find(|c| **c != '(');
    let starts = first.is_some_and(|c| matches!(c, '1'..='9'));
    if !starts || before(text, plus).is_some_and(char::is_alphanumeric) {
        return false;
    }
    let written = behind.iter().take_while(|c| c.is_ascii_digit() || " .-()/".contains(**c)).count();
    let written = behind.get(..written).unwrap_or_default();
    let mut digits = 0;
    let mut is_phone = false;
    for (index, c) in written.iter().enumerate() {
        digits += usize::from(c.is_ascii_digit());
        let next = behind.get(index + 1);
        let group_ends = c.is_ascii_digit() && !next.is_some_and(|c| c.is_alphanumeric());
        is_phone |= group_ends && (8..=15).contains(&digits);
    }
    is_phone && !are_decimals(written)
}

/// One or two decimal numbers, as in an amount (`+12345678.90`) or in coordinates (`+40.7128-074.0060`).
fn are_decimals(written: &[char]) -> bool {
    let written: String = written.iter().collect();
    let written = written.trim_end_matches([' ', '.', '-', '(', '/']);
    let is_amount = decimal(written).is_some_and(|(_, fraction)| fraction.len() <= 2);
    let are_coordinates = written.split_once('-').is_some_and(|(latitude, longitude)| {
        [latitude.trim_end(), longitude]
            .iter()
            .all(|part| decimal(part).is_some_and(|(whole, _)| whole.len() <= 3))
    });
    is_amount || are_coordinates
}

/// A decimal number's two sides.
fn decimal(text: &str) -> Option<(&str, &str)> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').filter(|(whole, fraction)| is_number(whole) && is_number(fraction))
}
