//! Documents of Brazil, Argentina and the United States.

use super::super::checks::{weighted, weighted_from_right};
use super::super::dice::Dice;
use super::Facts;

/// CPF, of natural persons in Brazil: bare, or with its punctuation.
pub(in super::super) fn cpf(dice: &mut Dice, _: Facts) -> String {
    let mut cpf = dice.fill("#########");
    // All digits alike pass the arithmetic, yet were never given out.
    while cpf.chars().min() == cpf.chars().max() {
        cpf = dice.fill("#########");
    }
    for _ in 0..2 {
        let sum = weighted_from_right(&cpf, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        cpf += &brazilian(sum).to_string();
    }
    if dice.chance(50) { cpf } else { punctuated(&cpf, "###.###.###-##") }
}

/// CNPJ, of legal persons in Brazil: most of digits, some with capitals as given out since July 2026; bare, or with
/// its punctuation.
pub(in super::super) fn cnpj(dice: &mut Dice, _: Facts) -> String {
    const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let branch = if dice.chance(85) { "0001".to_owned() } else { dice.fill("00#%") };
    let root = match dice.chance(20) {
        true => (0..8).map(|_| dice.character(CHARACTERS)).collect(),
        false => dice.fill("%#######"),
    };
    let mut cnpj = root + &branch;
    for _ in 0..2 {
        // A capital counts as its ASCII code less 48.
        let values = cnpj.bytes().rev().map(|byte| u32::from(byte).saturating_sub(48));
        let sum = values.zip((2..10).cycle()).map(|(value, weight)| value * weight).sum();
        cnpj += &brazilian(sum).to_string();
    }
    if dice.chance(50) { cnpj } else { punctuated(&cnpj, "##.###.###/####-##") }
}

fn brazilian(sum: u32) -> u32 {
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// The characters in the places of a pattern.
fn punctuated(bare: &str, pattern: &str) -> String {
    let mut rest = bare.chars();
    pattern.chars().filter_map(|mark| if mark == '#' { rest.next() } else { Some(mark) }).collect()
}

/// CUIT, of taxpayers in Argentina.
pub(in super::super) fn cuit_of_person(dice: &mut Dice, facts: Facts) -> String {
    cuit(dice, &facts.choose(20, 27).to_string())
}

/// The same of companies.
pub(in super::super) fn cuit_of_company(dice: &mut Dice, _: Facts) -> String {
    cuit(dice, "30")
}

fn cuit(dice: &mut Dice, prefix: &str) -> String {
    loop {
        let number = dice.fill("%#######");
        let sum = weighted(&format!("{prefix}{number}"), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return format!("{prefix}-{number}-{check}");
        }
    }
}

/// Social security number of the United States: no part of it is all zeros, and some areas were never given out.
pub(in super::super) fn ssn(dice: &mut Dice, _: Facts) -> String {
    let area = match dice.between(1, 898) {
        666 => 899,
        area => area,
    };
    format!("{area:03}-{:02}-{:04}", dice.between(1, 99), dice.between(1, 9_999))
}
