//! Addresses of one country: `AddressesInput`, and the `ContactInput` that goes with it.

use super::country::Country;
use super::dice::Dice;
use super::fields::{object, sometimes, text};
use serde_json::Value;

/// One to three addresses.
pub(super) fn addresses(dice: &mut Dice, country: &Country) -> Value {
    object([
        ("primary", Some(address(dice, country))),
        ("additional1", sometimes(dice, 18, |dice| address(dice, country))),
        ("additional2", sometimes(dice, 5, |dice| address(dice, country))),
    ])
}

fn address(dice: &mut Dice, country: &Country) -> Value {
    let places = &country.places;
    let (city, state) = dice.word(&places.cities).split_once('/').unwrap_or_default();
    let street = dice.word(&places.streets);
    let line = dice.fill(places.line).replace('§', street);
    object([
        ("line1", text(line)),
        ("line2", sometimes(dice, 30, second_line)),
        ("zipCode", text(dice.fill(places.zip))),
        ("city", text(city)),
        ("state", text(state)),
        ("country", text(country.code)),
        (
            "description",
            sometimes(dice, 25, |dice| dice.one_of(&["Home", "Office", "Invoices", "P. O. box"])),
        ),
    ])
}

/// E-mail addresses of names that are reserved for examples, and telephone numbers that may be anybody's.
pub(super) fn contact(dice: &mut Dice, country: &Country) -> Value {
    object([
        ("primaryEmail", sometimes(dice, 92, email)),
        ("secondaryEmail", sometimes(dice, 12, email)),
        ("mobilePhone", sometimes(dice, 85, |dice| phone(dice, country))),
        ("otherPhone", sometimes(dice, 15, |dice| phone(dice, country))),
    ])
}

/// An e-mail address whose first part holds nobody's name.
pub(super) fn email(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "de", "fi", "go", "ha", "ju", "ka", "li", "mo", "na", "pe", "ri", "so", "ta", "ve", "zu"];
    const DOMAINS: [&str; 6] =
        ["example.com", "example.net", "example.org", "mail.example", "correio.example", "почта.example"];
    let name: String = (0..dice.between(3, 5)).map(|_| dice.one_of(&SYLLABLES)).collect();
    let number = dice.fill("##");
    format!("{name}{}{number}@{}", dice.one_of(&["", ".", "_", "+"]), dice.one_of(&DOMAINS))
}

fn phone(dice: &mut Dice, country: &Country) -> String {
    let pattern = dice.word(&country.phones);
    dice.fill(pattern)
}

fn second_line(dice: &mut Dice) -> String {
    let pattern = dice.one_of(&["2/%", "%-%#", "№ %##", "B%/%##", "#%##", "🏢 %#"]);
    dice.fill(pattern)
}
