//! Chance that falls the same way for ever: ChaCha8 by its name, and no distribution of a library in between, for
//! those may change with a release.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Words to pick from, written as one text with commas.
pub(super) struct Words(Vec<&'static str>);

impl Words {
    /// The words of a text.
    pub(super) fn of(text: &'static str) -> Self {
        Self(text.split(',').map(str::trim).collect())
    }
}

/// The only source of chance.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice that fall as this seed says.
    pub(super) fn new(seed: u64) -> Self {
        let mut key = [0; 32];
        for (byte, of_seed) in key.iter_mut().zip(seed.to_le_bytes()) {
            *byte = of_seed;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `end`; 0 where that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let scaled = u128::from(self.0.next_u64()) * u128::from(end);
        // The upper half of the product: always below `end`.
        u64::try_from(scaled >> 64).unwrap_or_default()
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last + 1 - first)
    }

    /// True so many times out of a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(super) fn one_of<T: Copy + Default>(&mut self, all: &[T]) -> T {
        let at = self.below(u64::try_from(all.len()).unwrap_or_default());
        usize::try_from(at).ok().and_then(|at| all.get(at)).copied().unwrap_or_default()
    }

    /// One of these words.
    pub(super) fn word(&mut self, words: &Words) -> &'static str {
        self.one_of(&words.0)
    }

    /// One of these, each as often as its weight says; the first where all weigh nothing.
    pub(super) fn weighed<'a, T>(&mut self, all: &'a [T], weight: impl Fn(&T) -> u64) -> Option<&'a T> {
        let mut rest = self.below(all.iter().map(&weight).sum());
        let hit = all.iter().find(|one| {
            let hit = rest < weight(one);
            rest = rest.saturating_sub(weight(one));
            hit
        });
        hit.or(all.first())
    }

    /// The pattern with a digit for each `#`, one that is not 0 for `%`, and a capital of the Latin alphabet for `@`.
    pub(super) fn fill(&mut self, pattern: &str) -> String {
        pattern.chars().map(|mark| self.mark(mark)).collect()
    }

    /// A character of this alphabet.
    pub(super) fn character(&mut self, alphabet: &str) -> char {
        let length = alphabet.chars().count();
        let at = self.below(u64::try_from(length).unwrap_or_default());
        alphabet.chars().nth(usize::try_from(at).unwrap_or_default()).unwrap_or('0')
    }

    fn mark(&mut self, mark: char) -> char {
        match mark {
            '#' => self.digit(0),
            '%' => self.digit(1),
            '@' => self.character("ABCDEFGHJKLMNPQRSTUVWXYZ"),
            plain => plain,
        }
    }

    fn digit(&mut self, first: u64) -> char {
        u32::try_from(self.between(first, 9))
            .ok()
            .and_then(|digit| char::from_digit(digit, 10))
            .unwrap_or('0')
    }
}
