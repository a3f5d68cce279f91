//! How many look-ups have missed within the last minute.

use std::time::Duration;

/// A miss counts for a minute, and for the rest of the second in which that ends.
const CELLS: u64 = 61;

/// Misses by the second in which they came. It takes the same memory however many there are.
pub(super) struct Window {
    cells: [u32; CELLS as usize],
    /// The newest second that it has seen.
    newest: u64,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { cells: [0; CELLS as usize], newest: 0 }
    }

    /// How many have missed within the minute before this time, which is counted from the same beginning as all others.
    pub(super) fn misses(&mut self, now: Duration) -> u32 {
        self.forget(now.as_secs());
        self.cells.iter().fold(0, |all, cell| all.saturating_add(*cell))
    }

    /// One more has missed.
    pub(super) fn add(&mut self, now: Duration) {
        self.forget(now.as_secs());
        if let Some(cell) = self.cell(self.newest) {
            *cell = cell.saturating_add(1);
        }
    }

    /// After so many whole seconds the oldest of them counts no more; at least one.
    pub(super) fn eases_in(&mut self, now: Duration) -> u64 {
        self.forget(now.as_secs());
        let from = self.newest.saturating_sub(CELLS - 1);
        let oldest = (from..=self.newest).find(|second| self.cell(*second).is_some_and(|cell| *cell > 0));
        let end = Duration::from_secs(oldest.unwrap_or(self.newest) + CELLS);
        let rest = end.saturating_sub(now);
        (rest.as_secs() + u64::from(rest.subsec_nanos() > 0)).max(1)
    }

    /// Empties the cells that begin anew.
    fn forget(&mut self, second: u64) {
        for passed in 1..=second.saturating_sub(self.newest).min(CELLS) {
            if let Some(cell) = self.cell(self.newest + passed) {
                *cell = 0;
            }
        }
        self.newest = self.newest.max(second);
    }

    fn cell(&mut self, second: u64) -> Option<&mut u32> {
        self.cells.get_mut((second % CELLS) as usize)
    }
}
