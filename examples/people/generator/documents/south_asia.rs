//! Documents of Pakistan and India.

use super::super::checks::{luhn_36, verhoeff};
use super::super::dice::Dice;
use super::Facts;

/// CNIC, of natural persons in Pakistan: its last digit is odd for men.
pub(in super::super) fn cnic(dice: &mut Dice, facts: Facts) -> String {
    let number = dice.fill("%####-#######");
    format!("{number}-{}", facts.odd_for_men(dice))
}

/// Aadhaar, of residents of India.
pub(in super::super) fn aadhaar(dice: &mut Dice, _: Facts) -> String {
    let number = format!("{}{}", dice.between(2, 9), dice.fill("##########"));
    let number = format!("{number}{}", verhoeff(&number));
    if dice.chance(50) {
        return number;
    }
    let groups: Vec<&str> = [0..4, 4..8, 8..12].into_iter().filter_map(|group| number.get(group)).collect();
    groups.join(" ")
}

/// PAN, of natural persons who pay taxes in India.
pub(in super::super) fn pan(dice: &mut Dice, _: Facts) -> String {
    dice.fill("@@@P@####@")
}

/// GSTIN, of companies in India: state, the company's PAN, and a check over all of it.
pub(in super::super) fn gstin(dice: &mut Dice, _: Facts) -> String {
    let number = format!("{:02}{}1Z", dice.between(1, 37), dice.fill("@@@C@####@"));
    let check = char::from_digit(luhn_36(&number), 36).unwrap_or('0');
    format!("{number}{}", check.to_ascii_uppercase())
}
