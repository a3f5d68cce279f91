//! Metadata that the guard over what is stored in clear lets through: no numbers of persons, no addresses, no
//! telephone numbers.

use super::day::Day;
use super::dice::Dice;
use super::fields::{object, sometimes};
use serde_json::Value;

/// What a client may want to keep of a holder.
pub(super) fn of_holder(dice: &mut Dice) -> Value {
    object([
        ("segment", sometimes(dice, 60, |dice| dice.one_of(&["bronze", "silver", "gold", "private"]))),
        ("channel", sometimes(dice, 50, |dice| dice.one_of(&["app", "web", "agency", "partner"]))),
        ("score", sometimes(dice, 40, |dice| tenths(dice, 0, 100))),
        ("vip", sometimes(dice, 20, |dice| dice.chance(30))),
        ("riskRating", sometimes(dice, 40, |dice| dice.between(1, 5))),
        ("marketingConsent", sometimes(dice, 35, |dice| dice.chance(50))),
        ("onboardedOn", sometimes(dice, 25, |dice| Day::between(dice, 2015, 2025).to_string())),
        ("reference", sometimes(dice, 15, uuid)),
        (
            "observação",
            sometimes(dice, 8, |dice| dice.one_of(&["prefere ligação à tarde", "冬季促销", "★ new"])),
        ),
    ])
}

/// What a client may want to keep of an alias account.
pub(super) fn of_account(dice: &mut Dice) -> Value {
    object([
        (
            "purpose",
            sometimes(dice, 50, |dice| dice.one_of(&["salary", "savings", "rent", "sales", "escrow"])),
        ),
        ("priority", sometimes(dice, 30, |dice| dice.between(0, 9))),
        ("dailyLimit", sometimes(dice, 30, |dice| tenths(dice, 1_000, 500_000))),
        ("default", sometimes(dice, 30, |dice| dice.chance(50))),
        ("campaign", sometimes(dice, 10, |dice| dice.fill("C-20##-%#"))),
    ])
}

/// A client's own id for a holder.
pub(super) fn external_id(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => dice.fill("crm-########"),
        1 => dice.fill("@@/%####"),
        _ => uuid(dice),
    }
}

/// A decimal with one place.
fn tenths(dice: &mut Dice, first: u64, last: u64) -> Value {
    let tenths = u32::try_from(dice.between(first, last)).unwrap_or_default();
    Value::from(f64::from(tenths) / 10.0)
}

/// A UUID of version 4.
fn uuid(dice: &mut Dice) -> String {
    let pattern = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".chars();
    pattern.map(|mark| if mark == 'x' { dice.character("0123456789abcdef") } else { mark }).collect()
}
