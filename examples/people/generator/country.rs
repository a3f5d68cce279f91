//! What is particular to a country: names, places, documents and banks.

use super::dice::{Dice, Words};
use super::documents::Kind;

/// A country, or a part of one with a writing of its own.
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    pub(super) code: &'static str,
    /// How many people come from there, compared with the others.
    pub(super) weight: u64,
    pub(super) nationality: &'static str,
    pub(super) names: Names,
    pub(super) places: Places,
    /// Patterns of telephone numbers.
    pub(super) phones: Words,
    /// Documents of natural persons, with how common each is.
    pub(super) natural: &'static [(u64, Kind)],
    /// Documents of legal persons.
    pub(super) legal: &'static [(u64, Kind)],
    /// How accounts are written at home; without it by IBAN only.
    pub(super) bank: Option<Bank>,
}

/// Patterns of a bank's number, a branch's and an account's.
pub(super) struct Bank {
    pub(super) bank: &'static str,
    pub(super) branch: &'static str,
    pub(super) account: &'static str,
}

/// Names and how they are put together. In a form, 1 stands for a given name, 2 for a family name, 3 for a middle or
/// father's name, 4 for a company's line of business, and the rest for itself.
pub(super) struct Names {
    pub(super) forms: Words,
    pub(super) given: BySex,
    pub(super) family: BySex,
    pub(super) middle: BySex,
    pub(super) company_forms: Words,
    pub(super) lines: Words,
}

/// Words for women and for men.
pub(super) struct BySex {
    women: Words,
    men: Words,
}

impl BySex {
    /// One list for each.
    pub(super) fn of(women: &'static str, men: &'static str) -> Self {
        Self { women: Words::of(women), men: Words::of(men) }
    }

    /// The same for both.
    pub(super) fn same(words: &'static str) -> Self {
        Self::of(words, words)
    }

    fn word(&self, dice: &mut Dice, woman: bool) -> &'static str {
        dice.word(if woman { &self.women } else { &self.men })
    }
}

/// Addresses.
pub(super) struct Places {
    /// `city/state`.
    pub(super) cities: Words,
    pub(super) streets: Words,
    /// A street (`5`) with its number, as a pattern.
    pub(super) line: &'static str,
    /// Pattern of postal codes.
    pub(super) zip: &'static str,
}

/// A person's name.
pub(super) struct Name {
    pub(super) full: String,
    pub(super) given: &'static str,
}

impl Names {
    /// A natural person's name; its second given name is another than the first.
    pub(super) fn person(&self, dice: &mut Dice, woman: bool) -> Name {
        let given = self.given.word(dice, woman);
        let mut first = Some(given);
        let full = dice.word(&self.forms).chars().fold(String::new(), |full, mark| match mark {
            '1' => full + first.take().unwrap_or_else(|| self.another_given(dice, woman, given)),
            mark => self.part(dice, full, mark, woman),
        });
        Name { full, given }
    }

    fn another_given(&self, dice: &mut Dice, woman: bool, than: &'static str) -> &'static str {
        let mut draws = (0..8).map(|_| self.given.word(dice, woman));
        draws.find(|given| *given != than).unwrap_or(than)
    }

    /// A company's name.
    pub(super) fn company(&self, dice: &mut Dice) -> String {
        let form = dice.word(&self.company_forms).chars();
        form.fold(String::new(), |full, mark| self.part(dice, full, mark, false))
    }

    fn part(&self, dice: &mut Dice, full: String, mark: char, woman: bool) -> String {
        match mark {
            '1' => full + self.given.word(dice, woman),
            '2' => full + self.family.word(dice, woman),
            '3' => full + self.middle.word(dice, woman),
            '4' => full + dice.word(&self.lines),
            plain => {
                let mut full = full;
                full.push(plain);
                full
            }
        }
    }
}
