//! Texts (rule 11): what can be no value at all is refused; nothing is judged or changed beyond that.

use super::fault::{FaultCode, Faults, FieldPath};
use super::normal::Normalised;

/// Most characters (Unicode scalar values) of a document.
pub const DOCUMENT_MAX: usize = 64;
/// Most characters of an address's description.
pub const DESCRIPTION_MAX: usize = 100;
/// Most characters of a name and of every other text.
pub const TEXT_MAX: usize = 256;
/// Most characters of an idempotency key.
pub const IDEMPOTENCY_KEY_MAX: usize = 128;

/// Checks a text of any kind: not blank, no invisible characters, not over-long.
pub fn check(faults: &mut Faults, path: &FieldPath, text: &str, max: usize) {
    let name = path.name();
    if text.chars().any(is_invisible) {
        let message =
            format!("{name} holds a control, bidirectional-override or zero-width character: leave it out");
        faults.push(FaultCode::InvalidValue, path.clone(), message);
    } else if is_blank(text) {
        let message = format!("{name} is blank: give at least one visible character");
        faults.push(FaultCode::InvalidValue, path.clone(), message);
    }
    let length = text.chars().count();
    if length > max {
        let message = format!("{name} has {length} characters: at most {max} are taken");
        faults.push(FaultCode::TooLong, path.clone(), message);
    }
}

/// Checks a text that may be left out.
pub fn check_optional(faults: &mut Faults, path: &FieldPath, text: Option<&str>, max: usize) {
    if let Some(text) = text {
        check(faults, path, text, max);
    }
}

/// Checks a value that is searched by its normalised form: something must be left of it.
pub fn check_searchable(faults: &mut Faults, path: &FieldPath, text: &str, max: usize) {
    let before = faults.faults.len();
    check(faults, path, text, max);
    if faults.faults.len() == before && Normalised::of(text).is_none() {
        let message = format!("{} holds no letter and no digit: give at least one", path.name());
        faults.push(FaultCode::InvalidValue, path.clone(), message);
    }
}

/// Checks an e-mail address: something before and after an `@`.
pub fn check_email(faults: &mut Faults, path: &FieldPath, text: Option<&str>) {
    let Some(text) = text else { return };
    let before = faults.faults.len();
    check(faults, path, text, TEXT_MAX);
    let has_sides =
        text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if faults.faults.len() == before && !has_sides {
        let message = format!("{} is no e-mail address: write it as name@example.com", path.name());
        faults.push(FaultCode::InvalidValue, path.clone(), message);
    }
}

/// Checks an idempotency key: 1–128 printable ASCII characters.
pub fn check_idempotency_key(faults: &mut Faults, path: &FieldPath, key: Option<&str>) {
    let Some(key) = key else { return };
    if key.is_empty() || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        let message = "idempotencyKey must be 1 to 128 printable ASCII characters, for example a UUID";
        faults.push(FaultCode::InvalidValue, path.clone(), message);
    } else if key.len() > IDEMPOTENCY_KEY_MAX {
        let message = format!("idempotencyKey has {} characters: at most 128 are taken", key.len());
        faults.push(FaultCode::TooLong, path.clone(), message);
    }
}

fn is_blank(text: &str) -> bool {
    // U+2800 is a braille cell without dots: drawn as a space, though not White_Space.
    text.chars().all(|c| c.is_whitespace() || c == '\u{2800}')
}

/// Characters that are not seen where a value is shown, and so can make two values look alike.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, max: usize) -> Vec<FaultCode> {
        let mut faults = Faults::default();
        check(&mut faults, &FieldPath::input().field("name"), text, max);
        faults.faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn what_can_be_no_value_is_refused_and_everything_else_is_taken() {
        for good in ["João", "李小龍", "  spaced  ", "O'Neil-Ω", "👩", "x", "مريم"] {
            assert_eq!(codes(good, 256), [], "{good}");
        }
        for bad in [
            "",
            " ",
            "\u{a0}\u{3000}",
            "\u{2800}",
            "a\u{0}",
            "a\nb",
            "\u{202e}abc",
            "a\u{200b}b",
            "\u{feff}a",
            "a\u{2066}b",
        ] {
            assert_eq!(codes(bad, 256), [FaultCode::InvalidValue], "{bad:?}");
        }
    }

    #[test]
    fn length_counts_unicode_scalar_values() {
        assert_eq!(codes(&"é".repeat(256), 256), []);
        assert_eq!(codes(&"é".repeat(257), 256), [FaultCode::TooLong]);
        assert_eq!(codes(&"\u{0}".repeat(65), 64), [FaultCode::InvalidValue, FaultCode::TooLong]);
    }

    #[test]
    fn an_email_address_has_something_on_both_sides_of_an_at_sign() {
        for (text, good) in [
            ("a@b", true),
            ("maria@example.com", true),
            ("maria", false),
            ("@b", false),
            ("a@", false),
            ("", false),
        ] {
            let mut faults = Faults::default();
            check_email(&mut faults, &FieldPath::input(), Some(text));
            assert_eq!(faults.faults.is_empty(), good, "{text:?}");
        }
    }

    #[test]
    fn an_idempotency_key_is_1_to_128_printable_ascii_characters() {
        for (key, good) in [
            ("k".to_owned(), true),
            ("a b~!".to_owned(), true),
            ("k".repeat(128), true),
            (String::new(), false),
            ("k".repeat(129), false),
            ("é".to_owned(), false),
            ("a\tb".to_owned(), false),
            ("\u{7f}".to_owned(), false),
        ] {
            let mut faults = Faults::default();
            check_idempotency_key(&mut faults, &FieldPath::input(), Some(&key));
            assert_eq!(faults.faults.is_empty(), good, "{key:?}");
        }
    }
}
