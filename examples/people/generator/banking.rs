//! Banking details: `BankingDetailsInput`.

use super::country::{Bank, Country};
use super::day::Day;
use super::dice::Dice;
use super::fields::{object, sometimes, text};
use super::iban::{self, Account};
use serde_json::Value;

/// An account as it is written at home, or by its IBAN; now and then in another country.
pub(super) fn banking_details(dice: &mut Dice, country: &Country, opened: Day) -> Value {
    let abroad = dice.chance(8);
    let iban = if abroad { iban::account_anywhere(dice) } else { iban::account_in(dice, country.code) };
    match (&country.bank, iban) {
        (Some(bank), None) => at_home(dice, country.code, bank, opened),
        (Some(bank), Some(_)) if !abroad && dice.chance(70) => at_home(dice, country.code, bank, opened),
        (_, Some(account)) => by_iban(dice, account, opened),
        (None, None) => object([("countryCode", text(country.code))]),
    }
}

fn at_home(dice: &mut Dice, country: &str, bank: &Bank, opened: Day) -> Value {
    object([
        ("branch", text(dice.fill(bank.branch)).filter(|_| !bank.branch.is_empty())),
        ("account", text(dice.fill(bank.account))),
        ("bankId", text(dice.fill(bank.bank))),
        ("countryCode", text(country)),
        ("type", Some(kind(dice))),
        ("openingDate", sometimes(dice, 70, |_| opened.to_string())),
        ("closingDate", closing_date(dice, opened)),
    ])
}

fn by_iban(dice: &mut Dice, account: Account, opened: Day) -> Value {
    let iban = if dice.chance(70) { account.iban } else { iban::in_groups(&account.iban) };
    let spelled_out = dice.chance(60);
    object([
        ("branch", account.branch.filter(|_| spelled_out).and_then(text)),
        ("account", text(account.number).filter(|_| spelled_out)),
        ("bankId", text(account.bank).filter(|_| spelled_out)),
        ("iban", text(iban)),
        ("countryCode", text(account.country)),
        ("type", Some(kind(dice))),
        ("openingDate", sometimes(dice, 70, |_| opened.to_string())),
        ("closingDate", closing_date(dice, opened)),
    ])
}

fn kind(dice: &mut Dice) -> Value {
    Value::from(dice.one_of(&["CACC", "SVGS", "SLRY", "checking", "savings", "payment"]))
}

/// On the day of opening at the earliest.
fn closing_date(dice: &mut Dice, opened: Day) -> Option<Value> {
    sometimes(dice, 4, |dice| opened.years_later(dice.below(15)).to_string())
}
