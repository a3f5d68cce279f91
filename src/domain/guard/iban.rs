//! IBANs (ISO 13616): a country's letters, its length and mod 97 = 1; single spaces or dashes between the characters
//! are passed over, as in the usual groups of four.

use super::stands_alone;

/// Length of an IBAN by country, as the registry of ISO 13616 lists them.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 \
DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 \
JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 \
PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 \
XK20 YE30";

/// Looks for an IBAN in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    (0..text.len()).any(|start| is_iban_at(text, start)).then_some("looks like an IBAN")
}

fn is_iban_at(text: &[char], start: usize) -> bool {
    let letter = |at: usize| text.get(at).filter(|c| c.is_ascii_alphabetic()).map(char::to_ascii_uppercase);
    let (Some(first), Some(second)) = (letter(start), letter(start + 1)) else { return false };
    let Some(length) = length_of(first, second) else { return false };
    let Some((characters, end)) = take(text, start, length) else { return false };
    let checks_are_digits = characters.get(2..4).is_some_and(|c| c.iter().all(char::is_ascii_digit));
    checks_are_digits && stands_alone(text, start, end) && mod_97(&characters) == 1
}

fn length_of(first: char, second: char) -> Option<usize> {
    let country = [u8::try_from(first).ok()?, u8::try_from(second).ok()?];
    // Each entry is two letters, two digits and a space.
    let entry = LENGTHS.as_bytes().chunks(5).find(|entry| entry.starts_with(&country))?;
    std::str::from_utf8(entry.get(2..4)?).ok()?.parse().ok()
}

/// So many letters and digits from here, and where they end.
fn take(text: &[char], start: usize, length: usize) -> Option<(Vec<char>, usize)> {
    let mut characters = Vec::with_capacity(length);
    let mut at = start;
    while characters.len() < length {
        match text.get(at)? {
            c if c.is_ascii_alphanumeric() => characters.push(c.to_ascii_uppercase()),
            ' ' | '-' if super::before(text, at).is_some_and(|c| c.is_ascii_alphanumeric()) => {}
            _ => return None,
        }
        at += 1;
    }
    Some((characters, at))
}

fn mod_97(characters: &[char]) -> u32 {
    let rotated = characters.iter().cycle().skip(4).take(characters.len());
    rotated.filter_map(|c| c.to_digit(36)).fold(0, |rest, value| {
        let shifted = if value < 10 { rest * 10 } else { rest * 100 };
        (shifted + value) % 97
    })
}
