//! Numbers that look random and are the same each time: what went wrong with a seed goes wrong with it again.

use std::hash::BuildHasher;

/// SplitMix64.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    /// Other numbers each time, or those of `TEST_SEED`; the seed is printed.
    pub(crate) fn fresh() -> Self {
        let given = std::env::var("TEST_SEED").ok().map(|text| text.parse().unwrap());
        let seed = given.unwrap_or_else(|| std::collections::hash_map::RandomState::new().hash_one(0));
        eprintln!("TEST_SEED={seed}");
        Self(seed)
    }

    /// Numbers of their own.
    pub(crate) fn split(&mut self) -> Self {
        Self(u64::try_from(self.below(usize::MAX)).unwrap())
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    /// One of these; `None` where there are none.
    pub(crate) fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }

    /// Puts them into another order.
    pub(crate) fn shuffle<T>(&mut self, of: &mut [T]) {
        for last in (1..of.len()).rev() {
            let other = self.below(last + 1);
            of.swap(last, other);
        }
    }
}
