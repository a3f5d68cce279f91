//! People who do not exist, as realistic as their names, documents, accounts and addresses can be without them.
//!
//! The same seed makes the same people for ever and on every machine: chance is ChaCha8, and nothing here asks a
//! clock, a locale or a map without an order. So what is written here stays as it is: a changed word makes other
//! people of every seed. All of it is chance, yet a number may happen to be somebody's.

mod addresses;
mod alias_accounts;
mod banking;
mod checks;
mod countries;
mod country;
mod day;
mod dice;
mod documents;
mod fields;
mod holder;
mod iban;
mod metadata;

use country::Country;
use dice::Dice;
use documents::Taken;
use holder::Holder;
use serde_json::Value;

/// People without an end. No document of a holder comes twice, whatever its punctuation.
pub(crate) struct People {
    dice: Dice,
    countries: Vec<Country>,
    taken: Taken,
}

/// A holder to be created and the accounts to be linked to it.
pub(crate) struct Person {
    /// A `CreateHolderInput`.
    pub(crate) holder: Value,
    /// Each an `OnboardAliasAccountInput` that lacks `ledgerId` and `accountId`.
    pub(crate) alias_accounts: Vec<Value>,
}

impl People {
    /// The people of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), countries: countries::all(), taken: Taken::default() }
    }
}

impl Iterator for People {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        let country = self.dice.weighed(&self.countries, |country| country.weight)?;
        let holder = Holder::new(&mut self.dice, &mut self.taken, country);
        let alias_accounts = alias_accounts::alias_accounts(&mut self.dice, &holder);
        Some(Person { holder: holder.input, alias_accounts })
    }
}
