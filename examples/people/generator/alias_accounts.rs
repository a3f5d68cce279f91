//! The alias accounts of a holder: `OnboardAliasAccountInput` without the ids of the ledger, which only a ledger has.

use super::banking::banking_details;
use super::day::Day;
use super::dice::Dice;
use super::documents::{self, Facts};
use super::fields::{object, sometimes, text};
use super::holder::{Holder, Relative};
use super::metadata;
use serde_json::Value;

/// None for some holders, one for most, up to four.
pub(super) fn alias_accounts(dice: &mut Dice, holder: &Holder<'_>) -> Vec<Value> {
    let count = match dice.below(100) {
        0..12 => 0,
        12..75 => 1,
        75..93 => 2,
        _ => dice.between(3, 4),
    };
    (0..count).map(|_| alias_account(dice, holder)).collect()
}

fn alias_account(dice: &mut Dice, holder: &Holder<'_>) -> Value {
    let opened = Day::between(dice, 1998, 2025);
    object([
        ("bankingDetails", sometimes(dice, 94, |dice| banking_details(dice, holder.country, opened))),
        ("regulatoryFields", sometimes(dice, 30, |dice| regulatory_fields(dice, holder))),
        ("relatedParties", sometimes(dice, 55, |dice| related_parties(dice, holder, opened))),
        ("metadata", sometimes(dice, 60, metadata::of_account)),
    ])
}

fn regulatory_fields(dice: &mut Dice, holder: &Holder<'_>) -> Value {
    let facts = Facts { woman: false, born: Day::between(dice, 1900, 1990) };
    object([("participantDocument", text(documents::legal(dice, holder.country, facts)))])
}

/// The holder itself as the first, and others: of a company always somebody who acts for it.
fn related_parties(dice: &mut Dice, holder: &Holder<'_>, opened: Day) -> Vec<Value> {
    let mut parties = Vec::new();
    if dice.chance(60) {
        let itself = Relative { name: holder.name.clone(), document: holder.document.clone() };
        parties.push(party(dice, itself, "PRIMARY_HOLDER", opened));
    }
    let others =
        if dice.chance(4) { dice.between(3, 6) } else { dice.below(2) + u64::from(holder.is_company) };
    for _ in 0..others {
        let role = dice.one_of(&["LEGAL_REPRESENTATIVE", "LEGAL_REPRESENTATIVE", "RESPONSIBLE_PARTY"]);
        let other = Relative::new(dice, holder.country);
        parties.push(party(dice, other, role, opened));
    }
    parties
}

fn party(dice: &mut Dice, relative: Relative, role: &str, opened: Day) -> Value {
    let start = opened.years_later(dice.below(3));
    object([
        ("document", text(relative.document)),
        ("name", text(relative.name)),
        ("role", text(role)),
        ("startDate", text(start.to_string())),
        ("endDate", sometimes(dice, 15, |dice| start.years_later(dice.below(20)).to_string())),
    ])
}
