//! Counting what happened in the last seconds, in memory that does not grow.

use tokio::time::Instant;

/// How far back is counted.
const SPAN: usize = 10;

/// Two kinds of events, each counted by the second in which it happened: those of the second that is under way and of
/// the ten before it, so that ten seconds are always covered whole.
pub(super) struct Seconds {
    began: Instant,
    slots: [Slot; SPAN + 1],
}

/// The events of one second, which is told by its number since the beginning.
#[derive(Clone, Copy, Default)]
struct Slot {
    second: u64,
    counts: [u64; 2],
}

impl Seconds {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), slots: [Slot::default(); SPAN + 1] }
    }

    /// One more event of the first (0) or of the second kind (1).
    pub(super) fn add(&mut self, kind: usize) {
        let second = self.now();
        let place = usize::try_from(second).unwrap_or_default() % self.slots.len();
        if let Some(slot) = self.slots.get_mut(place) {
            if slot.second != second {
                *slot = Slot { second, counts: [0; 2] };
            }
            if let Some(count) = slot.counts.get_mut(kind) {
                *count += 1;
            }
        }
    }

    /// How many there were of each kind, going so many seconds back from the one that is under way: at most 10.
    pub(super) fn counts(&self, back: u64) -> [u64; 2] {
        let now = self.now();
        let recent = self.slots.iter().filter(|slot| slot.second <= now && now - slot.second <= back);
        recent.fold([0; 2], |[a, b], slot| [a + slot.counts[0], b + slot.counts[1]])
    }

    fn now(&self) -> u64 {
        // Not 0, so that a slot that was never used is of no second that counts.
        Instant::now().saturating_duration_since(self.began).as_secs() + 1 + SPAN as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn what_is_older_than_was_asked_for_does_not_count() {
        let mut seconds = Seconds::new();
        assert_eq!(seconds.counts(10), [0, 0]);
        for _ in 0..30 {
            seconds.add(0);
            seconds.add(1);
            seconds.add(1);
            advance(Duration::from_secs(1)).await;
        }
        // The second under way is the 31st, and empty.
        assert_eq!(seconds.counts(0), [0, 0]);
        assert_eq!(seconds.counts(3), [3, 6]);
        assert_eq!(seconds.counts(10), [10, 20]);
        advance(Duration::from_secs(7)).await;
        assert_eq!(seconds.counts(10), [3, 6]);
        advance(Duration::from_secs(3600)).await;
        assert_eq!(seconds.counts(10), [0, 0]);
    }
}
