//! Payment card numbers: 15 to 19 digits with an issuer's prefix and a right Luhn digit, bare or in groups.
//! The prefix is needed because one in ten of all numbers passes Luhn alone.

use super::stands_alone;
use std::ops::Range;

/// Issuer prefixes as inclusive ranges over the first six digits (ISO/IEC 7812), with the lengths given out. UATP's
/// lone 1 is left out: it would take in every tenth timestamp of 15 digits.
const ISSUERS: [(u32, u32, &[usize]); 25] = [
    (220_000, 220_599, &[16, 17, 18, 19]),     // Mir, Borica
    (222_100, 272_099, &[16]),                 // Mastercard
    (300_000, 305_999, &[16, 17, 18, 19]),     // Diners Club
    (309_500, 309_599, &[16, 17, 18, 19]),     // Diners Club
    (340_000, 349_999, &[15]),                 // American Express
    (352_800, 358_999, &[16, 17, 18, 19]),     // JCB
    (360_000, 369_999, &[15, 16, 17, 18, 19]), // Diners Club
    (370_000, 379_999, &[15]),                 // American Express
    (380_000, 399_999, &[16, 17, 18, 19]),     // Diners Club, Hipercard
    (400_000, 499_999, &[16, 19]),             // Visa, Elo
    (500_000, 509_999, &[15, 16, 17, 18, 19]), // Maestro, Elo, Aura, Verve
    (510_000, 559_999, &[16]),                 // Mastercard
    (560_000, 589_999, &[15, 16, 17, 18, 19]), // Maestro
    (600_000, 609_999, &[16, 19]),             // Discover, Hipercard, Cabal, RuPay
    (620_000, 629_999, &[16, 17, 18, 19]),     // UnionPay, Elo
    (630_400, 630_499, &[15, 16, 17, 18, 19]), // Maestro, Laser
    (633_000, 639_999, &[15, 16, 17, 18, 19]), // Maestro, Elo, Hipercard
    (640_000, 659_999, &[16, 17, 18, 19]),     // Discover, Elo, RuPay, Troy
    (670_600, 670_999, &[16, 17, 18, 19]),     // Laser
    (675_900, 677_199, &[15, 16, 17, 18, 19]), // Maestro
    (810_000, 829_999, &[16]),                 // UnionPay, RuPay
    (860_000, 860_099, &[16]),                 // Uzcard
    (970_400, 970_499, &[16, 19]),             // Napas
    (979_200, 979_299, &[16]),                 // Troy
    (986_000, 986_099, &[16]),                 // Humo
];

/// How cards group their digits where other numbers stand beside them.
const GROUPINGS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 4, 4, 4, 3], &[6, 13]];

/// Looks for a card number in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    let mut start = 0;
    while start < text.len() {
        let groups = groups_from(text, start);
        if has_card(text, &groups) {
            return Some("looks like a card number");
        }
        start = groups.last().map_or(start + 1, |last| last.end);
    }
    None
}

/// The groups of digits from here, with one space or dash between each two.
fn groups_from(text: &[char], start: usize) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return groups;
        }
        groups.push(at..at + digits);
        at += digits;
        if !matches!(text.get(at), Some(' ' | '-')) {
            return groups;
        }
        at += 1;
    }
}

/// Whether all the groups together are a card number, or some of them that are written as one: an expiry date or a
/// number of another kind may stand beside it.
fn has_card(text: &[char], groups: &[Range<usize>]) -> bool {
    let is_card_in = |groups: &[Range<usize>]| {
        let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return false };
        stands_alone(text, first.start, last.end) && is_card(&digits_of(text, groups))
    };
    let most = GROUPINGS.iter().map(|lengths| lengths.len()).max().unwrap_or(1);
    let windows =
        (0..groups.len()).flat_map(|from| (from + 1..=groups.len().min(from + most)).map(move |to| from..to));
    is_card_in(groups)
        || windows
            .filter(|window| is_written_as_card(groups, window))
            .filter_map(|window| groups.get(window))
            .any(is_card_in)
}

/// A single group, or one of the usual groupings that no further group of four makes a part of a longer number.
fn is_written_as_card(groups: &[Range<usize>], window: &Range<usize>) -> bool {
    let lengths: Vec<usize> = groups.get(window.clone()).unwrap_or_default().iter().map(Range::len).collect();
    let is_four =
        |index: Option<usize>| index.and_then(|i| groups.get(i)).is_some_and(|group| group.len() == 4);
    let goes_on = is_four(window.start.checked_sub(1)) || is_four(Some(window.end));
    lengths.len() == 1 || (!goes_on && GROUPINGS.contains(&lengths.as_slice()))
}

fn digits_of(text: &[char], groups: &[Range<usize>]) -> Vec<u32> {
    let digits = groups.iter().filter_map(|group| text.get(group.clone())).flatten();
    digits.filter_map(|c| c.to_digit(10)).collect()
}

fn is_card(digits: &[u32]) -> bool {
    let Some(prefix) = digits.get(..6).map(|first| first.iter().fold(0, |n, digit| n * 10 + digit)) else {
        return false;
    };
    let known = |(from, to, lengths): &(u32, u32, &[usize])| {
        (*from..=*to).contains(&prefix) && lengths.contains(&digits.len())
    };
    (15..=19).contains(&digits.len()) && ISSUERS.iter().any(known) && luhn(digits)
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit * 2 > 9 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| if i % 2 == 1 { doubled(*digit) } else { *digit })
        .sum();
    sum.is_multiple_of(10)
}
