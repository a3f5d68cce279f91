//! Documents of natural and legal persons, with the check digits that their issuers compute.

pub(super) mod americas;
pub(super) mod east_asia;
pub(super) mod eastern_europe;
pub(super) mod near_east;
pub(super) mod south_asia;
pub(super) mod western_europe;

use super::country::Country;
use super::day::Day;
use super::dice::Dice;
use std::collections::HashSet;

/// A kind of document, and how it is written.
pub(super) enum Kind {
    /// Digits and letters without a check.
    Pattern(&'static str),
    /// With checks, or with something about its owner.
    Computed(fn(&mut Dice, Facts) -> String),
}

/// What some documents say of their owner.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) woman: bool,
    pub(super) born: Day,
}

impl Facts {
    /// The first for men, the second for women.
    fn choose(self, man: u64, woman: u64) -> u64 {
        if self.woman { woman } else { man }
    }

    /// A digit that is odd for men and even for women.
    fn odd_for_men(self, dice: &mut Dice) -> u64 {
        dice.below(5) * 2 + self.choose(1, 0)
    }
}

/// A document of a natural person of this country.
pub(super) fn natural(dice: &mut Dice, country: &Country, facts: Facts) -> String {
    written(dice, country.natural, facts)
}

/// A document of a company of this country.
pub(super) fn legal(dice: &mut Dice, country: &Country, facts: Facts) -> String {
    written(dice, country.legal, facts)
}

fn written(dice: &mut Dice, kinds: &[(u64, Kind)], facts: Facts) -> String {
    match dice.weighed(kinds, |(weight, _)| *weight) {
        Some((_, Kind::Pattern(pattern))) => dice.fill(pattern),
        Some((_, Kind::Computed(write))) => write(dice, facts),
        None => String::new(),
    }
}

/// The documents that were given out.
#[derive(Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// A document that nobody has yet, whatever its punctuation.
    pub(super) fn unique(&mut self, mut write: impl FnMut() -> String) -> String {
        loop {
            let document = write();
            if self.0.insert(document.chars().filter(|c| c.is_alphanumeric()).collect()) {
                return document;
            }
        }
    }
}
