//! Documents of Portugal, Spain, France, Germany and the United Kingdom.

use super::super::checks::{luhn, missing_to, mod_11_10, travel, weighted};
use super::super::dice::Dice;
use super::Facts;

/// NIF of natural persons in Portugal.
pub(in super::super) fn nif_of_person(dice: &mut Dice, _: Facts) -> String {
    let first = dice.between(1, 3);
    nif(dice, first)
}

/// The same of companies.
pub(in super::super) fn nif_of_company(dice: &mut Dice, _: Facts) -> String {
    nif(dice, 5)
}

fn nif(dice: &mut Dice, first: u64) -> String {
    let number = format!("{first}{}", dice.fill("#######"));
    let check = missing_to(11, weighted(&number, &[9, 8, 7, 6, 5, 4, 3, 2])) % 10;
    format!("{number}{check}")
}

/// DNI of Spaniards, or NIE of others who live in Spain.
pub(in super::super) fn dni(dice: &mut Dice, _: Facts) -> String {
    let foreign = dice.chance(15).then(|| dice.below(3));
    let digits = if foreign.is_some() { dice.fill("#######") } else { dice.fill("########") };
    let number: u64 =
        format!("{}{digits}", foreign.map(|n| n.to_string()).unwrap_or_default()).parse().unwrap_or(0);
    let letter = nth("TRWAGMYFPDXBNJZSQVHLCKE", number % 23);
    match foreign {
        Some(kind) => format!("{}-{digits}-{letter}", nth("XYZ", kind)),
        None => format!("{digits}{letter}"),
    }
}

/// NIF of Spanish companies.
pub(in super::super) fn cif(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("#######");
    format!("{}{number}{}", dice.character("ABEH"), luhn(&number))
}

/// NIR of natural persons in France: sex, year, month, department, commune, serial number and key.
pub(in super::super) fn nir(dice: &mut Dice, facts: Facts) -> String {
    let sex = facts.choose(1, 2);
    let (year, month) = (facts.born.short_year(), facts.born.month);
    let (department, commune, serial) =
        (dice.between(1, 95).max(1), dice.between(1, 990), dice.between(1, 999));
    // Corsica's departments have letters, its old number is no longer given out.
    let department = if department == 20 { 75 } else { department };
    let digits = format!("{sex}{year:02}{month:02}{department:02}{commune:03}{serial:03}");
    let key = 97 - digits.parse::<u64>().unwrap_or(0) % 97;
    match dice.chance(50) {
        true => format!("{digits}{key:02}"),
        false => format!("{sex} {year:02} {month:02} {department:02} {commune:03} {serial:03} {key:02}"),
    }
}

/// SIREN of French companies, or SIRET of one of their establishments.
pub(in super::super) fn siren(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("%#######");
    let siren = format!("{number}{}", luhn(&number));
    if dice.chance(70) {
        return siren;
    }
    let establishment = format!("{siren}{}", dice.fill("000%"));
    format!("{establishment}{}", luhn(&establishment))
}

/// Number of a German identity card or passport.
pub(in super::super) fn german_card(dice: &mut Dice, _: Facts) -> String {
    let first = dice.character("CFGHJKLMNPRTVWXYZ");
    let rest: String = (0..8).map(|_| dice.character("0123456789CFGHJKLMNPRTVWXYZ")).collect();
    let number = format!("{first}{rest}");
    format!("{number}{}", travel(&number))
}

/// Tax number of natural persons in Germany: of its first ten digits one is there twice and the others once.
pub(in super::super) fn german_tax_number(dice: &mut Dice, _: Facts) -> String {
    let mut digits: Vec<char> = ('0'..='9').collect();
    for last in (1..10).rev() {
        let other = usize::try_from(dice.below(last + 1)).unwrap_or_default();
        digits.swap(usize::try_from(last).unwrap_or_default(), other);
    }
    // The last place repeats another digit; the first must not be zero.
    digits.pop();
    let repeated = dice.one_of(&digits);
    digits.push(repeated);
    if let Some(at) = digits.iter().position(|digit| *digit != '0') {
        digits.swap(0, at);
    }
    let number: String = digits.into_iter().collect();
    format!("{number}{}", mod_11_10(&number))
}

/// Value added tax number of German companies.
pub(in super::super) fn german_vat_number(dice: &mut Dice, _: Facts) -> String {
    let number = dice.fill("%#######");
    format!("DE{number}{}", mod_11_10(&number))
}

/// National insurance number of the United Kingdom.
pub(in super::super) fn nino(dice: &mut Dice, _: Facts) -> String {
    let (first, second) = (dice.character("ABCEHJLMPRSW"), dice.character("ABCEHJLMPRSWXYZ"));
    format!("{first}{second} {} {}", dice.fill("## ## ##"), dice.character("ABCD"))
}

fn nth(alphabet: &str, at: u64) -> char {
    usize::try_from(at).ok().and_then(|at| alphabet.chars().nth(at)).unwrap_or('A')
}
