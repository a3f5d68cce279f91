//! Documents of Poland, Greece, Ukraine, Russia and Türkiye.

use super::super::checks::{luhn, missing_to, values, weighted};
use super::super::dice::Dice;
use super::Facts;

/// PESEL, of natural persons in Poland: day of birth, serial number and sex.
pub(in super::super) fn pesel(dice: &mut Dice, facts: Facts) -> String {
    let born = facts.born;
    let month = born.month + if born.year < 2000 { 0 } else { 20 };
    let serial = dice.below(1_000);
    let sex = facts.odd_for_men(dice);
    let number = format!("{:02}{month:02}{:02}{serial:03}{sex}", born.short_year(), born.day);
    format!("{number}{}", missing_to(10, weighted(&number, &[1, 3, 7, 9])))
}

/// NIP, of taxpayers in Poland.
pub(in super::super) fn nip(dice: &mut Dice, _: Facts) -> String {
    loop {
        let number = dice.fill("%%%######");
        let check = weighted(&number, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
        if check < 10 {
            let bare = format!("{number}{check}");
            return if dice.chance(50) { bare } else { format!("PL{bare}") };
        }
    }
}

/// AFM, of taxpayers in Greece.
pub(in super::super) fn afm(dice: &mut Dice, _: Facts) -> String {
    greek(&dice.fill("1#######"))
}

/// The same of companies.
pub(in super::super) fn afm_of_company(dice: &mut Dice, _: Facts) -> String {
    let first = if dice.chance(50) { '0' } else { '8' };
    greek(&format!("{first}{}", dice.fill("#######")))
}

fn greek(number: &str) -> String {
    let check = weighted(number, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10;
    format!("{number}{check}")
}

/// AMKA, of insured persons in Greece: day of birth, serial number and sex.
pub(in super::super) fn amka(dice: &mut Dice, facts: Facts) -> String {
    let born = facts.born;
    let serial = dice.below(1_000);
    let sex = facts.odd_for_men(dice);
    let number = format!("{:02}{:02}{:02}{serial:03}{sex}", born.day, born.month, born.short_year());
    format!("{number}{}", luhn(&number))
}

/// Greek identity card, with capitals that Greek and Latin share the look of.
pub(in super::super) fn greek_card(dice: &mut Dice, _: Facts) -> String {
    series(dice, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", " ######")
}

/// Ukrainian passport of the older kind, in Cyrillic.
pub(in super::super) fn ukrainian_passport(dice: &mut Dice, _: Facts) -> String {
    series(dice, "АВЕІКМНОРСТХ", " № ######")
}

fn series(dice: &mut Dice, capitals: &str, number: &str) -> String {
    let (first, second) = (dice.character(capitals), dice.character(capitals));
    format!("{first}{second}{}", dice.fill(number))
}

/// Taxpayer number of natural persons in Ukraine: day of birth, serial number and sex.
pub(in super::super) fn rnokpp(dice: &mut Dice, facts: Facts) -> String {
    let serial = dice.below(1_000);
    let number = format!("{:05}{serial:03}{}", facts.born.since_1900(), facts.odd_for_men(dice));
    // The first weight is -1: ten does the same by eleven.
    let check = weighted(&number, &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10;
    format!("{number}{check}")
}

/// Number of a Ukrainian company in the state register.
pub(in super::super) fn edrpou(dice: &mut Dice, _: Facts) -> String {
    let number = dice.between(100_000, 2_999_999);
    let number = format!("{number:07}");
    let check = match weighted(&number, &[1, 2, 3, 4, 5, 6, 7]) % 11 {
        10 => weighted(&number, &[3, 4, 5, 6, 7, 8, 9]) % 11 % 10,
        check => check,
    };
    format!("{number}{check}")
}

/// INN, of natural persons in Russia.
pub(in super::super) fn inn_of_person(dice: &mut Dice, _: Facts) -> String {
    let mut number = dice.fill("%#########");
    number += &(weighted(&number, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10).to_string();
    number += &(weighted(&number, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10).to_string();
    number
}

/// The same of companies.
pub(in super::super) fn inn_of_company(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("%########");
    let check = weighted(&number, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    format!("{number}{check}")
}

/// Identity number of natural persons in Türkiye.
pub(in super::super) fn tckn(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("%########");
    let odd: u32 = values(&number).step_by(2).sum();
    let even: u32 = values(&number).skip(1).step_by(2).sum();
    let tenth = (odd * 7 + missing_to(10, even)) % 10;
    format!("{number}{tenth}{}", (odd + even + tenth) % 10)
}

/// Tax number of companies in Türkiye.
pub(in super::super) fn vkn(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("%########");
    let sum = values(&number).rev().zip(1..).map(|(value, place)| match (value + place) % 10 {
        0 => 0,
        // A remainder of nothing counts nine.
        turned => (turned * (1 << place) + 8) % 9 + 1,
    });
    format!("{number}{}", missing_to(10, sum.sum()))
}
