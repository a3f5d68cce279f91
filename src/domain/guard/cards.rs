//! Payment card numbers: 15 to 19 digits with an issuer's prefix and a right Luhn digit, bare or in groups.
//! The prefix is needed because one in ten of all numbers passes Luhn alone.

use super::stands_alone;

/// Issuer prefixes as inclusive ranges over the first six digits (ISO/IEC 7812), with the lengths given out.
const ISSUERS: [(u32, u32, &[usize]); 17] = [
    (300_000, 305_999, &[16, 17, 18, 19]),     // Diners Club
    (309_500, 309_599, &[16, 17, 18, 19]),     // Diners Club
    (340_000, 349_999, &[15]),                 // American Express
    (352_800, 358_999, &[16, 17, 18, 19]),     // JCB
    (360_000, 369_999, &[15, 16, 17, 18, 19]), // Diners Club
    (370_000, 379_999, &[15]),                 // American Express
    (380_000, 399_999, &[16, 17, 18, 19]),     // Diners Club
    (400_000, 499_999, &[16, 19]),             // Visa, Elo
    (222_100, 272_099, &[16]),                 // Mastercard
    (500_000, 509_999, &[15, 16, 17, 18, 19]), // Maestro, Elo
    (510_000, 559_999, &[16]),                 // Mastercard
    (560_000, 589_999, &[15, 16, 17, 18, 19]), // Maestro
    (601_100, 601_199, &[16, 17, 18, 19]),     // Discover
    (606_282, 606_282, &[16, 19]),             // Hipercard
    (620_000, 629_999, &[16, 17, 18, 19]),     // UnionPay
    (636_000, 639_999, &[15, 16, 17, 18, 19]), // Maestro, Elo, Hipercard
    (640_000, 659_999, &[16, 17, 18, 19]),     // Discover, Elo
];

/// Looks for a card number in a text.
pub(super) fn find(text: &[char]) -> Option<&'static str> {
    let mut start = 0;
    while start < text.len() {
        let (digits, end) = run(text, start);
        if stands_alone(text, start, end) && is_card(&digits) {
            return Some("looks like a card number");
        }
        start = end.max(start + 1);
    }
    None
}

/// The digits of the longest run from here, single spaces or dashes between them, and where it ends.
fn run(text: &[char], start: usize) -> (Vec<u32>, usize) {
    let mut digits = Vec::new();
    let mut end = start;
    let mut at = start;
    while let Some(c) = text.get(at) {
        match c.to_digit(10) {
            Some(digit) => {
                digits.push(digit);
                end = at + 1;
            }
            None if matches!(c, ' ' | '-') && end == at && at > start => {}
            None => break,
        }
        at += 1;
    }
    (digits, end)
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
