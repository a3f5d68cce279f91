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

/// A character of a local part before the `@`, and a domain with a dot behind it.
fn is_email_around(text: &[char], at: usize) -> bool {
    let local = before(text, at).is_some_and(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.\"".contains(c));
    let domain: String =
        text.iter().skip(at + 1).take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '.')).collect();
    let dotted = domain.trim_end_matches('.').split_once('.').is_some_and(|(host, rest)| {
        !host.is_empty() && !rest.is_empty() && rest.chars().any(char::is_alphabetic)
    });
    local && dotted
}

/// `+`, then 8 to 15 digits (ITU-T E.164) with the usual separators, as a word of its own.
fn is_phone_at(text: &[char], plus: usize) -> bool {
    let behind = || text.iter().skip(plus + 1).take_while(|c| c.is_ascii_digit() || " .-()/".contains(**c));
    let digits = behind().filter(|c| c.is_ascii_digit()).count();
    let next = text.get(plus + 1 + behind().count());
    let starts_with_digit = text.get(plus + 1).is_some_and(|c| c.is_ascii_digit() || *c == '(');
    (8..=15).contains(&digits)
        && starts_with_digit
        && !before(text, plus).is_some_and(char::is_alphanumeric)
        && !next.is_some_and(|c| c.is_alphanumeric() || *c == ':')
}
