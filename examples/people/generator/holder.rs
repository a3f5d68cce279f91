//! A holder: `CreateHolderInput`.

use super::addresses::{addresses, contact, email};
use super::country::Country;
use super::day::Day;
use super::dice::Dice;
use super::documents::{self, Facts, Taken};
use super::fields::{object, sometimes, text};
use super::metadata;
use serde_json::Value;

/// A holder, with what its alias accounts need to know of it.
pub(super) struct Holder<'a> {
    pub(super) country: &'a Country,
    pub(super) is_company: bool,
    pub(super) name: String,
    pub(super) document: String,
    pub(super) input: Value,
}

impl<'a> Holder<'a> {
    /// Somebody of this country whose document is nobody else's.
    pub(super) fn new(dice: &mut Dice, taken: &mut Taken, country: &'a Country) -> Self {
        if dice.chance(75) { Self::natural(dice, taken, country) } else { Self::legal(dice, taken, country) }
    }

    fn natural(dice: &mut Dice, taken: &mut Taken, country: &'a Country) -> Self {
        let facts = Facts { woman: dice.chance(50), born: Day::between(dice, 1935, 2007) };
        let document = taken.unique(|| documents::natural(dice, country, facts));
        let name = country.names.person(dice, facts.woman);
        let person = natural_person(dice, country, facts, name.given);
        let person = dice.chance(90).then_some(person);
        // Somebody who trades under a name of their own.
        let trade = sometimes(dice, 3, |dice| object([("tradeName", text(country.names.company(dice)))]));
        Self::of(dice, country, false, name.full, document, [person, trade])
    }

    fn legal(dice: &mut Dice, taken: &mut Taken, country: &'a Country) -> Self {
        let facts = Facts { woman: false, born: Day::between(dice, 1950, 2024) };
        let document = taken.unique(|| documents::legal(dice, country, facts));
        let name = country.names.company(dice);
        let company = legal_person(dice, country, facts.born, &name);
        let company = dice.chance(90).then_some(company);
        Self::of(dice, country, true, name, document, [None, company])
    }

    fn of(
        dice: &mut Dice,
        country: &'a Country,
        is_company: bool,
        name: String,
        document: String,
        [natural, legal]: [Option<Value>; 2],
    ) -> Self {
        let input = object([
            ("type", text(if is_company { "LEGAL_PERSON" } else { "NATURAL_PERSON" })),
            ("name", text(name.as_str())),
            ("document", text(document.as_str())),
            ("externalId", sometimes(dice, 60, metadata::external_id)),
            ("addresses", sometimes(dice, 85, |dice| addresses(dice, country))),
            ("contact", sometimes(dice, 90, |dice| contact(dice, country))),
            ("naturalPerson", natural),
            ("legalPerson", legal),
            ("metadata", sometimes(dice, 80, metadata::of_holder)),
        ]);
        Self { country, is_company, name, document, input }
    }
}

fn natural_person(dice: &mut Dice, country: &Country, facts: Facts, given: &str) -> Value {
    let gender = if facts.woman { "female" } else { "male" };
    let parent = |woman| move |dice: &mut Dice| country.names.person(dice, woman).full;
    object([
        ("favoriteName", sometimes(dice, 30, |_| given)),
        ("socialName", sometimes(dice, 4, |dice| country.names.person(dice, !facts.woman).full)),
        ("gender", sometimes(dice, 70, |dice| if dice.chance(97) { gender } else { "non-binary" })),
        ("birthDate", sometimes(dice, 92, |_| facts.born.to_string())),
        (
            "civilStatus",
            sometimes(dice, 60, |dice| dice.one_of(&["single", "married", "divorced", "widowed"])),
        ),
        ("nationality", sometimes(dice, 70, |_| country.nationality)),
        ("motherName", sometimes(dice, 45, parent(true))),
        ("fatherName", sometimes(dice, 35, parent(false))),
        ("status", sometimes(dice, 40, |dice| dice.one_of(&["active", "inactive", "under review"]))),
    ])
}

fn legal_person(dice: &mut Dice, country: &Country, founded: Day, name: &str) -> Value {
    object([
        ("tradeName", sometimes(dice, 50, |_| name)),
        ("activity", sometimes(dice, 70, |dice| dice.word(&country.names.lines))),
        (
            "type",
            sometimes(dice, 60, |dice| {
                dice.one_of(&["limited", "joint-stock", "cooperative", "sole trader"])
            }),
        ),
        ("foundingDate", sometimes(dice, 85, |_| founded.to_string())),
        ("size", sometimes(dice, 50, |dice| dice.one_of(&["micro", "small", "medium", "large"]))),
        ("status", sometimes(dice, 40, |dice| dice.one_of(&["active", "suspended"]))),
        ("representative", sometimes(dice, 75, |dice| representative(dice, country))),
    ])
}

fn representative(dice: &mut Dice, country: &Country) -> Value {
    let person = Relative::new(dice, country);
    object([
        ("name", text(person.name)),
        ("document", text(person.document)),
        ("email", sometimes(dice, 60, email)),
        ("role", sometimes(dice, 70, |dice| dice.one_of(&["director", "partner", "attorney", "proprietor"]))),
    ])
}

/// Somebody who has to do with a holder.
pub(super) struct Relative {
    pub(super) name: String,
    pub(super) document: String,
}

impl Relative {
    /// A natural person of this country.
    pub(super) fn new(dice: &mut Dice, country: &Country) -> Self {
        let facts = Facts { woman: dice.chance(50), born: Day::between(dice, 1940, 2005) };
        let name = country.names.person(dice, facts.woman).full;
        Self { name, document: documents::natural(dice, country, facts) }
    }
}
