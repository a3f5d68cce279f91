//! Where new ids and times come from: one clock, so that creation order is id order (rule 15).

use crate::domain::time::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{ContextV7, Uuid};

/// Tells the time; tests set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Makes ids and times.
pub struct Mint {
    clock: Clock,
    sequence: Mutex<ContextV7>,
}

impl Mint {
    /// A mint that goes by this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, sequence: Mutex::new(ContextV7::new()) }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The present instant, or `earlier` where the clock was set back meanwhile: changes of one record never go back
    /// in time.
    pub fn now_after(&self, earlier: Timestamp) -> Timestamp {
        self.now().max(earlier)
    }

    /// A new UUIDv7 and the instant in it. Ids of one process rise, also within a millisecond.
    pub fn id(&self) -> (Uuid, Timestamp) {
        let now = self.now().0.max(0).unsigned_abs();
        let nanoseconds = u32::try_from(now % 1_000).unwrap_or(0).saturating_mul(1_000_000);
        let sequence = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(&*sequence, now / 1_000, nanoseconds));
        let milliseconds = id.get_timestamp().map_or(now, |stamp| {
            let (seconds, nanoseconds) = stamp.to_unix();
            seconds.saturating_mul(1_000).saturating_add(u64::from(nanoseconds / 1_000_000))
        });
        (id, Timestamp(i64::try_from(milliseconds).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_in_the_order_in_which_they_are_made_and_carry_their_time() {
        let mint = Mint::new(Arc::new(|| Timestamp(1_763_925_185_042)));
        let made: Vec<(Uuid, Timestamp)> = (0..10_000).map(|_| mint.id()).collect();
        assert!(made.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        assert_eq!(made[0].1, Timestamp(1_763_925_185_042));
        assert_eq!(made[0].0.get_version_num(), 7);
    }
}
