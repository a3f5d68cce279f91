//! Check digits. Texts are read as digits, letters as 10 to 35; other characters are left out.

/// The values of a text's digits and letters.
pub(super) fn values(text: &str) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
    text.chars().filter_map(|c| c.to_digit(36))
}

/// The sum of each value times its weight, from the left; the weights begin anew where they end.
pub(super) fn weighted(text: &str, weights: &[u32]) -> u32 {
    values(text).zip(weights.iter().cycle()).map(|(value, weight)| value * weight).sum()
}

/// The same from the right.
pub(super) fn weighted_from_right(text: &str, weights: &[u32]) -> u32 {
    values(text).rev().zip(weights.iter().cycle()).map(|(value, weight)| value * weight).sum()
}

/// What is missing to a multiple of this: 0 where nothing is.
pub(super) fn missing_to(multiple: u32, sum: u32) -> u32 {
    (multiple - sum % multiple) % multiple
}

/// Luhn's check digit.
pub(super) fn luhn(text: &str) -> u32 {
    let doubled = |value: u32| if value > 4 { value * 2 - 9 } else { value * 2 };
    let every_other = [true, false].into_iter().cycle();
    let sum: u32 =
        values(text).rev().zip(every_other).map(|(v, double)| if double { doubled(v) } else { v }).sum();
    missing_to(10, sum)
}

/// Luhn's scheme over digits and letters.
pub(super) fn luhn_36(text: &str) -> u32 {
    let weights = [2, 1].into_iter().cycle();
    let sum = values(text)
        .rev()
        .zip(weights)
        .map(|(value, weight)| value * weight / 36 + value * weight % 36)
        .sum();
    missing_to(36, sum)
}

/// The check digit of machine-readable travel documents (ICAO 9303).
pub(super) fn travel(text: &str) -> u32 {
    weighted(text, &[7, 3, 1]) % 10
}

/// ISO 7064, MOD 11,10.
pub(super) fn mod_11_10(text: &str) -> u32 {
    let product = values(text).fold(10, |product, value| match (product + value) % 10 {
        0 => 10 * 2 % 11,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10
}

/// ISO 7064, MOD 11-2: a digit, or X.
pub(super) fn mod_11_2(text: &str) -> char {
    let sum = values(text).fold(0, |sum, value| (sum + value) * 2 % 11);
    char::from_digit((12 - sum) % 11, 10).unwrap_or('X')
}

/// The remainder by 97 of the digits, letters spelled out as 10 to 35 (ISO 7064, MOD 97-10).
pub(super) fn mod_97(text: &str) -> u32 {
    values(text).fold(0, |rest, value| (rest * if value < 10 { 10 } else { 100 } + value) % 97)
}

/// Verhoeff's check digit: each value is permuted by its place and multiplied in the dihedral group of ten.
pub(super) fn verhoeff(text: &str) -> u32 {
    let digits = values(text).rev().zip(1..);
    let product = digits.fold(0, |product, (value, place)| multiplied(product, permuted(value, place)));
    // The inverse: turns lie opposite each other, reflections undo themselves.
    if product < 5 { missing_to(5, product) } else { product }
}

/// The group's multiplication: 0 to 4 are turns, 5 to 9 reflections.
fn multiplied(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

fn permuted(value: u32, times: u32) -> u32 {
    (0..times % 8).fold(value, |value, _| match value {
        0 => 1,
        1 => 5,
        2 => 7,
        3 => 6,
        4 => 2,
        5 => 8,
        6 => 3,
        7 => 0,
        8 => 9,
        _ => 4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that their issuers, or the standards, give as examples.
    #[test]
    fn published_numbers_have_these_check_digits() {
        assert_eq!(luhn("7992739871"), 3);
        assert_eq!(luhn_36("27AAPFU0939F1Z"), 31);
        assert_eq!(travel("L898902C3"), 6);
        assert_eq!(mod_11_10("13669597"), 6);
        assert_eq!(mod_11_2("11010519491231002"), 'X');
        assert_eq!(mod_97("3214282912345698765432161182"), 1);
        assert_eq!(verhoeff("236"), 3);
        assert_eq!(verhoeff("23412341234"), 6);
        assert_eq!(missing_to(10, weighted("4405140135", &[1, 3, 7, 9])), 9);
        assert_eq!(weighted_from_right("913150260", &[2, 3, 4, 5, 6, 7, 8, 9, 10]) * 10 % 11, 1);
    }
}
