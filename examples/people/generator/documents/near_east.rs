//! Documents of Israel, Egypt and Saudi Arabia.

use super::super::checks::luhn;
use super::super::dice::Dice;
use super::Facts;

/// Identity number of natural persons in Israel.
pub(in super::super) fn teudat_zehut(dice: &mut Dice, _: Facts) -> String {
    checked(dice.fill("########"))
}

/// Number of a company in Israel.
pub(in super::super) fn israeli_company(dice: &mut Dice, _: Facts) -> String {
    checked(dice.fill("51######"))
}

/// Identity number of citizens of Saudi Arabia (1), or of residents (2).
pub(in super::super) fn saudi_id(dice: &mut Dice, _: Facts) -> String {
    let kind = if dice.chance(80) { "1########" } else { "2########" };
    checked(dice.fill(kind))
}

fn checked(number: String) -> String {
    format!("{number}{}", luhn(&number))
}

/// National number of Egyptians: century, day of birth, governorate, serial number and sex. Its last digit is a check
/// that was never published. Some write it with the digits of the country.
pub(in super::super) fn egyptian_number(dice: &mut Dice, facts: Facts) -> String {
    let century = if facts.born.year < 2000 { 2 } else { 3 };
    let (governorate, serial) = (dice.between(11, 29), dice.below(1_000));
    let sex = facts.odd_for_men(dice);
    let number =
        format!("{century}{}{governorate}{serial:03}{sex}{}", facts.born.six_digits(), dice.between(1, 9));
    if dice.chance(70) { number } else { in_digits_from('٠', &number) }
}

/// The digits of a text as those of another script, from its zero on.
pub(super) fn in_digits_from(zero: char, text: &str) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|value| char::from_u32(u32::from(zero) + value));
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}
